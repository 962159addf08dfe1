import 'server-only';
import { isLoopbackHost, isWildcardHost } from '@/lib/core/security/addresses.ts';
import type { AuthService } from './auth/index.ts';
import type { Config, Goal } from './config/types.ts';
import { type DemoFolder, openDemoFolder } from './demo-folder.ts';
import { DEMO_APP, type DemoLink, startDemoFleet } from './demo-link.ts';
import { distFile } from './dist-file.ts';

/** The fleet sends its summaries as anybody would; where a login is asked for, with a token of its own. */
export async function tellOfDemo(
  link: DemoLink,
  { bind, publicUrl }: Config,
  auth: AuthService,
): Promise<void> {
  const host = isWildcardHost(bind.host) ? '127.0.0.1' : bind.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bind.port}`;
  const isOpen =
    !auth.passwordSet &&
    isLoopbackHost(bind.host) &&
    (publicUrl === null || isLoopbackHost(publicUrl.hostname));
  const token = isOpen ? null : (await auth.tokens.create({ name: 'demo fleet', scopes: ['deploy'] })).token;
  link.tellDeploys({ url, token });
}

export interface Demo {
  link: DemoLink;
  folder: DemoFolder;
  config: Pick<Config, 'targets' | 'goals' | 'dataDir'>;
  close: () => Promise<void>;
}

/** The demo keeps its data in a folder of its own that goes with a clean end: a demo must never mix with real data. */
export async function openDemo(dataDir: string, nowMs: number): Promise<Demo> {
  const folder = await openDemoFolder(dataDir, nowMs);
  try {
    const link = await startDemoFleet(distFile('demo-fleet.mjs'), folder.beganMs);
    const close = async (): Promise<void> => {
      link.stop();
      await folder.remove();
    };
    const config = { targets: link.targets, goals: demoGoals(), dataDir: folder.dir };
    return { link, folder, config, close };
  } catch (error) {
    if (folder.isNew) await folder.remove();
    throw error;
  }
}

function demoGoals(): Goal[] {
  const scope = { app: DEMO_APP, environment: 'production' };
  return [
    {
      ...scope,
      metric: 'redis_commands_total',
      labels: { cmd: 'get' },
      direction: 'atMost',
      perSecond: 36_700 / 3600,
      text: '36.7K/h',
    },
    {
      ...scope,
      metric: 'db_queries_total',
      labels: {},
      direction: 'atMost',
      perSecond: 2_120 / 3600,
      text: '2.12K/h',
    },
  ];
}

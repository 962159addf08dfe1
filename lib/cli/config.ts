import { targetId } from '@/lib/core/model/target.ts';
import { readTextFile } from '@/lib/server/config/environment.ts';
import { describeFaults } from '@/lib/server/config/faults.ts';
import { loadConfig } from '@/lib/server/config/load-config.ts';
import { type Config, ConfigError } from '@/lib/server/config/types.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch config [--json]

Reads the configuration and prints what it means, without any secret. Contacts nothing.

exit codes
  0  it is sound (warnings may be printed)
  2  it has faults; all are listed on stderr
  3  wrong usage`;

export const config: Command = { help: HELP, run: runConfig };

async function runConfig({ json }: { json: boolean }, io: CommandIo): Promise<ExitCode> {
  try {
    const view = viewOf(loadConfig({ env: io.env, cwd: io.cwd, readFile: readTextFile }));
    if (json) io.out(JSON.stringify(view));
    else for (const line of viewLines(view)) io.out(line);
    return EXIT.fine;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of describeFaults(error.faults).split('\n')) io.err(plainText(line));
    return EXIT.badConfig;
  }
}

/** The configuration without what is secret. */
function viewOf({ mode, bind, publicUrl, dataDir, retention, targets, goals, warnings, ...rest }: Config) {
  return {
    mode,
    bind,
    publicUrl: publicUrl?.origin ?? null,
    protected: { password: rest.password !== null, token: rest.token !== null },
    dataDir,
    retention,
    targets: targets.map((target) => ({ id: targetId(target), address: target.address })),
    goals,
    notify: {
      receivers: rest.notify.receivers.map(({ name, kind, address }) => ({ name, kind, address })),
      heartbeat: rest.notify.heartbeat?.address ?? null,
    },
    warnings,
  };
}

function viewLines(view: ReturnType<typeof viewOf>): string[] {
  const { mode, bind, retention, targets, goals } = view;
  const yesNo = (is: boolean) => (is ? 'set' : 'not set');
  const facts = [
    ['mode', mode === 'demo' ? 'demo: nothing is configured' : 'configured'],
    ['listens on', `${bind.host}:${bind.port}`],
    ['public URL', view.publicUrl ?? 'none'],
    ['password', yesNo(view.protected.password)],
    ['token', yesNo(view.protected.token)],
    ['data folder', view.dataDir],
    [
      'keeps',
      `samples ${retention.samplesDays} d, blocks ${retention.blocksDays} d, hourly ${retention.hourlyDays} d`,
    ],
    ...targets.map(({ id, address }) => ['target', `${id} at ${address}`]),
    ...goals.map(({ metric, direction, text }) => ['goal', `${metric} ${direction} ${text}`]),
    ...view.notify.receivers.map(({ name, kind, address }) => [
      'tells',
      name === kind ? `${kind} at ${address}` : `${name} (${kind}) at ${address}`,
    ]),
    ...(view.notify.heartbeat === null ? [] : [['heartbeat', `to ${view.notify.heartbeat}`]]),
    ...view.warnings.map((warning) => ['warning', warning]),
  ];
  return alignColumns(facts).map(plainText);
}

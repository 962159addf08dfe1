import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { startServer } from '../../e2e/fixtures/server.ts';
import { startPrometheus, startVictoriaMetrics } from '../../test/peers.ts';
import { everyTenth } from '../lib/progress.ts';
import { bytesUnder, startEngine, type Weight } from '../store/engines.ts';
import { HostProcess } from '../store/host-process.ts';
import { shapeOf } from '../store/measure-store.ts';
import { endOf, type SetShape, samplesOf, targetsOf } from '../store/synthetic.ts';
import { type Asked, askProduct, askPrometheus, askStore, askVictoria } from './askers.ts';
import { type Answers, measureAsking, measureIdle } from './asking.ts';
import type { PeersOptions } from './options.ts';
import { childWith, residentMbOf } from './process-tree.ts';
import type { Rival } from './watching.ts';
import { importToVictoria, makeBlocks, writeOpenMetrics } from './write-sets.ts';

/** What holding the same samples, and answering from them, costs. */
export interface Holding {
  samples: number;
  /** Of what is packed: without write-ahead logs and the room that ours leaves. */
  bytes: Record<Rival, number>;
  weight: Weight;
  answers: Answers;
  /** The least that each answers over HTTP, p50 in ms. */
  idleMs: Partial<Record<Asked, number>>;
  /** The newest of all series in the process itself, without HTTP; p50 in ms. */
  latestMs: number;
  /** After the questions. Ours: the process of the store, then the whole product. */
  rssMb: Record<Rival, number> & { store: number };
  /** Each engine's own words. */
  versions: Record<'prometheus' | 'victoria', string>;
}

const SETTLED_MS = 10 * HOUR_MS;

/** Ends a little before now: VictoriaMetrics keeps no far past, and ours must not be asked for the future. */
function shapeBefore(samples: number, nowMs: number): SetShape {
  const { ticks, intervalMs } = shapeOf(samples, 0);
  const hours = Math.ceil((ticks * intervalMs) / HOUR_MS);
  return shapeOf(samples, (Math.floor(nowMs / HOUR_MS) - hours) * HOUR_MS);
}

/** Brings the same set into all three, weighs it, and asks. */
export async function measureHolding(
  options: PeersOptions,
  hostFile: string,
  log: (text: string) => void,
): Promise<Holding> {
  const shape = shapeBefore(options.samples, Date.now());
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-bench-set-'));
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const share = (what: string) => everyTenth((percent) => log(`${what}, ${percent} %`));
  try {
    const engine = await startEngine('sqlite');
    closers.unshift(() => engine.stop());
    if (engine.place.engine !== 'sqlite') throw new Error('bench: the set of ours lies in a folder');
    const { dir } = engine.place;
    const writer = new HostProcess(hostFile);
    closers.unshift(() => writer.stop());
    await writer.call('fill', { place: engine.place, shape }, share('holding: written to our store'));
    await writer.call('pack', { atMs: endOf(shape) + SETTLED_MS });
    await writer.call('close', {});
    await writer.stop();
    const weight = engine.weigh();
    const productDir = join(folder, 'product');
    cpSync(dir, productDir, { recursive: true });

    const text = join(folder, 'set.txt');
    log('holding: writing the set as text for Prometheus');
    writeOpenMetrics(text, shape, share('holding: text for Prometheus'));
    log('holding: promtool makes blocks of it');
    const blocks = join(folder, 'prometheus');
    await makeBlocks(text, blocks);
    rmSync(text);
    const prometheusBytes = bytesUnder(blocks);
    const prometheus = await startPrometheus({ jobs: {}, scrapeSeconds: 60, dataFolder: blocks });
    closers.unshift(() => prometheus.stop());

    const victoriaFolder = join(folder, 'victoria');
    const victoria = await startVictoriaMetrics({ scrapeSeconds: 60, dataFolder: victoriaFolder });
    closers.unshift(() => victoria.stop());
    await importToVictoria(victoria.url, shape, share('holding: sent to VictoriaMetrics'));
    // Its cache is no data; it is written when it stops.
    const victoriaBytes = ['data', 'indexdb'].reduce(
      (sum, name) => sum + bytesUnder(join(victoriaFolder, name)),
      0,
    );

    const host = new HostProcess(hostFile);
    closers.unshift(() => host.stop());
    const opening = { place: engine.place, atMs: endOf(shape), visitsFromMs: endOf(shape) };
    await host.call('open', opening);
    const port = await host.call('serve', {});
    const server = await startServer(
      { AFTERWATCH_CONFIG: await writeConfig(folder, shape) },
      { dataDir: productDir },
    );
    closers.unshift(async () => void (await server.stop()));
    process.once('exit', () => void server.kill());

    const askers = [
      askStore(port),
      askProduct(server.baseUrl),
      askPrometheus(prometheus.url),
      askVictoria(victoria.url),
    ];
    const answers = await measureAsking(askers, shape, options, log);
    const idleMs = await measureIdle(askers, options);
    const range = { startMs: shape.startMs, endMs: endOf(shape) };
    const rssMb = {
      ours: residentMbOf([server.pid]),
      store: residentMbOf([host.pid]),
      prometheus: residentMbOf([childWith(`127.0.0.1:${prometheus.port}`)]),
      victoria: residentMbOf([childWith(`127.0.0.1:${victoria.port}`)]),
    };
    const { times } = await host.call('answer', { range, repeats: options.repeats });
    await host.call('close', {});
    return {
      samples: samplesOf(shape),
      bytes: { ours: weight.compact, prometheus: prometheusBytes, victoria: victoriaBytes },
      ...{ weight, answers, idleMs, rssMb },
      latestMs: times.q3.p50,
      versions: {
        prometheus: versionOf('prometheus'),
        victoria: versionOf('victoria-metrics'),
      },
    };
  } finally {
    for (const close of closers) await close();
  }
}

/** The targets of the set, where nobody answers: they are visited once, and what they told before is what is asked for. */
async function writeConfig(folder: string, shape: SetShape): Promise<string> {
  const file = join(folder, 'afterwatch.yml');
  const machines = targetsOf(shape)
    .filter((id) => id.startsWith('bench/production/app/'))
    .map((id) => id.split('/').at(-1) ?? id);
  const lines = [
    'app: bench',
    'sources:',
    '  - {kind: redis, name: main, url: "redis://127.0.0.1:1", interval: 1d, timeout: 1s}',
    '  - kind: app',
    '    name: web',
    '    interval: 1d',
    '    timeout: 1s',
    '    machines:',
    ...machines.map((name) => `      - {name: ${name}, url: "http://127.0.0.1:1/${name}/metrics"}`),
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** As Debian names it: what the program itself tells is empty in some builds. */
function versionOf(name: string): string {
  const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return /^Version: (\S+)$/m.exec(stdout ?? '')?.[1] ?? 'of unknown version';
}

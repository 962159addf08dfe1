import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openHttpReceiver } from './http-receiver.ts';

export interface KillResult {
  alerts: number;
  /** Times at which the process was ended without warning. */
  kills: number;
  /** Alerts that never arrived. */
  lost: number;
  /** Messages that arrived more than once, each time counted. */
  duplicates: number;
  /** Alerts that arrived under more than one id. */
  differentIds: number;
  /** The most that one kill brought. */
  duplicatesAtWorst: number;
  tookMs: number;
}

/** Arrivals with the text of a `webhook-id` header and the incidents that each tells of. */
interface Arrival {
  id: string;
  incidents: readonly string[];
}

/**
 * Has alerts fire and be delivered by a process that is killed again and again in the middle of it, on a real store, to a
 * receiver on this machine. For a test and for the bench.
 */
export async function killRun({ alerts, kills }: { alerts: number; kills: number }): Promise<KillResult> {
  const began = performance.now();
  const root = mkdtempSync(join(tmpdir(), 'afterwatch-kill-'));
  const childPath = join(root, 'child.mjs');
  const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
  await build({
    entryPoints: ['test/receivers/kill-child.ts'],
    outfile: childPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { 'server-only': './test/empty.ts' },
    // Packages that are not modules ask for `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const receiver = await openHttpReceiver();
  const worst: number[] = [];
  try {
    for (let kill = 0; kill <= kills; kill += 1) {
      const before = countDuplicates(arrivalsOf(receiver.taken()));
      const child = spawn(
        process.execPath,
        [childPath, join(root, 'data'), workerPath, receiver.origin, String(alerts)],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let complaint = '';
      child.stderr.on('data', (part) => {
        complaint += String(part);
      });
      const ended = once(child, 'exit');
      if (kill < kills) {
        const wanted = Math.round(((kill + 1) * alerts) / (kills + 1));
        while (receiver.taken().length < wanted && child.exitCode === null) await pause(1);
        // Somewhere inside the next taking or delivery; where exactly must not matter.
        await pause((kill * 7) % 11);
        child.kill('SIGKILL');
      }
      const [code] = await ended;
      if (kill === kills && code !== 0) throw new Error(`the last process failed: ${complaint}`);
      if (kill < kills && code !== null) throw new Error(`a process ended by itself: ${complaint}`);
      worst.push(countDuplicates(arrivalsOf(receiver.taken())) - before);
    }
    const arrivals = arrivalsOf(receiver.taken());
    const ids = new Map<string, Set<string>>();
    for (const { id, incidents } of arrivals)
      for (const incident of incidents) ids.set(incident, (ids.get(incident) ?? new Set()).add(id));
    return {
      alerts,
      kills,
      lost: alerts - ids.size,
      duplicates: countDuplicates(arrivals),
      differentIds: [...ids.values()].filter((all) => all.size > 1).length,
      duplicatesAtWorst: Math.max(...worst),
      tookMs: performance.now() - began,
    };
  } finally {
    await receiver.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function arrivalsOf(taken: readonly { headers: Record<string, unknown>; json: unknown }[]): Arrival[] {
  return taken.map(({ headers, json }) => {
    const { data } = json as { data: { incident?: string; items?: readonly { incident: string }[] } };
    const incidents =
      data.items?.map(({ incident }) => incident) ?? (data.incident === undefined ? [] : [data.incident]);
    return { id: String(headers['webhook-id']), incidents };
  });
}

function countDuplicates(arrivals: readonly Arrival[]): number {
  return arrivals.length - new Set(arrivals.map(({ id }) => id)).size;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

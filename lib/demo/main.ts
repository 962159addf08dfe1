import { startFleet } from './fleet.ts';

/** Any fixed number: the same demo for everybody. */
const DEMO_SEED = 1_206;

/**
 * The demo fleet as a process of its own. It tells its addresses to its parent, takes `{type: 'clock', atMs}` from it
 * and ends with it. Without an IPC channel the addresses are one JSON line on stdout.
 */
async function main(): Promise<void> {
  const fleet = await startFleet({ seed: DEMO_SEED, startMs: Date.now() });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void fleet.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  // One order after the other: each is acknowledged when every server lives in its time.
  let last = Promise.resolve();
  process.on('message', (message) => {
    const atMs = clockOrder(message);
    if (atMs === undefined) return;
    last = last.then(async () => {
      // A machine that could not come back is a machine that is down: the demo goes on without it.
      await fleet.setClock(atMs).catch((error: unknown) => complain(error));
      tell({ type: 'clock', atMs });
    });
  });

  const { redisUrl, postgresUrl, machines } = fleet;
  tell({ type: 'ready', redisUrl, postgresUrl, machines });
}

function tell(message: object): void {
  // A parent that is going away takes its channel with it; then there is nobody to tell.
  if (process.send !== undefined) process.send(message, undefined, {}, () => {});
  else process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** The time that a clock message asks for; undefined when it is no such message. */
function clockOrder(message: unknown): number | null | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, atMs } = message as { type?: unknown; atMs?: unknown };
  if (type !== 'clock') return undefined;
  if (atMs === null) return null;
  return typeof atMs === 'number' && Number.isFinite(atMs) ? atMs : undefined;
}

function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.startsWith('demo fleet: ') ? '' : 'demo fleet: '}${text}\n`);
}

main().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});

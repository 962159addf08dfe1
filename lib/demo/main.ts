import { DEMO_FAULT_IDS, type DemoFaultId } from '../core/model/demo-fault.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { demoSummaries } from './summaries.ts';
import { type Afterwatch, tellDeploys } from './tell-deploys.ts';

/** Any fixed number: the same demo for everybody. */
const DEMO_SEED = 1_206;

/**
 * The demo fleet as a process of its own. It tells its addresses to its parent, takes orders from it (its
 * clock, what to break, and whom to tell of its deploys) and ends with it. Without an IPC channel the addresses are one JSON line on stdout.
 */
async function main(): Promise<void> {
  const startMs = readBegan(process.argv[2]);
  const fleet = await startFleet({ seed: DEMO_SEED, startMs });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void fleet.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  // One order after the other: each is acknowledged when every server lives by it.
  let last = Promise.resolve();
  process.on('message', (message) => {
    const order = readOrder(message);
    if (order?.type === 'deploys') {
      void tellDeploys(order.to, demoSummaries(startMs)).catch((error: unknown) => complain(error));
    } else if (order !== null) last = last.then(() => obey(fleet, order));
  });

  tell({ type: 'ready', ...fleet.addresses });
}

/** When the world began: as the parent says, or now. */
function readBegan(text: string | undefined): number {
  const beganMs = Number(text ?? Number.NaN);
  return Number.isSafeInteger(beganMs) && beganMs > 0 ? beganMs : Date.now();
}

type Order = { type: 'deploys'; to: Afterwatch } | FleetOrder;
type FleetOrder =
  | { type: 'clock'; atMs: number | null }
  | { type: 'fault'; id: DemoFaultId; on: boolean }
  | { type: 'faults' };

async function obey(fleet: Fleet, order: FleetOrder): Promise<void> {
  // A machine that could not come back is a machine that is down: the demo goes on without it.
  switch (order.type) {
    case 'clock':
      await fleet.setClock(order.atMs).catch((error: unknown) => complain(error));
      tell(order);
      return;
    case 'fault':
      await fleet.setFault(order.id, order.on).catch((error: unknown) => complain(error));
      tell({ type: 'faults', running: fleet.runningFaults() });
      return;
    case 'faults':
      tell({ type: 'faults', running: fleet.runningFaults() });
      return;
    default:
      order satisfies never;
  }
}

/** What a message asks for; null when it is no order. */
function readOrder(message: unknown): Order | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, atMs, id, on, url, token } = message as Record<string, unknown>;
  switch (type) {
    case 'clock':
      return atMs === null || (typeof atMs === 'number' && Number.isFinite(atMs)) ? { type, atMs } : null;
    case 'fault': {
      const known = DEMO_FAULT_IDS.find((one) => one === id);
      return known !== undefined && typeof on === 'boolean' ? { type, id: known, on } : null;
    }
    case 'faults':
      return { type };
    case 'deploys': {
      const isFit = typeof url === 'string' && (token === null || typeof token === 'string');
      return isFit ? { type, to: { url, token } } : null;
    }
    default:
      return null;
  }
}

function tell(message: object): void {
  // A parent that is going away takes its channel with it; then there is nobody to tell.
  if (process.send !== undefined) process.send(message, undefined, {}, () => {});
  else process.stdout.write(`${JSON.stringify(message)}\n`);
}

function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.startsWith('demo fleet: ') ? '' : 'demo fleet: '}${text}\n`);
}

main().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});

import 'server-only';
import { type Scope, scopesOf } from '@/lib/core/model/target.ts';
import type { MachineView, ModeView } from '@/lib/core/model/view.ts';
import { evidenceText, fleetMode } from '@/lib/core/modes/fleet-mode.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { readModeEvidence } from '../engine/mode-evidence.ts';
import type { ModeNow } from '../engine/modes.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';

/** The mode now; null when the scope has neither a Redis nor a machine that tells. Of several scopes, the first in trouble. */
export async function readMode(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): Promise<ModeView | null> {
  const views: ModeView[] = [];
  for (const scope of scopesOf(statuses.map(({ target }) => target))) {
    const own = statuses.filter(({ target }) => isIn(target, scope));
    const known = runtime.modes?.current(scope) ?? null;
    const view = known === null ? await lookOnce(runtime, own, nowMs) : toView(known);
    const couldTell = own.some(({ target }) => target.kind === 'redis') || view.mode !== 'unknown';
    if (couldTell) views.push(view);
  }
  return views.find(({ mode }) => mode !== 'active') ?? views[0] ?? null;
}

/** What a machine tells of its own Redis mode; null when it never told. While it is silent its mode is not known. */
export function machineMode(runtime: Runtime, scope: Scope, name: string): MachineView['mode'] {
  const track = runtime.modes?.current(scope)?.machines.get(name);
  if (track === undefined) return null;
  const { mode, sinceMs, unknownSinceMs } = track;
  if (unknownSinceMs !== null) return { mode: 'unknown', sinceMs: unknownSinceMs };
  return mode === 'unknown' ? null : { mode, sinceMs };
}

/** A use of Redis of which no sign was seen for so long is not called one any more. */
const NO_SIGN_MS = 15 * MINUTE_MS;

/** A known mode that nothing tells any more is the last one known: inferred, and the evidence says so. */
function toView({ asOfMs, mode, quality, evidence, sinceMs, unknownSinceMs, unknown }: ModeNow): ModeView {
  if (unknownSinceMs === null || unknown === null) return { mode, quality, evidence, sinceMs };
  const text = `nothing tells since ${formatClock(unknownSinceMs)} (${unknown.why}); last known: ${evidence}`;
  const isOver = mode === 'active' && unknown.isContrary && asOfMs - unknownSinceMs >= NO_SIGN_MS;
  return isOver
    ? { mode: 'unknown', quality: 'inferred', evidence: text, sinceMs: unknownSinceMs }
    : { mode, quality: 'inferred', evidence: text, sinceMs };
}

/** Before the first tick there is no history, so no "since". */
async function lookOnce(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): Promise<ModeView> {
  const look = { store: runtime.store, statuses, nowMs, changedMs: null, greenLiars: new Set<string>() };
  const seen = fleetMode(await readModeEvidence(look));
  return { mode: seen.mode, quality: seen.quality, evidence: evidenceText(seen), sinceMs: null };
}

function isIn(target: TargetStatus['target'], { app, environment }: Scope): boolean {
  return target.app === app && target.environment === environment;
}

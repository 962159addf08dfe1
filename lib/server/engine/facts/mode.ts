import 'server-only';
import type { ModeFact } from '@/lib/core/alerts/facts.ts';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import type { MachineEvidence } from '@/lib/core/modes/evidence.ts';
import { type FleetMode, fleetMode } from '@/lib/core/modes/fleet-mode.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { serverMode } from '@/lib/core/modes/server-mode.ts';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { ModeNow } from '../modes.ts';
import type { FactQuestion, FactReader } from './fact-reader.ts';
import { type PastWords, readPastWords } from './past-words.ts';

/** What is inferred or refused counts at the second look that sees it, and is written down with the time of the first. */
const LOOK_MS = 15 * SECOND_MS;
/** Modes that machines tell by their own word; where it is measured, they count at once. */
const OWN_WORD_MODES: ReadonlySet<RedisMode> = new Set(['active', 'suspended_by_us', 'mixed']);

/**
 * The Redis mode of the scope. Of the past it is told from the changes that were written down and from what visits and
 * machines’ own words are stored; before the first change from those words alone. Null where nothing could tell a mode.
 */
export const readModeFacts: FactReader<ModeFact | null> = async (question) => {
  const { modes } = question.deps;
  if (modes === undefined) return () => null;
  if (!question.isPast) {
    const now = modes.current(question.scope);
    const fact = now === null ? null : ofNow(now, historyUpTo(question, question.times.endMs));
    return () => fact;
  }
  const words = await readPastWords(question);
  const changes = historyUpTo(question, question.times.endMs);
  const stretches = changes.map((change, i) => ({
    change,
    fromMs: knownMs(change, changes[i - 1]),
    sinceMs: seenSinceMs(changes.slice(0, i + 1), change.mode),
  }));
  const saidBy = rememberSaid();
  return (atMs) => {
    const told = words(atMs);
    const inForce = stretches.findLast(({ fromMs }) => fromMs <= atMs) ?? null;
    return ofPast(inForce, told, saidBy(told));
  };
};

function historyUpTo({ deps, scope }: FactQuestion, endMs: number): readonly ModeChange[] {
  return deps.modes?.history(scope, { startMs: 0, endMs: endMs + 1 }) ?? [];
}

function ofNow(now: ModeNow, changes: readonly ModeChange[]): ModeFact {
  const machines = [...now.machines];
  return {
    // The last known mode is no evidence of what holds now.
    mode: now.unknownSinceMs === null ? now.mode : 'unknown',
    sinceMs: now.sinceMs ?? seenSinceMs(changes, now.mode),
    evidence: now.evidence,
    machines: machines.map(([name, { mode, unknownSinceMs }]) => ({
      name,
      mode: unknownSinceMs === null ? mode : ('unknown' as const),
    })),
    askedInVain: now.askedInVain,
    isPartial: machines.some(([, { unknownSinceMs }]) => unknownSinceMs !== null),
  };
}

/** A mode that held at our first look has lasted at least since then. */
function seenSinceMs(changes: readonly ModeChange[], mode: RedisMode): number | null {
  const before = changes.findLastIndex((change) => change.mode !== mode);
  return changes[before + 1]?.atMs ?? null;
}

/** When a change began to count. */
function knownMs({ atMs, mode, quality }: ModeChange, before: ModeChange | undefined): number {
  const isOwnWord = quality === 'measured' && OWN_WORD_MODES.has(mode);
  return isOwnWord || before === undefined || before.mode === mode ? atMs : atMs + LOOK_MS;
}

/** A change from when on it counted, and since when its mode had held by then. */
interface Stretch {
  change: ModeChange;
  fromMs: number;
  sinceMs: number | null;
}

/** What these words come to; most times say the same as the one before. */
function rememberSaid(): (words: PastWords) => FleetMode {
  let last: { key: string; said: FleetMode } | null = null;
  return ({ redis, machines }) => {
    const key = JSON.stringify([redis, machines]);
    if (last?.key !== key) last = { key, said: fleetMode({ redis, machines, providers: [] }) };
    return last.said;
  };
}

function ofPast(inForce: Stretch | null, words: PastWords, said: FleetMode): ModeFact | null {
  const common = {
    askedInVain: said.askedInVain,
    isPartial: words.machines.some((machine) => isSilent(machine, words, inForce?.change)),
  };
  if (inForce === null) {
    if (said.mode === 'unknown') return null;
    const machines = [...said.machines].map(([name, { mode }]) => ({ name, mode }));
    // A server that refuses goes before what machines say, and nobody wrote down whether it did.
    const isPartial = common.isPartial || said.mode === 'active';
    return { ...common, mode: said.mode, sinceMs: null, evidence: said.evidence, machines, isPartial };
  }
  const { change, sinceMs } = inForce;
  const machines = words.machines.map((machine) => ({
    name: machine.name,
    mode: modeOf(machine, words, change),
  }));
  const isKnown = machines.some(({ mode }) => mode !== 'unknown') || serverTells(words, change.mode);
  return {
    ...common,
    mode: isKnown ? change.mode : 'unknown',
    sinceMs,
    evidence: change.evidence,
    machines,
  };
}

/** Its own word; else what was inferred of it then, while its source answered. */
function modeOf({ name, suspended }: MachineEvidence, words: PastWords, inForce: ModeChange): RedisMode {
  if (suspended !== null) return suspended ? 'suspended_by_us' : 'active';
  if (!words.answers.has(name)) return 'unknown';
  return inForce.machines[name] ?? 'unknown';
}

/** A machine that told its mode before and tells nothing now. */
function isSilent(
  { name, suspended }: MachineEvidence,
  words: PastWords,
  inForce: ModeChange | undefined,
): boolean {
  if (suspended !== null || words.answers.has(name)) return false;
  return words.hasSpoken.has(name) || (inForce?.machines[name] ?? 'unknown') !== 'unknown';
}

/** Whether the server or its provider could still show `mode` then, by what is stored of the visits to them. */
function serverTells({ redis, hasProvider }: PastWords, mode: RedisMode): boolean {
  if (mode === 'unknown' || mode === 'mixed' || mode === 'suspended_by_us') return false;
  if (hasProvider && mode === 'suspended_by_provider') return true;
  if (redis.length === 0) return false;
  return serverMode(redis, []).mode !== 'unknown' || redis.every(({ state }) => state === 'ok');
}

import { ACT_FIELDS, type Acts, contactsOf, NO_ACTS } from '../budget/acts.ts';
import { costUsd, PRICES } from '../budget/prices.ts';
import type { SourceKind } from '../model/target.ts';
import { formatDuration } from '../units/duration.ts';
import { SOURCE_SPECS } from './index.ts';
import type { Beat, Call, SourceShape } from './source-kind.ts';

const DAY_SECONDS = 86_400;

/** A call that this source really makes. */
export interface PacedCall extends Call {
  /** On a quiet day; null for what is made once. For `at_most` its bound. */
  perDay: number | null;
}

/** The calls of one source at its present pace, in the order of its kind. */
export function callsOf(shape: SourceShape): readonly PacedCall[] {
  return SOURCE_SPECS[shape.kind].calls
    .filter((call) => call.only === undefined || shape.features.includes(call.only))
    .filter((call) => timesOf(call.beat, shape) > 0)
    .map((call) => ({ ...call, beat: beatOf(call, shape), perDay: perDayOf(beatOf(call, shape), shape) }));
}

/** What a quiet day costs: everything but what is made once. An upper bound where a call has one. */
export function dayCostOf(shape: SourceShape): Acts {
  const sum: Acts = { ...NO_ACTS };
  for (const { act, perDay } of callsOf(shape)) sum[ACT_FIELDS[act]] += perDay ?? 0;
  return sum;
}

/** Dollars for these acts where commands are billed; null where nothing is. Connects are billed as commands may be. */
export function usdOf({ features }: SourceShape, acts: Acts): number | null {
  return features.includes('metered') ? costUsd(contactsOf(acts), PRICES.upstash_command) : null;
}

/** A source of a kind as it is without any setting: for kinds that nobody has configured. */
export function usualShape(kind: SourceKind): SourceShape {
  const { usualSeconds, usualFeatures } = SOURCE_SPECS[kind];
  return { kind, intervalSeconds: usualSeconds, features: usualFeatures, queries: 0 };
}

/** How often, in words: `every 15 s`, `every 60 s, 4 times`, `once`, `at most 9 a day`. */
export function beatText(beat: Beat, { intervalSeconds, queries }: SourceShape): string {
  const visits = `every ${formatDuration(intervalSeconds * 1_000)}`;
  switch (beat.kind) {
    case 'visit': {
      const times = beat.times === 'queries' ? queries : (beat.times ?? 1);
      return times === 1 ? visits : `${visits}, ${times} times`;
    }
    case 'every':
      return `every ${formatDuration(Math.max(beat.seconds, intervalSeconds) * 1_000)}`;
    case 'once':
      return 'once, at first contact';
    case 'at_most':
      return `at most ${beat.aDay} a day`;
    default:
      return beat satisfies never;
  }
}

/** `5,760 commands, 1 connect`, without what is 0; `nothing` when all is. Fractions are rounded. */
export function actsText(acts: Acts): string {
  const parts = FIELDS.map(([field, one]) => [Math.round(acts[field]), field, one] as const)
    .filter(([count]) => count > 0)
    .map(([count, many, one]) => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

const FIELDS = [
  ['commands', 'command'],
  ['connects', 'connect'],
  ['queries', 'query'],
  ['requests', 'request'],
] as const;

/** A database that sleeps is left after each visit, so each visit connects anew. */
function beatOf(call: Call, { features }: SourceShape): Beat {
  return call.act === 'connect' && features.includes('sleeps') ? { kind: 'visit' } : call.beat;
}

function timesOf(beat: Beat, { queries }: SourceShape): number {
  if (beat.kind !== 'visit') return 1;
  return beat.times === 'queries' ? queries : (beat.times ?? 1);
}

function perDayOf(beat: Beat, shape: SourceShape): number | null {
  switch (beat.kind) {
    case 'visit':
      return Math.round((DAY_SECONDS / shape.intervalSeconds) * timesOf(beat, shape));
    case 'every':
      return Math.round(DAY_SECONDS / Math.max(beat.seconds, shape.intervalSeconds));
    case 'once':
      return null;
    case 'at_most':
      return beat.aDay;
    default:
      return beat satisfies never;
  }
}

import type { BaselineKind, ClaimVerdict } from '@/lib/core/model/verdict.ts';
import { formatClock, formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { effectText, signedPercent } from '@/lib/core/units/format-claim.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { CLAIM_WORDS } from './watch-words.ts';

/** One thing that a verdict rests on, in words. */
export interface RestsOn {
  name: string;
  text: string;
}

const DAY_WORDS: Record<BaselineKind, (days: string) => string> = {
  measured: (days) => `${days} before the deploy, measured here`,
  backfilled: (days) => `${days} before the deploy, from a provider’s memory: no more than provisional`,
  stated: () => 'nobody measured it before: the summary’s own number, so no more than on track',
  none: () => 'none',
};
/** A shift this small against T₀ is as good as none. */
const AT_ONCE_MS = 60_000;

/** All that the verdict of a claim rests on, in the order in which people ask; what does not apply is left out. */
export function restsOn(verdict: ClaimVerdict, originMs: number, zone: Zone = 'UTC'): readonly RestsOn[] {
  const rows: RestsOn[] = [];
  const tell = (name: string, text: string | null): void => {
    if (text !== null) rows.push({ name, text });
  };
  const clock = (atMs: number) => formatClock(atMs, 'minutes', zone);
  const { blocks, decidedAtMs, decidableByMs, provenShare, probability, burstPct, caps } = verdict;
  tell('Before the guard', heldWords(verdict, zone));
  tell('Compared with', baselineWords(verdict.baseline));
  tell('Blocks used', blocks.of === 0 ? 'none yet' : `${blocks.usable} of ${blocks.of}, 5 min each`);
  tell('Told by', verdict.route === 'counts' ? 'counting single events: they are too rare for a mean' : null);
  tell(
    'Told at',
    decidedAtMs === null ? null : `${clock(decidedAtMs)}, ${formatSinceOrigin(decidedAtMs, originMs)}`,
  );
  tell(
    'Can be told by',
    decidableByMs === null
      ? null
      : `${clock(decidableByMs)}, ${formatSinceOrigin(decidableByMs, originMs)}, if nothing changes`,
  );
  tell('Shows at least', smallestWords(verdict.smallestChangePct));
  tell('By its sums', sumsWords(verdict.sumsPct));
  tell('Per request', verdict.perRequestPct === null ? null : percent(verdict.perRequestPct));
  tell('Began', onsetWords(verdict.onset, originMs, zone));
  tell(
    'Proven',
    provenShare === null ? null : `${Math.floor(provenShare * 100)}${NBSP}% of the promised change`,
  );
  tell(
    'Chance',
    probability === null ? null : `${chanceText(probability)} that it is kept; no rule uses this`,
  );
  tell(
    'Bursts',
    burstPct === null
      ? null
      : `the busiest tenth of the blocks holds ${Math.round(burstPct)}${NBSP}% of all events`,
  );
  tell('Noise', verdict.noisier ? 'more than before the deploy, so the interval is wider' : null);
  tell('Held to provisional', caps.length === 0 ? null : caps.join('; '));
  return rows;
}

/** What stood before a guard froze the claim: `off track since 18:15Z, −0.7 % [−3.1, +1.8], until 20:34Z`. Null where none did. */
export function heldWords({ held }: Pick<ClaimVerdict, 'held'>, zone: Zone = 'UTC'): string | null {
  if (held === null) return null;
  const word = CLAIM_WORDS[held.state].word.toLowerCase();
  const since = held.sinceMs === null ? '' : ` since ${formatClock(held.sinceMs, 'minutes', zone)}`;
  const effect = effectText(held);
  const until = `until ${formatClock(held.untilMs, 'minutes', zone)}`;
  return [`${word}${held.provisional && held.state === 'met' ? ', provisional,' : ''}${since}`, effect, until]
    .filter((part) => part !== null)
    .join(', ')
    .replaceAll(',,', ',');
}

function baselineWords({ kind, days, excludedDays, weak }: ClaimVerdict['baseline']): string {
  const text = DAY_WORDS[kind](`${days} ${days === 1 ? 'day' : 'days'}`);
  return [
    text,
    ...(excludedDays === 0 ? [] : [`${excludedDays} left out`]),
    ...(weak && kind !== 'none' && kind !== 'stated' ? ['fewer than 7: no more than on track'] : []),
  ].join('; ');
}

function smallestWords(smallest: ClaimVerdict['smallestChangePct']): string | null {
  const looks = [
    ['1 h', smallest.after1h],
    ['6 h', smallest.after6h],
    ['24 h', smallest.after24h],
  ] as const;
  if (looks.every(([, pct]) => pct === null)) return null;
  return `a change of ${looks
    .map(([after, pct]) =>
      pct === null
        ? `none after ${after.replace(' ', NBSP)}`
        : `${shortPercent(Math.abs(pct))} after ${after.replace(' ', NBSP)}`,
    )
    .join(', ')}`;
}

function sumsWords(sums: ClaimVerdict['sumsPct']): string | null {
  if (sums === null) return null;
  const { cumulative, trailing, warmUpMs } = sums;
  const warm = warmUpMs > 0 ? ` after a warm-up of ${formatDuration(warmUpMs)}` : '';
  const parts = [
    ...(cumulative === null ? [] : [`${percent(cumulative)} in all${warm}`]),
    ...(trailing === null ? [] : [`${percent(trailing)} over the last 2${NBSP}h`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** When the change began against T₀: long before it, it was probably not this deploy. */
function onsetWords(onset: ClaimVerdict['onset'], originMs: number, zone: Zone): string | null {
  if (onset === null) return null;
  const clock = (atMs: number) => formatClock(atMs, 'minutes', zone);
  const shift = onset.atMs - originMs;
  const where =
    Math.abs(shift) < AT_ONCE_MS
      ? 'with the deploy'
      : `${formatDuration(Math.abs(shift))} ${shift < 0 ? 'before' : 'after'} the deploy`;
  const span = `between ${clock(onset.loMs)} and ${clock(onset.hiMs)}`;
  return `${where}, ${span}${onset.hiMs < originMs ? ': probably not this deploy' : ''}`;
}

function percent(pct: number): string {
  return `${signedPercent(pct)}${NBSP}%`;
}

function shortPercent(pct: number): string {
  return `${pct < 10 ? Math.round(pct * 10) / 10 : Math.round(pct)}${NBSP}%`;
}

/** Never 0 % nor 100 %: nothing is as sure as that. */
function chanceText(probability: number): string {
  const pct = probability * 100;
  if (pct < 1) return `less than 1${NBSP}%`;
  if (pct > 99) return `more than 99${NBSP}%`;
  return `${Math.round(pct)}${NBSP}%`;
}

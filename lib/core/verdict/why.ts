import type { ClaimState } from '../model/claim.ts';
import type { ClaimPromise } from './limits.ts';
import { tellCount } from './why-counts.ts';
import { betweenText, changeText, levelText, percentText, signedText } from './why-words.ts';

/** Requests that changed by less than this say nothing worth a sentence. */
const TRAFFIC_PCT = 10;

/** The busiest tenth of the blocks carries this much of the total, and sums this far from the logarithms: bursts. */
const BURSTS_PCT = 20;
const APART_PCT = 2;

/** What a sentence about a claim is made of; percentages as the verdict has them. */
export interface WhyFacts {
  state: Exclude<ClaimState, 'cant_tell'>;
  /** True once the watch is over. */
  isOver: boolean;
  promise: ClaimPromise;
  effectPct: number | null;
  interval: readonly [number, number] | null;
  /** The change that still keeps the promise, signed, in percent. */
  limitPct: number | null;
  provenShare: number | null;
  /** Effect of the last 2 h; null before. */
  trailingPct: number | null;
  /** Effect by sums where the logarithms keep the promise and the sums do not; null elsewhere. */
  burst: { sumsPct: number; burstPct: number | null } | null;
  /** How precisely it would be known at the end; null where that cannot be said. */
  atEndPct: number | null;
  warmUpMs: number;
  /** Change of the requests served, and of the claim per request; null where not counted. */
  requests: { requestsPct: number; perRequestPct: number } | null;
  /** What the summary says of before over what was measured; null where they agree. */
  statedBeforeRatio: number | null;
  alreadyThere: boolean;
  baselineDays: number;
  isWeak: boolean;
  /** The watch goes on for more than the day that its limits are made for. */
  isBeyondDay: boolean;
  /** Set where it was told by counting: what was counted, in how many hours, and what was usual for those. */
  counted: { events: number; hours: number; usualEvents: number; canTell: boolean } | null;
}

/** One or two plain sentences on why a claim stands where it stands. */
export function tellWhy(facts: WhyFacts): string {
  return [facts.counted === null ? tellState(facts) : tellCount(facts, facts.counted), ...asides(facts)].join(
    ' ',
  );
}

function tellState(facts: WhyFacts): string {
  const { state, effectPct, interval, isOver } = facts;
  if (state === 'settling' || effectPct === null || interval === null) {
    return 'Too early to tell: it settles first, and the first look follows 15 min later.';
  }
  const change = changeText(effectPct);
  const sure = `It is almost certainly ${betweenText(interval)}`;
  const when = isOver ? 'over the whole watch' : 'at every look so far';
  const range = `anything ${betweenText(interval)} is still possible`;
  switch (state) {
    case 'met':
      return `${metWords(facts, effectPct)} ${sure}, ${when}.`;
    case 'mostly_met':
      return `${mostlyWords(facts, change)} ${sure}, ${when}.`;
    case 'on_track':
      return `${change} so far, which would keep the promise. Not certain yet: ${range}.`;
    case 'off_track':
      return `${change} so far${needed(facts)}. Not certain yet: ${range}.`;
    case 'undecided':
      return undecidedWords(facts, change, range);
    case 'failing':
      return failingWords(facts, effectPct, interval);
    case 'missed':
      return `${change}${needed(facts)}. ${sure}.`;
    case 'worse':
      return `${change}, and not by chance, where ${wrongWay(facts)}. ${sure}.`;
    case 'relapsed':
      return relapsedWords(facts, change);
    default:
      return state satisfies never;
  }
}

function metWords({ promise }: WhyFacts, effectPct: number): string {
  switch (promise.kind) {
    case 'change':
      return `${changeText(effectPct)} as promised.`;
    case 'guard': {
      const margin = percentText(100 * promise.margin);
      const verb = promise.against === 'rise' ? 'risen' : 'fallen';
      return `Has not ${verb} by more than the ${margin} that are allowed: ${levelText(effectPct)}.`;
    }
    case 'improve':
      return `${changeText(effectPct)}, which is better, as promised.`;
    default:
      return promise satisfies never;
  }
}

function mostlyWords({ provenShare, interval, limitPct, promise }: WhyFacts, change: string): string {
  const share = provenShare === null ? null : Math.floor(100 * provenShare);
  if (share === null) return `${change}, which is most of what was promised.`;
  const isDown = isGoodDown(promise);
  const isKept =
    interval !== null && limitPct !== null && (isDown ? interval[1] <= limitPct : interval[0] >= limitPct);
  if (isKept) return `${change}, which keeps the promise; in the first hour that counts as most of it.`;
  return share >= 90
    ? `${change}; ${percentText(share)} of what was promised is proven.`
    : `${change}, which reaches the promise; ${percentText(share)} of it is proven.`;
}

/** What would keep the promise. */
function needed({ limitPct, promise }: WhyFacts): string {
  if (limitPct === null) return '';
  switch (promise.kind) {
    case 'change':
      return `, where a ${promise.ratio < 1 ? 'fall' : 'rise'} of ${percentText(limitPct)} would keep it`;
    case 'guard':
      return `, where up to ${levelText(limitPct)} is allowed`;
    case 'improve':
      return ', where it should get better';
    default:
      return promise satisfies never;
  }
}

function undecidedWords(facts: WhyFacts, change: string, range: string): string {
  const { burst, effectPct, atEndPct, isOver } = facts;
  if (burst !== null && effectPct !== null) return burstWords(facts, burst, effectPct);
  if (isOver) return `${change}${needed(facts)}. The watch is over and could not tell: ${range}.`;
  const precision =
    atEndPct === null ? '' : `, and even at the end it would be known to ±${percentText(atEndPct)} only`;
  return `${change} so far${needed(facts)}. That is too near to be told: ${range}${precision}.`;
}

/** The logarithms keep the promise and the sums do not. */
function burstWords(
  facts: WhyFacts,
  { sumsPct, burstPct }: NonNullable<WhyFacts['burst']>,
  effectPct: number,
): string {
  const sums = levelText(sumsPct);
  if (burstPct === null || burstPct < BURSTS_PCT || Math.abs(sumsPct - effectPct) < APART_PCT) {
    return `Block by block it is ${levelText(effectPct)}, in sum ${sums}${needed(facts)}: too near to be told.`;
  }
  return `Most of the time it is ${levelText(effectPct)}, but all in all only ${sums}: bursts carry ${percentText(burstPct)} of the total.`;
}

function failingWords(facts: WhyFacts, effectPct: number, interval: readonly [number, number]): string {
  const isWrongWay = isGoodDown(facts.promise) ? interval[0] > 0 : interval[1] < 0;
  if (isWrongWay)
    return `Goes the wrong way: ${levelText(effectPct)}, almost certainly ${betweenText(interval)}.`;
  return `${changeText(effectPct)} so far${needed(facts)}. The last 2 h alone would keep it.`;
}

function relapsedWords(facts: WhyFacts, change: string): string {
  const { trailingPct } = facts;
  return trailingPct === null
    ? `It kept the promise and lost it again. ${change} over all${needed(facts)}.`
    : `It kept the promise and lost it again: over the last 2 h it is ${levelText(trailingPct)}${needed(facts)}.`;
}

function wrongWay({ promise, limitPct }: WhyFacts): string {
  if (promise.kind === 'guard' && limitPct !== null) return `up to ${levelText(limitPct)} is allowed`;
  return isGoodDown(promise) ? 'a fall was promised' : 'a rise was promised';
}

/** Whether lower is better for a promise. */
export function isGoodDown(promise: ClaimPromise): boolean {
  switch (promise.kind) {
    case 'change':
      return promise.ratio < 1;
    case 'guard':
      return promise.against === 'rise';
    case 'improve':
      return promise.toward === 'down';
    default:
      return promise satisfies never;
  }
}

function asides(facts: WhyFacts): string[] {
  const { warmUpMs, requests, statedBeforeRatio, state } = facts;
  const said: string[] = [];
  if (warmUpMs > 0 && (state === 'met' || state === 'mostly_met')) {
    said.push(`Counted after a warm-up of ${warmUpMs / 60_000} min.`);
  }
  if (requests !== null && Math.abs(requests.requestsPct) >= TRAFFIC_PCT && state !== 'settling') {
    const moved = requests.requestsPct < 0 ? 'fell' : 'rose';
    said.push(
      `Requests ${moved} by ${percentText(requests.requestsPct)}: per request it is ${signedText(requests.perRequestPct)}.`,
    );
  }
  if (facts.alreadyThere) said.push('It was there before the deploy already, so no change can be shown.');
  if (statedBeforeRatio !== null) {
    said.push(
      `Before the deploy it was ${levelText(100 * (1 / statedBeforeRatio - 1))} than the summary says; what was measured counts.`,
    );
  }
  if (facts.isBeyondDay) said.push('After the first day the interval gets no narrower.');
  if (facts.isWeak && state !== 'settling') {
    const days = facts.baselineDays === 1 ? 'one comparable day' : `${facts.baselineDays} comparable days`;
    said.push(`Only ${days} before it, so this is a tendency and no verdict.`);
  }
  return said;
}

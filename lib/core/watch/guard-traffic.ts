import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS } from '../time/range.ts';
import { type CountBlock, isUsable } from '../verdict/blocks.ts';
import { medianOf } from '../verdict/robust.ts';
import type { GuardFacts, GuardFound } from './guard-types.ts';

const HOUR_BLOCKS = HOUR_MS / BLOCK_MS;
const DAY_BLOCKS = DAY_MS / BLOCK_MS;
/** Requests below this share of what is usual at the time of day are lost traffic; above the other it is back. */
const LOST_SHARE = 0.7;
const BACK_SHARE = 0.75;
/** An hour is told by half of its blocks; what is usual by three days. */
const LEAST_BLOCKS = HOUR_BLOCKS / 2;
const LEAST_DAYS = 3;
/** Few requests stray by themselves: a fall counts beyond so many of their standard deviations. */
const SIGMAS = 3;

/** Whether the app still had its traffic: what nobody asks for falls by itself. Looked at by means of 1 h. */
export function trafficGuard(facts: GuardFacts): GuardFound {
  const { subject, requests, midMs, settledMs } = facts;
  if (!subject.followsTraffic) return {};
  if (requests === null) return { notChecked: 'nobody counts requests' };
  if (settledMs === null) return {};
  const first = Math.max(0, Math.ceil((settledMs - midMs) / BLOCK_MS));
  const { before, after } = requests;
  const spans: GuardSpan[] = [];
  let open: GuardSpan | null = null;
  let looked = 0;
  for (let i = first + HOUR_BLOCKS - 1; i < after.length; i++) {
    const hour = hourAt(after, i);
    const usual = usualAt(before, i);
    if (hour === null || usual === null) continue;
    looked += 1;
    const share = hour.rate / usual;
    const least = usual * hour.coveredSeconds - SIGMAS * Math.sqrt(usual * hour.coveredSeconds);
    const atMs = midMs + i * BLOCK_MS;
    if (open === null && share < LOST_SHARE && hour.events < least) {
      const percent = Math.round((1 - share) * 100);
      const evidence = `requests ${percent} % below what is usual at this time of day`;
      open = { reason: 'traffic_lost', fromMs: atMs, toMs: null, final: false, evidence };
    } else if (open !== null && share >= BACK_SHARE) {
      spans.push({ ...open, toMs: atMs });
      open = null;
    }
  }
  if (open !== null) spans.push(open);
  const isDue = after.length >= first + HOUR_BLOCKS;
  if (looked === 0 && isDue) return { notChecked: 'too few days tell what traffic is usual' };
  return { spans };
}

/** The hour that ends with block `i`; null where too little of it was counted. */
function hourAt(
  blocks: readonly CountBlock[],
  i: number,
): { events: number; coveredSeconds: number; rate: number } | null {
  const usable = blocks.slice(Math.max(0, i - HOUR_BLOCKS + 1), i + 1).filter(isUsable);
  if (i < 0 || usable.length < LEAST_BLOCKS) return null;
  const events = usable.reduce((sum, { increase }) => sum + increase, 0);
  const coveredSeconds = usable.reduce((sum, { coveredMs }) => sum + coveredMs, 0) / 1000;
  return { events, coveredSeconds, rate: events / coveredSeconds };
}

/** Looks of a watch share the days before it: what was made of them is kept while they live. */
const known = new WeakMap<readonly CountBlock[], readonly (number | null)[]>();

/** Median of the same hour of the days before, requests per second; null where too few days tell, or there were none. */
function usualAt(before: readonly CountBlock[], i: number): number | null {
  const usual =
    known.get(before) ?? Array.from({ length: DAY_BLOCKS }, (_, atClock) => usualHour(before, atClock));
  known.set(before, usual);
  return usual[i % DAY_BLOCKS] ?? null;
}

function usualHour(before: readonly CountBlock[], atClock: number): number | null {
  const rates: number[] = [];
  for (let day = 1; day * DAY_BLOCKS <= before.length + atClock; day++) {
    const hour = hourAt(before, before.length - day * DAY_BLOCKS + atClock);
    if (hour !== null) rates.push(hour.rate);
  }
  const usual = rates.length < LEAST_DAYS ? null : medianOf(rates);
  return usual !== null && usual > 0 ? usual : null;
}

import 'server-only';
import { type FoundStep, heldSince } from '@/lib/core/detect/found-step.ts';
import { type LevelSample, type UsualTop, usualTop } from '@/lib/core/detect/plateau.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { readFlowsOnce } from '../../queries/flows.ts';
import { gridOf } from '../../queries/grid.ts';
import { readLineHistory } from '../../queries/history.ts';
import { keep, recall, remember } from '../../queries/remember.ts';
import type { Reading } from '../../runtime.ts';
import type { FineCounts } from './series-fine.ts';
import type { SeriesRow } from './series-row.ts';
import { isMasked, type UsualQuestion } from './series-usual.ts';

/** Rates of so many days by minute say what is usual at the top. */
const DAYS = 7;
const MEMORY = { name: 'alert-tops', most: 64 };
const LIFE_MS = DAY_MS;
const PAST_MEMORY = { name: 'alert-past-tops', most: 64 };
const PAST_LIFE_MS = 600_000;

interface Held {
  /** Undefined while it is read in the background. */
  top: UsualTop | null | undefined;
}

/**
 * What is usual at the top of a series before block `origin`. Reading a week by minute takes seconds on a large fleet, so a
 * look of now never waits for it: null until it is there.
 */
export function topNow(
  reading: Reading,
  question: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
): UsualTop | null {
  const name = nameOf(question, origin, steps);
  const known = recall<Held>(reading, MEMORY, name);
  if (known !== undefined) return known.top ?? null;
  const held: Held = { top: undefined };
  keep(reading, MEMORY, name, held, LIFE_MS);
  readTop(reading, question, origin, steps).then(
    (top) => {
      held.top = top;
    },
    // The next look tries again.
    () => keep(reading, MEMORY, name, held, 0),
  );
  return null;
}

/** The same, waited for: for a walk over the past, which asks for a day again and again. */
export function topOf(
  reading: Reading,
  question: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
): Promise<UsualTop | null> {
  return remember(reading, PAST_MEMORY, nameOf(question, origin, steps), PAST_LIFE_MS, () =>
    readTop(reading, question, origin, steps),
  );
}

function nameOf({ key, row }: UsualQuestion, origin: number, steps: readonly FoundStep[]): string {
  return JSON.stringify([
    key,
    row.startMs + origin * BLOCK_MS,
    steps.map(({ at, log }) => [row.startMs + at * BLOCK_MS, log]),
  ]);
}

async function readTop(
  reading: Reading,
  question: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
): Promise<UsualTop | null> {
  const { row } = question;
  const untilMs = row.startMs + origin * BLOCK_MS;
  const samples: LevelSample[] = [];
  for (let startMs = untilMs - DAYS * DAY_MS; startMs < untilMs; startMs += DAY_MS) {
    for (const { atMs, value } of await readDay(reading, row, { startMs, endMs: startMs + DAY_MS })) {
      const block = Math.floor((atMs - row.startMs) / BLOCK_MS);
      if (!isMasked(question, block))
        samples.push({ atMs, value: value * Math.exp(heldSince(steps, block)) });
    }
  }
  return usualTop(samples, MINUTE_MS, untilMs);
}

/** Rates by minute of one day, measured, or as a provider remembers them in blocks of 5 min. */
async function readDay(reading: Reading, { sources }: SeriesRow, range: TimeRange): Promise<LevelSample[]> {
  const grid = gridOf(range, MINUTE_MS);
  const sums = new Map<number, number>();
  for (const { kind, metric, labels, targetIds, gone } of sources) {
    const watched = targetIds.filter((id) => !gone.has(id));
    const { byTarget } = await readFlowsOnce(reading, { metric, labels, targetIds }, grid);
    const flows = [...byTarget.values()];
    const question = { kind, metric, labels, targetIds: watched, as: 'rate' } as const;
    const history = await readLineHistory(reading, question, grid, { part: flows, rest: [] });
    // Of coarser steps the top is flat by its making.
    const memory = history !== null && history.resolutionMs <= BLOCK_MS ? history : null;
    for (const [i, startMs] of grid.starts.entries()) {
      const known = flows.flatMap((flow) => flow[i] ?? []);
      const told = memory?.fill[i] === true ? memory.part[i] : null;
      const parts = known.length > 0 ? known : told === null || told === undefined ? [] : [told];
      const usable = parts.filter(({ coveredMs }) => coveredMs >= MINUTE_MS / 2);
      if (usable.length === 0 || usable.length < parts.length) continue;
      const perSecond = usable.reduce(
        (sum, { increase, coveredMs }) => sum + (increase * 1000) / coveredMs,
        0,
      );
      sums.set(startMs, (sums.get(startMs) ?? 0) + perSecond);
    }
  }
  return [...sums].map(([atMs, value]) => ({ atMs, value }));
}

/** Rates by minute out of finer counts, in `range`; what was not measured is left out. */
export function minuteSamples({ startMs, stepMs, counts }: FineCounts, range: TimeRange): LevelSample[] {
  const per = MINUTE_MS / stepMs;
  const samples: LevelSample[] = [];
  for (
    let atMs = Math.ceil(range.startMs / MINUTE_MS) * MINUTE_MS;
    atMs + MINUTE_MS <= range.endMs;
    atMs += MINUTE_MS
  ) {
    const first = (atMs - startMs) / stepMs;
    let sum = 0;
    for (let i = first; i < first + per; i++) sum += counts[i] ?? Number.NaN;
    if (!Number.isNaN(sum)) samples.push({ atMs, value: sum / 60 });
  }
  return samples;
}

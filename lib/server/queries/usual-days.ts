import 'server-only';
import { bucketStarts } from '@/lib/core/metrics/blocks.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { addFlows, sumRates } from '@/lib/core/series/combine.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { fillFlow, fillPoints } from '@/lib/core/series/history.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { DayParts } from '@/lib/core/usual/day-slots.ts';
import type { Runtime } from '../runtime.ts';
import { BEGAN_DAYS, readBegan } from './began.ts';
import { leadMetric, type RatioQuestion, type SumQuestion } from './chart-line.ts';
import { readFlowsOnce } from './flows.ts';
import type { Grid } from './grid.ts';
import { historyRevision, type LineHistory, readLineHistory } from './history.ts';
import { remember } from './remember.ts';

/** A question that has a usual: a rate or a ratio. */
export type UsualQuestion = (SumQuestion & { as: 'rate' }) | RatioQuestion;

/** One UTC day of a question. */
export interface UsualDay {
  parts: DayParts;
  /** The last day, up to and with this one, on which each target gave numbers. */
  lastSeen: ReadonlyMap<TargetId, number>;
  /** Whose memory tells a part of the day; null where all that is known was measured. */
  provider: string | null;
}

const MEMORY = { name: 'usual-days', most: 600 };
/** A day may still change for a while after its end: samples speak for the time before them. */
const SETTLED_MS = HOUR_MS;
/** Days that are over are read again once in a while, since history may be filled in. */
const LIFE_MS = { settled: 6 * HOUR_MS, fresh: BLOCK_MS };

/** The days `[firstDay, firstDay + count)`, counted from 1970, oldest first; read one after another. */
export async function readUsualDays(
  runtime: Runtime,
  question: UsualQuestion,
  firstDay: number,
  count: number,
): Promise<UsualDay[]> {
  const days: UsualDay[] = [];
  for (let day = firstDay; day < firstDay + count; day++) {
    days.push(await rememberDay(runtime, question, day, days.at(-1) ?? null));
  }
  return days;
}

function rememberDay(
  runtime: Runtime,
  question: UsualQuestion,
  day: number,
  before: UsualDay | null,
): Promise<UsualDay> {
  const isSettled = runtime.clock.wallMs() >= (day + 1) * DAY_MS + SETTLED_MS;
  const lifeMs = isSettled ? LIFE_MS.settled : LIFE_MS.fresh;
  return remember(
    runtime,
    MEMORY,
    JSON.stringify([question, day, historyRevision(runtime)]),
    lifeMs,
    async () => {
      const lastSeen = new Map(before?.lastSeen ?? (await seenBefore(runtime, question, day)));
      const begun = new Set([...lastSeen].flatMap(([id, seen]) => (day - seen <= BEGAN_DAYS ? [id] : [])));
      const { parts, seen, provider } = await readDay(runtime, question, day, begun);
      for (const id of seen) lastSeen.set(id, day);
      return { parts, lastSeen, provider };
    },
  );
}

async function seenBefore(
  runtime: Runtime,
  question: UsualQuestion,
  day: number,
): Promise<[TargetId, number][]> {
  const selector = { metric: leadMetric(question), targetIds: question.targetIds };
  return [...(await readBegan(runtime, selector, day * DAY_MS))].map((id) => [id, day - 1]);
}

async function readDay(
  runtime: Runtime,
  question: UsualQuestion,
  day: number,
  begun: ReadonlySet<TargetId>,
): Promise<Pick<UsualDay, 'parts' | 'provider'> & { seen: readonly TargetId[] }> {
  const range = { startMs: day * DAY_MS, endMs: (day + 1) * DAY_MS };
  const starts = bucketStarts(range, BLOCK_MS);
  const grid = { range, starts, stepMs: BLOCK_MS };
  const read = (selection: Pick<SumQuestion, 'metric' | 'labels' | 'targetIds'>) =>
    readFlowsOnce(runtime, selection, grid);
  const begunOf = (flows: ReadonlyMap<TargetId, Flow>) => [...flows.keys()].map((id) => begun.has(id));
  const remembered = (part: ReadonlyMap<TargetId, Flow>, rest: ReadonlyMap<TargetId, Flow>) =>
    readDayHistory(runtime, question, grid, { part: [...part.values()], rest: [...rest.values()] });
  const { targetIds } = question;
  if (question.as === 'rate') {
    const { byTarget } = await read(question);
    const history = await remembered(byTarget, new Map());
    const measured = sumRates([...byTarget.values()], starts, BLOCK_MS, begunOf(byTarget));
    const rates =
      history === null
        ? measured
        : fillPoints(measured, sumRates([history.part], starts, BLOCK_MS), history.fill);
    const top = rates.map(([, value]) => value);
    return {
      parts: { top, base: top.map((value) => (value === null ? null : 1)) },
      seen: seenIn(byTarget),
      provider: history?.provider ?? null,
    };
  }
  const [part, rest] = await Promise.all([
    read({ metric: question.part, labels: {}, targetIds }),
    read({ metric: question.rest, labels: {}, targetIds }),
  ]);
  const history = await remembered(part.byTarget, rest.byTarget);
  const sum = (flows: ReadonlyMap<TargetId, Flow>, known: Flow | null) => {
    const all = addFlows([...flows.values()], starts.length, begunOf(flows));
    return history === null || known === null ? all : fillFlow(all, known, history.fill);
  };
  const hits = sum(part.byTarget, history?.part ?? null);
  const misses = sum(rest.byTarget, history?.rest ?? null);
  const known = starts.map((_, i) => {
    const [hit, miss] = [hits[i] ?? null, misses[i] ?? null];
    const isCovered = hit !== null && miss !== null && hit.coveredMs * 2 >= BLOCK_MS;
    return isCovered ? { top: hit.increase, base: hit.increase + miss.increase } : null;
  });
  const parts = {
    top: known.map((block) => block?.top ?? null),
    base: known.map((block) => block?.base ?? null),
  };
  return { parts, seen: seenIn(part.byTarget), provider: history?.provider ?? null };
}

/** A memory that tells the time of day; means of whole days say nothing of it. */
async function readDayHistory(
  runtime: Runtime,
  question: UsualQuestion,
  grid: Grid,
  measured: { part: readonly Flow[]; rest: readonly Flow[] },
): Promise<LineHistory | null> {
  const history = await readLineHistory(runtime, question, grid, measured);
  return history === null || history.resolutionMs > HOUR_MS ? null : history;
}

function seenIn(flows: ReadonlyMap<TargetId, Flow>): TargetId[] {
  return [...flows].filter(([, flow]) => flow.some((bucket) => bucket !== null)).map(([id]) => id);
}

import 'server-only';
import { setImmediate } from 'node:timers/promises';
import { type CounterState, type Increment, stepCounter } from '@/lib/core/metrics/increments.ts';
import { type Labels, labelsKey, type StartMarker } from '@/lib/core/model/sample.ts';
import { alignDown, alignUp, STEPS_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { HistorySeries } from '../collector.ts';
import type { PromAnswer, PromPoint } from './answer.ts';
import { MOST_POINTS, type PromRange } from './client.ts';

/** What one series of theirs adds to one series of ours, in our unit. */
export interface HistoryRule {
  metric: string;
  labels: Labels;
  kind: 'counter' | 'gauge';
  combine: 'sum' | 'max';
  scale: number;
  quality: HistorySeries['quality'];
  /** True when a series that is missing beside its family counts as 0. */
  absentIsZero: boolean;
  /** Process that counts: families and starts are its own. */
  process: string;
}

/** What is needed to read a piece of history. */
export interface HistoryReading {
  rules: (labels: Labels) => readonly HistoryRule[];
  /** When the process of a series began, as known at `atMs`; null where it is not told. */
  startAt: (labels: Labels, atMs: number) => StartMarker | null;
}

/** About what a screen of two weeks needs; more points of many series would be tens of megabytes. */
const WANTED_POINTS = 4_400;
const FINEST_MS = 60_000;
/** Points of all series together in one answer: some 8 MB of JSON. */
const MOST_TOGETHER = 200_000;

/** A grid over `range`: steps no finer than the engine's scrapes, whole, and the same whenever it is asked for. */
export function historyGrid(range: TimeRange, scrapeIntervalMs: number): PromRange | null {
  const wantedMs = Math.max((range.endMs - range.startMs) / WANTED_POINTS, FINEST_MS, scrapeIntervalMs);
  const stepMs = STEPS_MS.find((step) => step >= wantedMs) ?? STEPS_MS[STEPS_MS.length - 1] ?? FINEST_MS;
  const startMs = alignUp(range.startMs, stepMs);
  const endMs = alignDown(range.endMs, stepMs);
  return startMs < endMs ? { startMs, endMs, stepMs } : null;
}

/** The grid in pieces that one request each may ask for; each point is in one of them. */
export function historyPieces({ startMs, endMs, stepMs }: PromRange, seriesCount: number): PromRange[] {
  const points = Math.max(2, Math.min(MOST_POINTS, Math.floor(MOST_TOGETHER / Math.max(1, seriesCount))));
  const pieces: PromRange[] = [];
  for (let fromMs = startMs; fromMs <= endMs; fromMs += points * stepMs) {
    pieces.push({ startMs: fromMs, endMs: Math.min(endMs, fromMs + (points - 1) * stepMs), stepMs });
  }
  return pieces;
}

/** Further apart, the shape between two points is unknown. */
const GAP_STEPS = 3;

interface Line {
  rule: HistoryRule;
  /** Increase, or level, of the step that begins at the key. */
  steps: Map<number, number>;
}

/**
 * Turns range answers into increases and levels. Each series of theirs is stepped by itself, with its resets, and only
 * then added up: a sum of counters that begin again at different times is no counter. A longer gap is absent: what was
 * counted in it is known, its shape is not.
 */
export class HistoryBuilder {
  readonly #lines = new Map<string, Line>();
  readonly #states = new Map<string, CounterState>();
  /** Last grid point at which a process held a family: by process and metric. */
  readonly #held = new Map<string, ReadonlySet<number>>();

  constructor(private readonly grid: PromRange) {}

  /** Takes one piece; pieces come in order. Lets others run in between. */
  async add({ series }: PromAnswer, reading: HistoryReading): Promise<void> {
    const heldNow = this.#familiesOf(series, reading);
    for (const { labels, points } of series) {
      await setImmediate();
      const key = labelsKey(labels);
      const startAt = (atMs: number) => reading.startAt(labels, atMs);
      for (const [i, rule] of reading.rules(labels).entries()) {
        if (rule.kind === 'gauge') this.#addLevels(rule, points);
        else this.#addCounts(`${i} ${key}`, rule, startAt, points, heldNow);
      }
    }
    for (const [family, times] of heldNow) this.#held.set(family, times);
  }

  finish(): readonly HistorySeries[] {
    return [...this.#lines.values()].flatMap(({ rule, steps }): HistorySeries[] => {
      if (steps.size === 0) return [];
      const stretches = [...steps]
        .sort((a, b) => a[0] - b[0])
        .map(([startMs, value]) => ({ startMs, endMs: startMs + this.grid.stepMs, value }));
      return [{ metric: rule.metric, labels: rule.labels, quality: rule.quality, stretches }];
    });
  }

  #familiesOf(series: PromAnswer['series'], reading: HistoryReading): Map<string, ReadonlySet<number>> {
    const held = new Map<string, Set<number>>();
    for (const { labels, points } of series) {
      for (const rule of reading.rules(labels)) {
        if (!rule.absentIsZero) continue;
        const family = familyOf(rule);
        const times = held.get(family) ?? new Set(this.#held.get(family));
        held.set(family, times);
        for (const { atMs } of points) times.add(atMs);
      }
    }
    return held;
  }

  #addLevels(rule: HistoryRule, points: readonly PromPoint[]): void {
    for (const { atMs, value } of points) this.#put(rule, atMs - this.grid.stepMs, value * rule.scale);
  }

  #addCounts(
    key: string,
    rule: HistoryRule,
    startAt: (atMs: number) => StartMarker | null,
    points: readonly PromPoint[],
    held: ReadonlyMap<string, ReadonlySet<number>>,
  ): void {
    const { stepMs } = this.grid;
    let state = this.#states.get(key) ?? null;
    for (const { atMs, value } of points) {
      if (value < 0) continue;
      const heldMs = lastHeld(held.get(familyOf(rule)), atMs, stepMs);
      const step = stepCounter(state, {
        atMs,
        value,
        intervalMs: stepMs,
        start: startAt(atMs),
        previousVisitMs: heldMs ?? atMs - stepMs,
        absentThen: heldMs !== null,
      });
      state = step.state;
      if (step.increment !== null && !step.increment.gap) this.#addIncrement(rule, step.increment);
    }
    if (state !== null) this.#states.set(key, state);
  }

  /** Over two or three steps, where a scrape failed in between, it is taken as even. */
  #addIncrement(rule: HistoryRule, { fromMs, toMs, increase }: Increment): void {
    const { stepMs } = this.grid;
    const steps = Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
    for (let i = 1; i <= steps; i++) this.#put(rule, toMs - i * stepMs, (increase / steps) * rule.scale);
  }

  #put(rule: HistoryRule, startMs: number, value: number): void {
    // The first point of all only says where counting stands.
    if (startMs < this.grid.startMs) return;
    const key = `${rule.metric}{${labelsKey(rule.labels)}}`;
    const line = this.#lines.get(key) ?? { rule, steps: new Map<number, number>() };
    this.#lines.set(key, line);
    const known = line.steps.get(startMs);
    const sum = known === undefined ? value : rule.combine === 'max' ? Math.max(known, value) : known + value;
    line.steps.set(startMs, sum);
  }
}

/** The point before `atMs` at which the family was there, no further back than a gap; null when there is none. */
function lastHeld(times: ReadonlySet<number> | undefined, atMs: number, stepMs: number): number | null {
  for (let back = 1; back <= GAP_STEPS; back++) {
    if (times?.has(atMs - back * stepMs) === true) return atMs - back * stepMs;
  }
  return null;
}

function familyOf({ process, metric }: HistoryRule): string {
  return `${process} ${metric}`;
}

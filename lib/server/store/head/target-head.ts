import 'server-only';
import {
  type CounterSample,
  type CounterStep,
  type Increment,
  stepCounter,
} from '@/lib/core/metrics/increments.ts';
import type { StartMarker } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { VisitRow } from '../codec/scrape-row.ts';
import type { CounterFall } from '../store.ts';
import { HourRows } from './hour-rows.ts';
import type { Family, HeadSeries, Registry, SavedFamilies } from './registry.ts';

/** What a target row keeps besides its name: enough to go on after a restart. */
export interface SavedTarget {
  lastVisitMs: number | null;
  /** Time of the last good visit. */
  lastGoodMs: number | null;
  /** Longest interval ever scheduled: how far an increment can reach back over an hour's edge. */
  maxIntervalMs: number;
  /** Labelled metrics that the last good visit held, by process, with their start markers. */
  families: SavedFamilies;
}

export const NEW_TARGET: SavedTarget = {
  lastVisitMs: null,
  lastGoodMs: null,
  maxIntervalMs: 0,
  families: {},
};

/** How the samples of one visit fared. */
export interface Intake {
  taken: number;
  late: number;
  duplicate: number;
}

/** The hour that holds `atMs`, counted from 1970. */
export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}

/** How far an increment can reach back from its sample: what is longer is a gap and lies with the sample. */
export function reachMs(maxIntervalMs: number): number {
  return 3 * maxIntervalMs;
}

/**
 * One target in memory. `ingest` is the only way in, live and in replay, and depends on nothing but the rows before
 * it: so increments are the same after a restart, and the same when an hour is packed from its rows.
 */
export class TargetHead {
  readonly hours: HourRows[] = [];
  /** The newest fall of a counter without a restart; null while there was none. */
  lastFall: CounterFall | null = null;
  lastVisitMs: number | null;
  lastGoodMs: number | null;
  maxIntervalMs: number;

  constructor(
    readonly targetId: TargetId,
    readonly registry: Registry,
    saved: SavedTarget,
  ) {
    this.lastVisitMs = saved.lastVisitMs;
    this.lastGoodMs = saved.lastGoodMs;
    this.maxIntervalMs = saved.maxIntervalMs;
    for (const [key, markers] of Object.entries(saved.families)) {
      const family = registry.family(targetId, key);
      family.goodVisitMs = saved.lastGoodMs;
      // A store of before kept one marker for all processes.
      family.markers = new Set(typeof markers === 'object' && markers !== null ? markers : [markers]);
    }
  }

  ingest(row: VisitRow): Intake {
    const count = row.seriesIds.length;
    if (this.lastVisitMs !== null && row.atMs <= this.lastVisitMs) {
      const same = row.atMs === this.lastVisitMs;
      return { taken: 0, late: same ? 0 : count, duplicate: same ? count : 0 };
    }
    const hour = this.#hourFor(hourOf(row.atMs));
    hour.addVisit(row, count);
    const previousVisitMs = this.lastGoodMs;
    this.lastVisitMs = row.atMs;
    this.maxIntervalMs = Math.max(this.maxIntervalMs, row.intervalMs);
    const held = new Map<Family, Set<string | null>>();
    let taken = 0;
    let duplicate = 0;
    for (let i = 0; i < count; i++) {
      const series = this.registry.byId(row.seriesIds[i] ?? -1);
      const value = row.values[i] ?? Number.NaN;
      if (series === undefined) continue;
      if (series.lastAtMs !== null && row.atMs <= series.lastAtMs) {
        duplicate += 1;
        continue;
      }
      const column = columnIn(hour, series);
      hour.put(column, value);
      if (series.counter) {
        const start = row.starts[row.startOf?.[i] ?? 0] ?? null;
        this.#count(series, hour, column, { row, value, start, previousVisitMs });
        if (series.absentIsZero) hold(held, series.family, start?.marker ?? null);
      }
      series.lastAtMs = row.atMs;
      series.lastValue = value;
      taken += 1;
    }
    if (row.ok) {
      this.lastGoodMs = row.atMs;
      for (const [family, markers] of held) {
        family.goodVisitMs = row.atMs;
        family.markers = markers;
      }
    }
    return { taken, late: 0, duplicate };
  }

  /** Steps the counter; keeps its increment only where it is not the plain difference. */
  #count(
    series: HeadSeries,
    hour: HourRows,
    column: number,
    visit: { row: VisitRow; value: number; start: StartMarker | null; previousVisitMs: number | null },
  ): void {
    const { row, value, start, previousVisitMs } = visit;
    const sample: CounterSample = {
      atMs: row.atMs,
      value,
      intervalMs: row.intervalMs,
      start,
      previousVisitMs,
      absentThen: wasAbsent(series, start, previousVisitMs),
    };
    const markerBefore = series.state?.marker ?? null;
    const step = stepCounter(series.state, sample);
    series.state = step.state;
    this.#noteFall(series, sample, step, markerBefore);
    if (!isPlain(series, step.increment, value)) hour.putException(column, step.increment);
  }

  /** A fall that no changed marker explains is worth telling, whatever it was counted as. */
  #noteFall(series: HeadSeries, sample: CounterSample, step: CounterStep, markerBefore: string | null): void {
    const marked = sample.start !== null && markerBefore !== null && sample.start.marker !== markerBefore;
    if (marked || (step.flag !== 'glitch' && step.flag !== 'reset')) return;
    const countedAs = step.flag === 'glitch' ? 'glitch' : 'restart';
    this.lastFall = { series: series.info, atMs: sample.atMs, countedAs };
  }

  #hourFor(hour: number): HourRows {
    const last = this.hours.at(-1);
    if (last !== undefined && last.hour === hour) return last;
    const rows = new HourRows(hour);
    this.hours.push(rows);
    return rows;
  }

  /** Forgets hours up to and with `hour`: they are packed. */
  dropHours(hour: number): void {
    while (this.hours[0] !== undefined && this.hours[0].hour <= hour) {
      const [gone] = this.hours.splice(0, 1);
      // A silent series would keep the whole hour alive.
      for (const id of gone?.seriesIds() ?? []) {
        const series = this.registry.byId(id);
        if (series !== undefined && series.place?.hour === gone) series.place = null;
      }
    }
  }

  save(): SavedTarget {
    return {
      lastVisitMs: this.lastVisitMs,
      lastGoodMs: this.lastGoodMs,
      maxIntervalMs: this.maxIntervalMs,
      families: this.registry.familiesHeldAt(this.targetId, this.lastGoodMs),
    };
  }
}

/** Column of the series in the hour, remembered with the series. */
function columnIn(hour: HourRows, series: HeadSeries): number {
  if (series.place?.hour === hour) return series.place.column;
  const column = hour.columnOf(series.info.id, series.lastAtMs, series.lastValue);
  series.place = { hour, column };
  return column;
}

function hold(held: Map<Family, Set<string | null>>, family: Family, marker: string | null): void {
  const markers = held.get(family);
  if (markers === undefined) held.set(family, new Set([marker]));
  else markers.add(marker);
}

/** True when the last good visit held the metric of this process, since the same start, without this series. */
function wasAbsent(series: HeadSeries, start: StartMarker | null, previousVisitMs: number | null): boolean {
  if (!series.absentIsZero || series.lastAtMs !== null || previousVisitMs === null) return false;
  return series.family.goodVisitMs === previousVisitMs && series.family.markers.has(start?.marker ?? null);
}

/** True when readers can derive the increment from the sample before. */
function isPlain(series: HeadSeries, increment: Increment | null, value: number): boolean {
  return (
    increment !== null &&
    !increment.gap &&
    !increment.reset &&
    !increment.partial &&
    increment.fromMs === series.lastAtMs &&
    increment.increase === value - series.lastValue
  );
}

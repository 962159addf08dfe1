import 'server-only';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { CounterState } from '@/lib/core/metrics/increments.ts';
import { type Labels, labelsKey, processOf, type Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { SeriesInfo, SeriesSelector } from '../store.ts';
import type { HourRows } from './hour-rows.ts';

/** When a labelled metric of one process was last held by a good visit; shared by its series. */
export interface Family {
  goodVisitMs: number | null;
  /** Start markers that its series had in that visit: a database of a server, say, begins again by itself. */
  markers: ReadonlySet<string | null>;
}

/** Start markers of the labelled metrics that a visit held, by metric and process. */
export type SavedFamilies = Readonly<Record<string, string | null | readonly (string | null)[]>>;

/** A series as the head knows it. */
export interface HeadSeries {
  readonly info: SeriesInfo;
  readonly counter: boolean;
  /** A missing series of this metric is a measured 0 while the family is there. */
  readonly absentIsZero: boolean;
  readonly family: Family;
  /** Rules of counters; null for a gauge and before the first sample. */
  state: CounterState | null;
  /** Null before the first sample. */
  lastAtMs: number | null;
  lastValue: number;
  /** Its column in the hour that it was last written to: saves a look-up for every sample. */
  place: { hour: HourRows; column: number } | null;
}

/** What a series row keeps besides its name: enough to go on after a restart. */
export interface SavedSeries {
  last: readonly [atMs: number, value: number] | null;
  counter: CounterState | null;
}

/** Kind of a metric: from the catalogue, else by the rule of names. Fixed once a series exists. */
export function isCounter(metric: string): boolean {
  const entry = findMetric(metric);
  return entry === null ? metric.endsWith('_total') : entry.kind === 'counter';
}

/** Series of one metric, in the order in which they were first seen. */
interface MetricSeries {
  all: HeadSeries[];
  byTarget: Map<TargetId, HeadSeries[]>;
}

/** All series by number, by name and by metric. */
export class Registry {
  /** By number: numbers are given in order, so this is dense. */
  readonly #byId: (HeadSeries | undefined)[] = [];
  #size = 0;
  readonly #byKey = new Map<string, HeadSeries>();
  readonly #byMetric = new Map<string, MetricSeries>();
  /** By target, then by metric and process. */
  readonly #families = new Map<TargetId, Map<string, Family>>();
  #nextId = 1;

  get size(): number {
    return this.#size;
  }

  byId(id: number): HeadSeries | undefined {
    return this.#byId[id];
  }

  find(targetId: TargetId, metric: string, labels: Labels, quality: Quality): HeadSeries | undefined {
    return this.#byKey.get(seriesKey(targetId, metric, labels, quality));
  }

  /** A series that was not known before. Texts are copied: a label cut from a big payload would keep it alive. */
  create(targetId: TargetId, metric: string, labels: Labels, quality: Quality): HeadSeries {
    const own = JSON.parse(JSON.stringify({ metric, labels })) as { metric: string; labels: Labels };
    const known = this.#byMetric.get(metric)?.all[0]?.info.metric;
    const info = { id: this.#nextId, metric: known ?? own.metric, labels: own.labels, targetId, quality };
    return this.restore(info, isCounter(metric), { last: null, counter: null });
  }

  restore(info: SeriesInfo, counter: boolean, saved: SavedSeries): HeadSeries {
    const series: HeadSeries = {
      info,
      counter,
      absentIsZero: counter && (findMetric(info.metric)?.absentIsZero ?? false),
      family: this.family(info.targetId, familyKey(info.metric, info.labels)),
      state: saved.counter,
      lastAtMs: saved.last?.[0] ?? null,
      lastValue: saved.last?.[1] ?? Number.NaN,
      place: null,
    };
    this.#byId[info.id] = series;
    this.#size += 1;
    this.#byKey.set(seriesKey(info.targetId, info.metric, info.labels, info.quality), series);
    const peers: MetricSeries = this.#byMetric.get(info.metric) ?? { all: [], byTarget: new Map() };
    this.#byMetric.set(info.metric, peers);
    peers.all.push(series);
    const own = peers.byTarget.get(info.targetId);
    if (own === undefined) peers.byTarget.set(info.targetId, [series]);
    else own.push(series);
    this.#nextId = Math.max(this.#nextId, info.id + 1);
    return series;
  }

  remove(id: number): void {
    const series = this.#byId[id];
    if (series === undefined) return;
    const { targetId, metric, labels, quality } = series.info;
    this.#byId[id] = undefined;
    this.#size -= 1;
    this.#byKey.delete(seriesKey(targetId, metric, labels, quality));
    const peers = this.#byMetric.get(metric);
    if (peers === undefined) return;
    const others = (list: readonly HeadSeries[]): HeadSeries[] => list.filter((peer) => peer !== series);
    peers.all = others(peers.all);
    const own = others(peers.byTarget.get(targetId) ?? []);
    if (own.length === 0) peers.byTarget.delete(targetId);
    else peers.byTarget.set(targetId, own);
    if (peers.all.length === 0) this.#byMetric.delete(metric);
  }

  family(targetId: TargetId, key: string): Family {
    const own = this.#families.get(targetId) ?? new Map<string, Family>();
    this.#families.set(targetId, own);
    const family = own.get(key) ?? { goodVisitMs: null, markers: new Set() };
    own.set(key, family);
    return family;
  }

  /** Families of a target that its good visit at `goodVisitMs` held, with their start markers. */
  familiesHeldAt(targetId: TargetId, goodVisitMs: number | null): SavedFamilies {
    const held: Record<string, (string | null)[]> = {};
    for (const [key, family] of this.#families.get(targetId) ?? []) {
      if (goodVisitMs !== null && family.goodVisitMs === goodVisitMs) held[key] = [...family.markers];
    }
    return held;
  }

  /** Series that hold a sample and fit the selector, in the order in which they were first seen. */
  select(selector: SeriesSelector): HeadSeries[] {
    return this.#fitting(selector, ({ lastAtMs }) => lastAtMs !== null);
  }

  /** Backfilled series that fit the selector. They never hold a sample, so that `select` passes over them. */
  selectHistory(selector: SeriesSelector): HeadSeries[] {
    return this.#fitting(selector, ({ info }) => info.quality === 'backfilled');
  }

  #fitting(
    { metric, labels, targetIds }: SeriesSelector,
    isWanted: (series: HeadSeries) => boolean,
  ): HeadSeries[] {
    const peers = this.#byMetric.get(metric);
    if (peers === undefined) return [];
    const wanted = Object.entries(labels ?? {});
    const fits = (series: HeadSeries): boolean =>
      isWanted(series) && wanted.every(([name, value]) => series.info.labels[name] === value);
    if (targetIds === undefined) return peers.all.filter(fits);
    const targets = new Set(targetIds);
    // Numbers are given in order, and a store is loaded in theirs: one list of all is in order by itself.
    if (targets.size >= peers.byTarget.size)
      return peers.all.filter((series) => targets.has(series.info.targetId) && fits(series));
    const found = [...targets].flatMap((id) => (peers.byTarget.get(id) ?? []).filter(fits));
    return targets.size < 2 ? found : found.sort((a, b) => a.info.id - b.info.id);
  }

  all(): HeadSeries[] {
    return this.#byId.filter((series) => series !== undefined);
  }
}

/** An engine tells of many processes in one visit: each has families of its own, and its silence is no zero of another's. */
function familyKey(metric: string, labels: Labels): string {
  const process = processOf(labels);
  return process === '' ? metric : `${metric} ${process}`;
}

function seriesKey(targetId: TargetId, metric: string, labels: Labels, quality: Quality): string {
  return `${targetId} ${metric} ${quality} ${labelsKey(labels)}`;
}

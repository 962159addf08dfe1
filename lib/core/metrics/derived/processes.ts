import type { Labels, Quality } from '../../model/sample.ts';
import { type FamilySeries, matchesLabels } from '../../series/family-sum.ts';
import type { MetricEntry } from '../catalogue/entry.ts';
import { CATALOGUE, type MetricName } from '../catalogue/index.ts';
import type { DerivedEntry } from './entry.ts';

/** A series of a metric that a formula needs. All are on one grid. */
export interface InputSeries extends FamilySeries {
  metric: MetricName;
  targetId: string;
  quality: Quality;
}

/** The grid that all series are on. */
export interface EvaluationGrid {
  starts: readonly number[];
  stepMs: number;
}

/** Labels by which one target tells several counting processes apart. */
const PROCESS_LABELS = ['machine', 'instance', 'member'] as const;

/** One counting process: a target, or one of those that a target tells of. */
export interface Process {
  key: string;
  targetId: string;
  labels: Labels;
  series: readonly InputSeries[];
}

/** Series by who counts them, with the labels that the formula sees. */
export function splitByProcess({ relabel }: DerivedEntry, series: readonly InputSeries[]): Process[] {
  const processes = new Map<string, { targetId: string; labels: Labels; series: InputSeries[] }>();
  for (const raw of series) {
    const one = relabel === null ? raw : { ...raw, labels: relabel(raw.labels) };
    const labels = pick(one.labels, PROCESS_LABELS);
    const key = JSON.stringify([one.targetId, labels]);
    const known = processes.get(key);
    if (known === undefined) processes.set(key, { targetId: one.targetId, labels, series: [one] });
    else known.series.push(one);
  }
  return [...processes].map(([key, rest]) => ({ key, ...rest }));
}

/**
 * Without what a Prometheus repeats: a machine or database that we visit ourselves is often scraped by it too, and a sum
 * over both would count it twice. By metric, in each app and environment.
 */
export function withoutCopies(series: readonly InputSeries[]): readonly InputSeries[] {
  const direct = new Set(
    series
      .filter(({ targetId }) => !isSecondHand(targetId))
      .map(({ metric, targetId }) => `${scopeOf(targetId)} ${metric}`),
  );
  return series.filter(
    ({ metric, targetId }) => !isSecondHand(targetId) || !direct.has(`${scopeOf(targetId)} ${metric}`),
  );
}

function isSecondHand(targetId: string): boolean {
  return targetId.split('/')[2] === 'prometheus';
}

/** Every set of kept labels that some series has; one empty set where none are kept. */
export function groupsOf(entry: DerivedEntry, processes: readonly Process[]): Labels[] {
  if (entry.labels.length === 0) return [{}];
  const groups = new Map<string, Labels>();
  for (const { series } of processes) {
    for (const { labels } of series) {
      const group = pick(labels, entry.labels);
      if (Object.keys(group).length === entry.labels.length) groups.set(JSON.stringify(group), group);
    }
  }
  return [...groups.values()];
}

/** Series of a metric in a group. */
export function familyOf(
  who: Process,
  metric: MetricName,
  group: Labels,
  entry: DerivedEntry,
): readonly InputSeries[] {
  const wanted = groupFor(entry, metric, group);
  return who.series.filter((one) => one.metric === metric && matchesLabels(one.labels, wanted));
}

/** True for a series that a line of this group was made from. */
export function belongs(entry: DerivedEntry, { metric, labels }: InputSeries, group: Labels): boolean {
  if (!matchesLabels(labels, groupFor(entry, metric, group))) return false;
  if (entry.compute.kind !== 'terms') return true;
  const terms = Object.values(entry.compute.terms).filter((term) => term.metric === metric);
  // What merely covers for a missing series is a part of the number as well.
  return terms.some(({ where }) => matchesLabels(labels, where)) || metricEntry(metric).absentIsZero;
}

/** The labels of a group that a metric has: of the others, one series counts for all groups. */
export function groupFor({ relabel }: DerivedEntry, metric: MetricName, group: Labels): Labels {
  const { labels } = metricEntry(metric);
  return Object.fromEntries(
    Object.entries(group).filter(([name]) => labels.includes(name) || relabel !== null),
  );
}

/** The catalogue entry, with the type that all entries share. */
export function metricEntry(metric: MetricName): MetricEntry {
  return CATALOGUE[metric];
}

function pick(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = labels[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** `app/environment` of a target's id. */
export function scopeOf(targetId: string): string {
  return targetId.split('/').slice(0, 2).join('/');
}

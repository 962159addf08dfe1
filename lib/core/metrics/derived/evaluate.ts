import { type Labels, QUALITIES, type Quality } from '../../model/sample.ts';
import type { MetricName } from '../catalogue/index.ts';
import type { DerivedEntry } from './entry.ts';
import { histogramOf, quantileAt } from './histogram.ts';
import {
  belongs,
  type EvaluationGrid,
  familyOf,
  groupsOf,
  type InputSeries,
  type Process,
  scopeOf,
  splitByProcess,
  withoutCopies,
} from './processes.ts';
import { termValues, type Values } from './term-values.ts';

/** A restart of whoever counts. */
export interface InputRestart {
  targetId: string;
  atMs: number;
}

/** One line of a derived metric. */
export interface DerivedLine {
  labels: Labels;
  /** The target, or `app/environment` for a metric over all of an app. */
  owner: string;
  targetIds: readonly string[];
  /** As good as the worst of what it was made from. */
  quality: Quality;
  /** A value a bucket; null where one of the numbers it needs is not known. */
  values: readonly (number | null)[];
}

/** Works a derived metric out, a line for each machine or database, or for each app. Pure. */
export function evaluateDerived(
  entry: DerivedEntry,
  series: readonly InputSeries[],
  grid: EvaluationGrid,
  restarts: readonly InputRestart[] = [],
): DerivedLine[] {
  const processes = splitByProcess(entry, entry.over === 'app' ? withoutCopies(series) : series);
  const owners = new Map<string, Process[]>();
  for (const who of processes) {
    const owner = entry.over === 'app' ? scopeOf(who.targetId) : who.key;
    owners.set(owner, [...(owners.get(owner) ?? []), who]);
  }
  return [...owners].flatMap(([owner, own]) => {
    const [only] = own;
    const place =
      entry.over === 'app' || only === undefined
        ? { owner, labels: {} }
        : { owner: only.targetId, labels: only.labels };
    return groupsOf(entry, own).flatMap((group): DerivedLine[] => {
      const values = valuesOf(entry, own, group, grid, restarts);
      if (values === null) return [];
      const used = own.flatMap((who) => who.series).filter((one) => belongs(entry, one, group));
      return [
        {
          owner: place.owner,
          labels: { ...place.labels, ...group },
          targetIds: [...new Set(own.map(({ targetId }) => targetId))],
          quality: worst(used.map(({ quality }) => quality)),
          values,
        },
      ];
    });
  });
}

/** Null when something that the formula needs is not there at all. */
function valuesOf(
  entry: DerivedEntry,
  processes: readonly Process[],
  group: Labels,
  grid: EvaluationGrid,
  restarts: readonly InputRestart[],
): Values | null {
  const { compute } = entry;
  const { length } = grid.starts;
  switch (compute.kind) {
    case 'terms': {
      const names = Object.keys(compute.terms);
      const columns = Object.values(compute.terms).map((term) =>
        termValues(entry, term, processes, group, grid),
      );
      if (columns.some((column) => column === null)) return null;
      return Array.from({ length }, (_, i) => {
        const values: Record<string, number> = {};
        for (const [k, name] of names.entries()) {
          const value = columns[k]?.[i] ?? null;
          if (value === null) return null;
          values[name] = value;
        }
        return finite(compute.of(values));
      });
    }
    case 'quantile': {
      const histograms = processes.flatMap((who) =>
        histogramOf(familyOf(who, compute.metric, group, entry), grid),
      );
      if (histograms.length === 0) return null;
      return Array.from({ length }, (_, i) => quantileAt(histograms, i, compute.rank));
    }
    case 'restarts':
      return restartCounts(processes, compute.metric, grid, restarts);
    default:
      return compute satisfies never;
  }
}

function restartCounts(
  processes: readonly Process[],
  metric: MetricName,
  { starts, stepMs }: EvaluationGrid,
  restarts: readonly InputRestart[],
): Values | null {
  // Of machines behind one target nobody says which of them began again.
  const own = processes.filter(
    ({ labels, series }) => Object.keys(labels).length === 0 && series.some((one) => one.metric === metric),
  );
  if (own.length === 0) return null;
  return starts.map((startMs, i) => {
    const isKnown = own.every(({ series }) => series.some(({ buckets }) => (buckets[i] ?? null) !== null));
    if (!isKnown) return null;
    return restarts.filter(
      ({ targetId, atMs }) =>
        atMs >= startMs && atMs < startMs + stepMs && own.some((who) => who.targetId === targetId),
    ).length;
  });
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function worst(qualities: readonly Quality[]): Quality {
  const rank = Math.max(0, ...qualities.map((quality) => QUALITIES.indexOf(quality)));
  return QUALITIES[rank] ?? 'unavailable';
}

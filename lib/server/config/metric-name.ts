import 'server-only';
import { CATALOGUE, findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { didYouMean, suggest } from './suggest.ts';

/** What is wrong with the name of a metric, with suggestions; null when the catalogue knows it. */
export function metricProblem(metric: string, { only }: { only?: 'counter' }): string | null {
  const entry = findMetric(metric);
  const wanted = Object.entries(CATALOGUE).filter(([, { kind }]) => only === undefined || kind === only);
  const names = wanted.map(([name]) => name);
  if (entry === null) {
    return `is not in the catalogue${didYouMean(metric, names, 3) || '; docs/metrics.md lists all'}`;
  }
  if (only === undefined || entry.kind === only) return null;
  const near = suggest(metric, names);
  const hint = near.length === 0 ? '' : `, such as ${near.join(' or ')}`;
  return `is a gauge, and a rate needs a counter${hint}`;
}

/** What is wrong with a label of a known metric; null when the metric has it, or is not known. */
export function labelProblem(metric: string, label: string): string | null {
  const labels = findMetric(metric)?.labels;
  if (labels === undefined || labels.includes(label)) return null;
  return labels.length === 0
    ? 'this metric has no labels'
    : `is not a label of this metric (known: ${labels.join(', ')})`;
}

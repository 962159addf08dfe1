import 'server-only';
import { CATALOGUE, findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { suggest } from '../config/suggest.ts';

/** That a metric is none of the catalogue, with what may have been meant; null for one that is. */
export function unknownMetric(metric: string): string | null {
  if (findMetric(metric) !== null) return null;
  const names = Object.keys(CATALOGUE);
  const ours = names.filter((name) => findMetric(name)?.standard === metric);
  const near = ours.length > 0 ? ours : suggest(metric, names);
  const told =
    near.length === 0 ? 'docs/metrics.md lists all that are known' : `did you mean ${near.join(' or ')}?`;
  return `no metric is called ${JSON.stringify(metric.slice(0, 80))}; ${told}`;
}

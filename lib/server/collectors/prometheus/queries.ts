import 'server-only';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Notice } from '@/lib/core/model/scrape.ts';
import type { PromQuery } from '@/lib/server/config/types.ts';
import { cleanText } from '../app/clean-text.ts';
import type { PromAnswer } from '../promql/answer.ts';
import type { Reader } from './exporters.ts';

const MAX_LABEL_CHARS = 64;
/** A counter's query must give the counter: what these give has no memory of what it counted. */
const GIVES_RATE = /\b(i?rate|i?delta|increase|deriv|increases_over_time)\s*\(/;

/** Reads the series of one query of the config. */
export function queryReader({ metric, labels: mapping }: PromQuery): Reader {
  const entry = findMetric(metric);
  if (entry === null) return () => [];
  const combine =
    entry.kind === 'gauge' && (entry.unit === 'seconds' || entry.unit === 'state') ? 'max' : 'sum';
  return (theirs) => [{ metric, labels: mapLabels(mapping, theirs), combine, zeroIsAbsent: false }];
}

/** What is wrong with a query, or that it found nothing; null when it is fine. */
export function queryNotice(query: PromQuery, answer: PromAnswer): Notice | null {
  const fault = queryFault(query, answer);
  if (fault !== null || answer.series.length > 0) return fault;
  return {
    code: 'query_empty',
    text: `The query for ${cleanText(query.metric, 60)} found no series: check its names, or wait for its first event.`,
  };
}

/** What makes a query useless, whatever it finds; null when nothing does. */
export function queryFault(query: PromQuery, answer: PromAnswer): Notice | null {
  const name = cleanText(query.metric, 60);
  const entry = findMetric(query.metric);
  if (entry === null) {
    return {
      code: 'query_unknown_metric',
      text: `The config has a query for ${name}, which is no metric of ours; see docs/metrics.md.`,
    };
  }
  if (entry.kind === 'counter' && GIVES_RATE.test(query.query)) {
    return {
      code: 'query_is_rate',
      text: `The query for ${name} gives a rate, which cannot be added up; it was left out. Ask for the counter itself, without rate() or increase().`,
    };
  }
  if (answer.shape !== 'vector' && answer.shape !== 'scalar') {
    return {
      code: 'query_shape',
      text: `The query for ${name} gives a ${answer.shape}, expected one value a series; take the range in brackets out.`,
    };
  }
  return null;
}

function mapLabels(mapping: Labels, theirs: Labels): Labels {
  const own: Record<string, string> = {};
  for (const [ours, from] of Object.entries(mapping)) {
    const text = cleanText(from.startsWith('=') ? from.slice(1) : (theirs[from] ?? ''), MAX_LABEL_CHARS);
    if (text !== '') own[ours] = text;
  }
  return own;
}

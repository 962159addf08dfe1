import type { Labels } from '../../model/sample.ts';
import type { MetricName } from '../catalogue/index.ts';
import { type DerivedEntry, fromHistogram, fromRestarts, fromTerms, term } from './entry.ts';
import { isExactStatus, shareOf, statusClass } from './formulas.ts';

const withClass = ({ status, ...labels }: Labels): Labels => ({ ...labels, class: statusClass(status) });
const EXACT_429 = { where: { status: '429' }, onlyWith: ({ status }: Labels) => isExactStatus(status) };

function latency(
  percent: 50 | 95 | 99,
  buckets: MetricName,
  who: string,
  over: DerivedEntry['over'],
): DerivedEntry {
  const least = Math.round(100 / (100 - percent));
  return fromHistogram(
    {
      unit: 'seconds',
      good: 'down',
      over,
      formula: `${percent}th percentile of the increases of ${buckets}`,
      help: `Time within which ${percent} % of HTTP requests were answered, ${who}; nothing below ${least} requests.`,
    },
    buckets,
    percent / 100,
  );
}

const MACHINE = 'http_request_seconds_bucket_total';
const FLY = 'fly_http_request_seconds_bucket_total';
const BY_MACHINE = 'by machine';
const OF_ALL = 'over all machines of the app';
const BY_FLY = 'by machine, as Fly’s proxy saw it';

/** What follows from responses and their durations. */
export const derivedHttp = {
  http_responses_per_second: fromTerms(
    {
      unit: 'responses',
      perSecond: true,
      good: 'neutral',
      labels: ['class'],
      relabel: withClass,
      formula: 'http_responses_total per second, by the first digit of status',
      help: 'HTTP responses by class of status: 2xx, 3xx, 4xx, 5xx.',
    },
    { responses: term('http_responses_total') },
    ({ responses }) => responses,
  ),
  http_limited_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'http_responses_total{status="429"} ÷ http_responses_total',
      help: 'Share of HTTP responses that were 429; nothing where statuses are told by class only.',
    },
    { limited: term('http_responses_total', EXACT_429), all: term('http_responses_total') },
    ({ limited, all }) => shareOf(limited, all),
  ),
  http_server_errors_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      relabel: withClass,
      formula: 'http_responses_total with a status of 5xx ÷ http_responses_total',
      help: 'Share of HTTP responses that were server errors.',
    },
    {
      errors: term('http_responses_total', { where: { class: '5xx' } }),
      all: term('http_responses_total'),
    },
    ({ errors, all }) => shareOf(errors, all),
  ),
  http_latency_p50_seconds: latency(50, MACHINE, BY_MACHINE, 'each'),
  http_latency_p95_seconds: latency(95, MACHINE, BY_MACHINE, 'each'),
  http_latency_p99_seconds: latency(99, MACHINE, BY_MACHINE, 'each'),
  http_app_latency_p50_seconds: latency(50, MACHINE, OF_ALL, 'app'),
  http_app_latency_p95_seconds: latency(95, MACHINE, OF_ALL, 'app'),
  http_app_latency_p99_seconds: latency(99, MACHINE, OF_ALL, 'app'),
  app_restarts: fromRestarts(
    {
      unit: 'restarts',
      good: 'down',
      formula: 'times that http_responses_total began again',
      help: 'Restarts of a machine’s process inside the bucket, as its counters show them.',
    },
    'http_responses_total',
  ),

  fly_http_limited_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'fly_http_responses_total{status="429"} ÷ fly_http_responses_total, by machine',
      help: 'Share of a machine’s HTTP responses that were 429, as Fly’s proxy counted them.',
    },
    { limited: term('fly_http_responses_total', EXACT_429), all: term('fly_http_responses_total') },
    ({ limited, all }) => shareOf(limited, all),
  ),
  fly_http_latency_p50_seconds: latency(50, FLY, BY_FLY, 'each'),
  fly_http_latency_p95_seconds: latency(95, FLY, BY_FLY, 'each'),
  fly_http_latency_p99_seconds: latency(99, FLY, BY_FLY, 'each'),
} satisfies Record<string, DerivedEntry>;

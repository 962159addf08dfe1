import type { ParsedClaim } from '../claims/document.ts';
import type { Labels } from '../model/sample.ts';

/** A metric that would tell what a claim says, where what it is bound to does not. */
export interface MetricNeed {
  metric: string;
  labels: Labels;
  /** Title of the code that exports it: `Background workers`; null where the app need not export anything for it. */
  snippet: string | null;
}

type Rule = readonly [words: RegExp, metric: string, labels?: Labels];

const GETS = /\bGETs?\b|\bredis (?:reads?|calls?|ops|operations|requests?|commands?)\b/i;
const both = (one: RegExp, other: RegExp): RegExp =>
  new RegExp(`(?=[\\s\\S]*(?:${one.source}))(?=[\\s\\S]*(?:${other.source}))`, 'i');

const QUOTA = /\bquotas?\b/i;
const LIMITER = /\brate[- ]?limit\w*|\blimiters?\b|\blimitador\b/i;
const BREAKER = /\bcircuit[- ]?breakers?\b|\bbreakers?\b/i;
const CACHE = /\bcach\w+|\bttl\b/i;

/** What people promise of parts of an app, and which metric tells it; the first that fits counts. */
const RULES: readonly Rule[] = [
  [both(QUOTA, /\bper (?:cache )?(?:operation|call)\b/), 'app_quota_gets_per_cache_operation'],
  [both(GETS, /\bper (?:cache )?(?:operation|call)\b/), 'app_redis_gets_per_cache_operation'],
  [both(QUOTA, GETS), 'app_redis_commands_total', { cmd: 'get', component: 'quota' }],
  [both(LIMITER, GETS), 'app_redis_commands_total', { cmd: 'get', component: 'limiter' }],
  [both(BREAKER, GETS), 'app_breaker_reads_total', { from: 'redis' }],
  [BREAKER, 'app_breaker_state'],
  [LIMITER, 'app_limiter_decisions_total', { decision: 'limited' }],
  [/\bworkers?\b|\bpoll(?:s|ing|er)?\b|\bsondeo\b/i, 'app_worker_polls_total'],
  [
    both(/\bendpoints?\b|\broutes?\b|\bbranding\b|\bpages?\b|\bthemes?\b/, CACHE),
    'app_endpoint_queries_total',
  ],
  [
    both(/\btenants?\b|\bwebhooks?\b|\bdiscovery\b|\bsessions?\b/, /\blookups?\b|\bcach\w+/),
    'app_record_lookups_total',
  ],
  [both(/\blocal\b|\bin[- ]memory\b|\bper[- ]machine\b/, CACHE), 'app_local_cache_hits_total'],
  [/\bsuspend\w*|\bsuspensi[oó]n\b/i, 'app_redis_suspended'],
  [/\bpools?\b/i, 'app_db_pool_max'],
  [
    /\bstaging\b|\bcanary\b|\b(?:one|first|a single) machine first\b|\bmachine by machine\b/i,
    'app_machine_info',
  ],
  [/\bhit (?:rate|ratio)\b|\bcach\w+/i, 'app_cache_lookups_total'],
];
const MONEY = 'redis_commands_cost_usd_per_day';
/** Metrics that count all of something, whoever asked for it. */
const WHOLES =
  /^(?:redis_(?:commands|commands_processed|read_commands)_total|db_queries_total|upstash_net_commands_total)$/;
/** Rules that name a part of a whole; the others name another thing altogether. */
const PARTS = /^app_(?:quota_gets|redis_(?:gets|commands)|breaker_reads|worker_polls|endpoint_queries)/;

/**
 * Which metric tells what the words of a claim say, where none is bound, or where the bound one counts all and the words name
 * a part; null where what is bound is right, or nothing here is known to tell it.
 */
export function metricNeeded(
  claim: Pick<ParsedClaim, 'metric' | 'labels' | 'text' | 'unit'>,
): MetricNeed | null {
  const { metric, labels, text, unit } = claim;
  const rule = RULES.find(([words]) => words.test(text));
  if (metric === null) {
    if (rule !== undefined) return needOf(rule);
    return unit === 'USD' ? { metric: MONEY, labels: {}, snippet: null } : null;
  }
  const isWhole = WHOLES.test(metric) && labels.component === undefined;
  return rule !== undefined && isWhole && PARTS.test(rule[1]) && rule[1] !== metric ? needOf(rule) : null;
}

/**
 * Titles of the code that exports a metric, as the snippets have them; the snippets themselves are pages of text that no
 * screen with claims should load.
 */
const SNIPPET_TITLES: Readonly<Record<string, string>> = {
  app_quota_gets_per_cache_operation: 'Redis commands and connects',
  app_redis_gets_per_cache_operation: 'Redis commands and connects',
  app_redis_commands_total: 'Redis commands and connects',
  app_breaker_reads_total: 'Circuit breakers',
  app_breaker_state: 'Circuit breakers',
  app_limiter_decisions_total: 'Rate limiter',
  app_worker_polls_total: 'Background workers',
  app_endpoint_queries_total: 'The cache of an endpoint',
  app_record_lookups_total: 'Lookups of tenants and webhooks',
  app_local_cache_hits_total: 'The cache inside the process',
  app_redis_suspended: 'The switch that suspends Redis',
  app_db_pool_max: 'Database statements and pool',
  app_cache_lookups_total: 'Cache',
};

function needOf([, metric, labels = {}]: Rule): MetricNeed {
  const snippet = Object.hasOwn(SNIPPET_TITLES, metric) ? (SNIPPET_TITLES[metric] ?? null) : null;
  return { metric, labels, snippet };
}

/** `app_breaker_reads_total{from="redis"}, which your app can export (“Circuit breakers”)`. */
export function needWords({ metric, labels, snippet }: MetricNeed): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const name = parts.length === 0 ? metric : `${metric}{${parts.join(', ')}}`;
  return snippet === null ? name : `${name}, which your app can export (“${snippet}”)`;
}

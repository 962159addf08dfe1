import 'server-only';
import type { PrometheusTarget, PromQuery } from '@/lib/server/config/types.ts';
import type { SafeHttp } from '@/lib/server/http/safe-fetch.ts';
import { type CountAct, ScrapeError } from '../collector.ts';
import type { PromAnswer } from '../promql/answer.ts';
import { openPromClient, type PromClient, type PromOptions } from '../promql/client.ts';
import { quoteText, selector } from '../promql/selector.ts';
import { GROUPS, type GroupName, groupQuery, NAME_PATTERN, namesOf, scrapesQuery } from './schema.ts';

/** A target, with what narrows the presets to one app where an engine serves several. */
export type ScopedTarget = PrometheusTarget & {
  /** Labels that every series has to carry, such as `{ namespace: 'shop' }`. */
  match?: Readonly<Record<string, string>> | null;
};

/** One part of a visit: an answer, or why there is none. */
export type Part = { answer: PromAnswer } | { error: ScrapeError };

export interface Reading {
  /** Null where the engine does not know `up` of anything. */
  scrapes: Part | null;
  groups: ReadonlyMap<GroupName, Part>;
  queries: readonly { query: PromQuery; part: Part }[];
}

export function nameTarget({ name }: Pick<PrometheusTarget, 'name'>): string {
  return `prometheus: ${name}`;
}

/** The client of a target. People give the address with or without the path of the API. */
export function openClient(target: PrometheusTarget, http: SafeHttp, count: CountAct): PromClient {
  const { bearer, basic } = target;
  const secret = bearer?.reveal() ?? basic?.password.reveal() ?? null;
  const hasCredential = secret !== null;
  return openPromClient({
    baseUrl: target.apiUrl.replace(/\/+$/, '').replace(/\/api\/v1(\/query(_range)?)?$/, ''),
    http,
    headers: authorization(target),
    count,
    words: {
      who: nameTarget(target),
      secret,
      authFix: hasCredential
        ? 'check its token or password in the config'
        : 'set its token, or user and password, in the config',
      grantFix: 'its token may not query: give it the right to read metrics (metrics:read on Grafana Cloud)',
      sizeFix: 'narrow what is asked for, with match in the config',
      pathFix:
        'check its url: Prometheus and Thanos have none behind the port, Mimir /prometheus, Grafana Cloud /api/prom, a VictoriaMetrics cluster /select/0/prometheus',
    },
  });
}

function authorization({ bearer, basic }: PrometheusTarget): Record<string, string> {
  if (bearer !== null) return { authorization: `Bearer ${bearer.reveal()}` };
  if (basic === null) return {};
  const pair = Buffer.from(`${basic.user}:${basic.password.reveal()}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** `namespace="shop"` for each label that a series has to carry. */
export function matchersOf({ match }: ScopedTarget): string[] {
  return Object.entries(match ?? {}).map(([label, value]) => `${label}=${quoteText(value)}`);
}

/**
 * Names that the engine has, of those that we know; null when it does not tell, as some gateways let only queries
 * through. Then everything is asked for. Throws when it is not to be asked again just now.
 */
export async function readNames(
  client: PromClient,
  matchers: readonly string[],
  options: PromOptions,
): Promise<ReadonlySet<string> | null> {
  const match = selector({ names: [NAME_PATTERN], matchers }).replace('__name__=', '__name__=~');
  try {
    return new Set(await client.labelValues('__name__', match, options));
  } catch (error) {
    const mayGoOn = error instanceof ScrapeError && ['http', 'parse', 'grant'].includes(error.kind);
    if (mayGoOn) return null;
    throw error;
  }
}

/** One request for each group that the engine has, one for the scrapes, one for each query of the config. */
export async function readAll(
  client: PromClient,
  target: ScopedTarget,
  names: ReadonlySet<string> | null,
  options: PromOptions,
): Promise<Reading> {
  const matchers = matchersOf(target);
  const asked = GROUPS.flatMap((group) => {
    const present = namesOf(group, names);
    return present.length === 0 ? [] : [{ group, query: groupQuery(group, present, matchers) }];
  });
  const hasUp = names === null || names.has('up');
  const ask = (query: string) => settle(client.query(query, options));
  const [scrapes, groups, queries] = await Promise.all([
    hasUp ? ask(scrapesQuery(matchers)) : null,
    Promise.all(asked.map(async ({ group, query }) => [group, await ask(query)] as const)),
    Promise.all(target.queries.map(async (query) => ({ query, part: await ask(query.query) }))),
  ]);
  return { scrapes, groups: new Map(groups), queries };
}

async function settle(answer: Promise<PromAnswer>): Promise<Part> {
  try {
    return { answer: await answer };
  } catch (error) {
    if (error instanceof ScrapeError) return { error };
    throw error;
  }
}

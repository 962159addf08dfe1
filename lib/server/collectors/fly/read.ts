import 'server-only';
import type { z } from 'zod';
import type { FlyTarget } from '@/lib/server/config/types.ts';
import type { SafeHttp, SafeRequest } from '@/lib/server/http/safe-fetch.ts';
import type { CountAct } from '../collector.ts';
import { openPromClient, type PromClient, type PromOptions } from '../promql/client.ts';
import {
  graphqlError,
  nameTarget,
  type Part,
  shapeError,
  statusError,
  tokenCommand,
  toScrapeError,
} from './errors.ts';
import {
  type GraphqlAnswer,
  graphqlSchema,
  machinesSchema,
  type RawMachine,
  RELEASES_QUERY,
  secretsSchema,
} from './schema.ts';
import { authorizationFor, bareToken } from './token.ts';

/** A machine comes with its whole config, some 5 KB; this is room for thousands. */
const MACHINES_MAX_BYTES = 16 * 1024 * 1024;
const SMALL_MAX_BYTES = 1024 * 1024;

export type RawSecret = z.infer<typeof secretsSchema>['secrets'][number];

/** Fly's APIs for one app. Each call is one request, counted before it is sent; all throw `ScrapeError`. */
export interface FlyApi {
  /** All machines of the app in one list: the API has no pages. */
  machines(options: PromOptions): Promise<readonly RawMachine[]>;
  secrets(options: PromOptions): Promise<readonly RawSecret[]>;
  releases(options: PromOptions): Promise<NonNullable<NonNullable<GraphqlAnswer['data']>['app']>>;
  /** The managed Prometheus of an organisation; null where the config leaves it out. */
  metrics(organization: string): PromClient | null;
}

export function openFlyApi(target: FlyTarget, http: SafeHttp, count: CountAct): FlyApi {
  const authorization = authorizationFor(target.token.reveal());
  const headers = { accept: 'application/json', 'user-agent': 'afterwatch', authorization };
  const app = encodeURIComponent(target.flyApp);
  const machinesUrl = trimEnd(target.machinesUrl).replace(/\/v1$/, '');

  async function ask<T>(
    part: Part,
    schema: z.ZodType<T>,
    request: Pick<SafeRequest, 'url' | 'method' | 'body' | 'maxBytes'>,
    { signal, deadlineMs }: PromOptions,
  ): Promise<T> {
    count('request');
    const type = request.body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await http
      .fetch({ ...request, headers: { ...headers, ...type }, deadlineMs, signal })
      .catch((error: unknown) => {
        throw toScrapeError(error, target, part);
      });
    if (answer.status < 200 || answer.status > 299) throw statusError(answer, target, part);
    const parsed = schema.safeParse(parseJson(answer.text));
    if (!parsed.success) throw shapeError(target, part, answer);
    return parsed.data;
  }

  return {
    machines: (options) => {
      const url = `${machinesUrl}/v1/apps/${app}/machines`;
      return ask('machines', machinesSchema, { url, maxBytes: MACHINES_MAX_BYTES }, options);
    },
    secrets: async (options) => {
      const url = `${machinesUrl}/v1/apps/${app}/secrets`;
      return (await ask('secrets', secretsSchema, { url, maxBytes: SMALL_MAX_BYTES }, options)).secrets;
    },
    releases: async (options) => {
      const body = JSON.stringify({ query: RELEASES_QUERY, variables: { name: target.flyApp } });
      const request = {
        url: target.graphqlUrl ?? '',
        method: 'POST' as const,
        body,
        maxBytes: SMALL_MAX_BYTES,
      };
      const answer = await ask('releases', graphqlSchema, request, options);
      const error = graphqlError(answer, target);
      if (error !== null) throw error;
      return answer.data?.app ?? {};
    },
    metrics: (organization) =>
      target.prometheusUrl === null
        ? null
        : openPromClient({
            baseUrl: `${trimEnd(target.prometheusUrl)}/${encodeURIComponent(organization)}`,
            http,
            headers: { authorization },
            count,
            words: {
              who: `${nameTarget(target)}: its metrics`,
              secret: bareToken(target.token.reveal()),
              authFix: `metrics belong to the organisation, which a token of one app may not read; make one with ${tokenCommand(organization)}`,
              grantFix: `metrics belong to the organisation, which a token of one app may not read; make one with ${tokenCommand(organization)}`,
              sizeFix: 'check prometheusUrl in the config',
              pathFix: `no organisation ${organization} that this token may see; set organization in the config to its slug, as fly orgs list prints it`,
            },
          }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function trimEnd(url: string): string {
  return url.replace(/\/+$/, '');
}

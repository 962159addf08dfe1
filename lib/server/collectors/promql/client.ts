import 'server-only';
import type { SafeHttp, SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { type CountAct, ScrapeError } from '../collector.ts';
import { BadValueError, type PromAnswer, readAnswer } from './answer.ts';
import { type PromWords, readEnvelope, refusal, toScrapeError } from './errors.ts';
import { namesSchema, queryDataSchema } from './schema.ts';

/** More points of one series than this are refused by Prometheus. */
export const MOST_POINTS = 11_000;

const INSTANT_MAX_BYTES = 8 * 1024 * 1024;
const RANGE_MAX_BYTES = 16 * 1024 * 1024;
/** Gateways cut longer addresses off. */
const LONGEST_GET = 1_800;

export interface PromOptions {
  signal: AbortSignal;
  deadlineMs: number;
}

export interface PromRange {
  /** Both ends are points. */
  startMs: number;
  endMs: number;
  stepMs: number;
}

/** The query API of one engine. Every call is one request, counted before it is sent; all throw `ScrapeError`. */
export interface PromClient {
  /** The answer for now, by the server's clock. */
  query(query: string, options: PromOptions): Promise<PromAnswer>;
  queryRange(query: string, range: PromRange, options: PromOptions): Promise<PromAnswer>;
  /** Values of a label on the series that match. */
  labelValues(label: string, match: string, options: PromOptions): Promise<readonly string[]>;
}

export interface PromSetting {
  /** The part before `/api/v1/`, without a slash at the end. */
  baseUrl: string;
  http: SafeHttp;
  /** Sent with each request. */
  headers: Readonly<Record<string, string>>;
  count: CountAct;
  words: PromWords;
}

/** Speaks to Prometheus, VictoriaMetrics, Thanos, Mimir, Grafana Cloud and whatever else has their query API. */
export function openPromClient({ baseUrl, http, headers, count, words }: PromSetting): PromClient {
  const ask = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
    { signal, deadlineMs }: PromOptions,
    maxBytes: number,
    mayPost: boolean,
  ) => {
    const form = new URLSearchParams(parameters).toString();
    const posts = mayPost && form.length > LONGEST_GET;
    const url = `${baseUrl}/api/v1/${path}`;
    count('request');
    const sent = { accept: 'application/json', 'user-agent': 'afterwatch', ...headers };
    const answer = await http
      .fetch({
        url: posts ? url : `${url}?${form}`,
        ...(posts ? { method: 'POST' as const, body: form } : {}),
        headers: posts ? { ...sent, 'content-type': 'application/x-www-form-urlencoded' } : sent,
        deadlineMs,
        maxBytes,
        signal,
      })
      .catch((error: unknown) => {
        throw toScrapeError(error, words);
      });
    return dataOf(answer, words);
  };
  const query = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
    options: PromOptions,
    maxBytes: number,
  ) => {
    const { data, envelope } = await ask(path, parameters, options, maxBytes, true);
    const parsed = queryDataSchema.safeParse(data);
    if (!parsed.success) throw wrongShape(words);
    try {
      return readAnswer(parsed.data, envelope);
    } catch (error) {
      if (error instanceof BadValueError) throw wrongShape(words);
      throw error;
    }
  };
  return {
    query: (text, options) => query('query', { query: text }, options, INSTANT_MAX_BYTES),
    queryRange: (text, { startMs, endMs, stepMs }, options) => {
      const parameters = {
        query: text,
        start: String(startMs / 1_000),
        end: String(endMs / 1_000),
        step: String(stepMs / 1_000),
      };
      return query('query_range', parameters, options, RANGE_MAX_BYTES);
    },
    async labelValues(label, match, options) {
      const path = `label/${encodeURIComponent(label)}/values`;
      const { data } = await ask(path, { 'match[]': match }, options, INSTANT_MAX_BYTES, false);
      const parsed = namesSchema.safeParse(data);
      if (!parsed.success) throw wrongShape(words);
      return parsed.data;
    },
  };
}

function dataOf(answer: SafeResponse, words: PromWords) {
  const envelope = readEnvelope(answer);
  const good = answer.status >= 200 && answer.status <= 299;
  // Data can stand beside an error: then it is not whole, and nothing of it is taken.
  if (!good || envelope === null || envelope.status === 'error') throw refusal(answer, envelope, words);
  return { data: envelope.data, envelope };
}

function wrongShape({ who }: PromWords): ScrapeError {
  return new ScrapeError(
    'parse',
    `${who}: its answer has another shape than the Prometheus query API; check its url, the part before /api/v1/query`,
  );
}

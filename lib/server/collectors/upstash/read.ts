import 'server-only';
import type { z } from 'zod';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { CountAct } from '@/lib/server/collectors/collector.ts';
import type { UpstashTarget } from '@/lib/server/config/types.ts';
import type { SafeHttp, SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { fetchFailure, refusalOf, shapeError } from './errors.ts';
import { type Database, databaseSchema, databasesSchema, type Stats, statsSchema } from './schema.ts';

/** An hour of all series is under 1 MB; more comes from a period that is too long, or from somebody else. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** How far back the sampled series of one answer reach. */
export const PERIODS = ['1h', '3h', '12h', '1d', '3d', '7d'] as const;
export type StatsPeriod = (typeof PERIODS)[number];

/** The length that a period’s name stands for. */
export function periodMs(period: StatsPeriod): number {
  const [, count = '1', unit] = /^(\d+)([hd])$/.exec(period) ?? [];
  return Number(count) * (unit === 'd' ? DAY_MS : HOUR_MS);
}

/** The shortest period that holds `spanMs`; the longest where none does. */
export function periodIndex(spanMs: number): number {
  const found = PERIODS.findIndex((period) => periodMs(period) >= spanMs);
  return found === -1 ? PERIODS.length - 1 : found;
}

/** An answer of the API, checked; `serverMs` is its clock, null where it does not tell. */
export interface Told<T> {
  data: T;
  serverMs: number | null;
}

/** What is left of a visit for one request. */
export interface Asking {
  signal: AbortSignal;
  deadlineMs: number;
}

interface Call<T> {
  /** Behind the base of the API. */
  path: string;
  schema: z.ZodType<T>;
  /** Such as `its statistics`, for texts. */
  what: string;
  /** Undefined for what is no JSON. */
  parse: (text: string) => unknown;
}

/**
 * The three calls that we make, all of them GET. Each throws `ScrapeError`. Passwords and tokens, which the list of
 * databases carries, are dropped while the text is read: nothing behind this file sees them.
 */
export class UpstashApi {
  constructor(
    private readonly target: UpstashTarget,
    private readonly http: SafeHttp,
    private readonly count: CountAct,
  ) {}

  listDatabases(asking: Asking): Promise<Told<readonly Database[]>> {
    const call = { path: '/redis/databases', schema: databasesSchema, what: 'the list of databases' };
    return this.#ask({ ...call, parse: parseWithoutSecrets }, asking);
  }

  readDatabase(id: string, asking: Asking): Promise<Told<Database>> {
    const path = `/redis/database/${encodeURIComponent(id)}?credentials=hide`;
    return this.#ask(
      { path, schema: databaseSchema, what: 'the database', parse: parseWithoutSecrets },
      asking,
    );
  }

  async readStats(id: string, period: StatsPeriod, asking: Asking): Promise<Told<Stats>> {
    const path = `/redis/stats/${encodeURIComponent(id)}?period=${period}`;
    // Taking members out costs time; the many points here come without credentials, and the schema names what is kept.
    const call = { path, schema: statsSchema, what: 'its statistics', parse: parseJson };
    const told = await this.#ask(call, asking);
    // Every field may be absent, but an answer without any is about something else.
    if (Object.keys(told.data).length === 0)
      throw shapeError(this.target, call.what, 'none of its fields is known');
    return told;
  }

  async #ask<T>({ path, schema, what, parse }: Call<T>, asking: Asking): Promise<Told<T>> {
    const answer = await this.#fetch(path, what, asking);
    if (answer.status < 200 || answer.status > 299) throw refusalOf(answer, this.target, what);
    const body = parse(answer.text);
    if (body === undefined) {
      const html = answer.text.trimStart().startsWith('<');
      throw shapeError(
        this.target,
        what,
        html ? 'HTML, perhaps a login page or a proxy' : 'it is no JSON, or was cut short',
      );
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw shapeError(this.target, what, describeIssue(parsed.error));
    return { data: parsed.data, serverMs: answer.dateHeaderMs };
  }

  async #fetch(path: string, what: string, asking: Asking): Promise<SafeResponse> {
    const { apiUrl, email, apiKey } = this.target;
    const pair = Buffer.from(`${email}:${apiKey.reveal()}`).toString('base64');
    const headers = {
      accept: 'application/json',
      'user-agent': 'afterwatch',
      authorization: `Basic ${pair}`,
    };
    this.count('request');
    try {
      return await this.http.fetch({ url: `${apiUrl}${path}`, headers, maxBytes: MAX_BYTES, ...asking });
    } catch (error) {
      throw fetchFailure(error, this.target, what);
    }
  }
}

function parseJson(text: string): unknown {
  return parseWith(text);
}

const SECRET_NAME = /password|token|secret|credential/i;

/** The JSON without any member that is named like a credential; undefined when it is no JSON. */
export function parseWithoutSecrets(text: string): unknown {
  return parseWith(text, (name, value) => (SECRET_NAME.test(name) ? undefined : value));
}

function parseWith(text: string, reviver?: (name: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

/** Where the shape differs; never a value of the body. */
function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'unknown';
  const place = issue.path.map(String).join('.').slice(0, 80);
  return `${place === '' ? 'the answer' : place}: ${issue.message.slice(0, 80)}`;
}

import 'server-only';
import type { z } from 'zod';
import { isSafeCall } from '@/lib/core/neon/safe-calls.ts';
import type { NeonTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp, type SafeHttp, type SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { type CountAct, ScrapeError } from '../collector.ts';
import { type CallWords, parseError, statusError, toScrapeError } from './errors.ts';
import {
  type BranchRow,
  branchesSchema,
  type ConsumptionAnswer,
  consumptionSchema,
  type EndpointRow,
  endpointAnswerSchema,
  endpointsSchema,
  type OperationsPage,
  operationsSchema,
  type ProjectRow,
  projectAnswerSchema,
  projectsSchema,
  spendingLimitSchema,
} from './schema.ts';

/** A page of 1,000 operations is some 500 kB. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** More branches than this are not looked at one by one. */
export const BRANCHES_LIMIT = 200;

/** An answer, and by how much Neon's clock is ahead of ours (0 where it does not tell). */
export interface Timed<T> {
  value: T;
  skewMs: number;
}

export interface AskOptions {
  signal: AbortSignal;
  /** Our wall clock, for the difference to Neon's. */
  clock: () => number;
  /** From the call to its last byte. */
  deadlineMs: number;
}

/** The calls that we make to Neon's API: reading only, and only what wakes no compute. */
export class NeonApi {
  readonly #http: SafeHttp;
  #projectId: string | null;

  constructor(
    private readonly target: Pick<NeonTarget, 'name' | 'apiUrl' | 'apiKey' | 'project'>,
    private readonly count: CountAct,
  ) {
    this.#http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    this.#projectId = target.project;
  }

  /**
   * The project to read: the configured one, else the only one that the key sees, asked once. Throws `ScrapeError`,
   * of kind `grant` when a person has to say which.
   */
  async projectId(options: AskOptions): Promise<string> {
    this.#projectId ??= await this.#findProject(options);
    if (!/^[a-z0-9-]{1,60}$/.test(this.#projectId)) {
      throw new ScrapeError(
        'grant',
        `neon: ${this.target.name} has a "project" that is no id of Neon; it looks like shiny-wind-028834 and stands under Settings of the project`,
      );
    }
    return this.#projectId;
  }

  async project(id: string, options: AskOptions): Promise<Timed<ProjectRow>> {
    const answer = await this.#ask(`/projects/${id}`, {}, projectAnswerSchema, 'the project', options);
    return { ...answer, value: answer.value.project };
  }

  async endpoints(id: string, options: AskOptions): Promise<Timed<EndpointRow[]>> {
    const what = 'the list of endpoints';
    const answer = await this.#ask(`/projects/${id}/endpoints`, {}, endpointsSchema, what, options);
    return { ...answer, value: answer.value.endpoints };
  }

  async endpoint(id: string, endpointId: string, options: AskOptions): Promise<Timed<EndpointRow>> {
    const path = `/projects/${id}/endpoints/${endpointId}`;
    const answer = await this.#ask(path, {}, endpointAnswerSchema, `endpoint ${endpointId}`, options);
    return { ...answer, value: answer.value.endpoint };
  }

  async branches(id: string, options: AskOptions): Promise<Timed<BranchRow[]>> {
    const query = { limit: String(BRANCHES_LIMIT), sort_by: 'updated_at', sort_order: 'desc' };
    const what = 'the list of branches';
    const answer = await this.#ask(`/projects/${id}/branches`, query, branchesSchema, what, options);
    return { ...answer, value: answer.value.branches };
  }

  /** One page, newest first. */
  async operations(
    id: string,
    page: { limit: number; cursor: string | null },
    options: AskOptions,
  ): Promise<Timed<OperationsPage>> {
    const query = { limit: String(page.limit), ...(page.cursor !== null && { cursor: page.cursor }) };
    const what = 'the log of operations';
    return this.#ask(`/projects/${id}/operations`, query, operationsSchema, what, options);
  }

  /** In cents a month; null when none is set. */
  async spendingLimitCents(orgId: string, options: AskOptions): Promise<number | null> {
    const path = `/organizations/${orgId}/billing/spending_limit`;
    const { value } = await this.#ask(path, {}, spendingLimitSchema, 'the spending limit', options);
    return value.spending_limit_cents;
  }

  /** Hourly usage of one project. Asked on first contact only; its bucket of requests is small. */
  async consumption(
    id: string,
    asked: { orgId: string; fromMs: number; toMs: number; metrics: readonly string[]; cursor: string | null },
    options: AskOptions,
  ): Promise<ConsumptionAnswer> {
    const query = {
      org_id: asked.orgId,
      project_ids: id,
      from: toRfc3339(asked.fromMs),
      to: toRfc3339(asked.toMs),
      granularity: 'hourly',
      metrics: asked.metrics.join(','),
      ...(asked.cursor !== null && { cursor: asked.cursor }),
    };
    const path = '/consumption_history/v2/projects';
    return (await this.#ask(path, query, consumptionSchema, 'the consumption history', options)).value;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #findProject(options: AskOptions): Promise<string> {
    const what = 'the list of projects';
    const { value } = await this.#ask('/projects', { limit: '10' }, projectsSchema, what, options);
    const [only, second] = value.projects;
    if (only !== undefined && second === undefined) return only.id;
    const seen = only === undefined ? 'no project' : `${value.projects.length} projects or more`;
    throw new ScrapeError(
      'grant',
      `neon: ${this.target.name}: the API key sees ${seen}; name the one to watch as "project" in the config`,
    );
  }

  async #ask<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    schema: z.ZodType<T>,
    what: string,
    options: AskOptions,
  ): Promise<Timed<T>> {
    const words: CallWords = { target: this.target.name, what, apiKey: this.target.apiKey.reveal() };
    // The last guard before a request: nothing that could start a compute leaves this process.
    if (!isSafeCall('GET', path)) throw new ScrapeError('internal', `neon: ${path} is no call that we make`);
    const search = new URLSearchParams(query).toString();
    this.count('request');
    let answer: SafeResponse;
    try {
      answer = await this.#http.fetch({
        url: `${this.target.apiUrl}${path}${search === '' ? '' : `?${search}`}`,
        headers: {
          accept: 'application/json',
          'user-agent': 'afterwatch',
          authorization: `Bearer ${words.apiKey}`,
        },
        maxBytes: MAX_BODY_BYTES,
        deadlineMs: options.deadlineMs,
        signal: options.signal,
      });
    } catch (error) {
      throw toScrapeError(error, words);
    }
    if (answer.status < 200 || answer.status > 299) throw statusError(answer, words);
    return { value: readJson(answer, schema, words), skewMs: skewOf(answer, options.clock()) };
  }
}

function readJson<T>(answer: SafeResponse, schema: z.ZodType<T>, words: CallWords): T {
  if (answer.contentType !== null && /\bhtml\b/i.test(answer.contentType)) {
    throw parseError(words, 'a web page');
  }
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    throw parseError(words, 'no JSON');
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  // The path holds names of the schema and positions, never what was sent.
  throw parseError(words, where === '' ? 'no object' : `without a usable ${where}`);
}

/** The header tells whole seconds, so less than two of them is no difference. */
const SKEW_NOISE_MS = 2_000;

function skewOf({ dateHeaderMs }: SafeResponse, nowMs: number): number {
  if (dateHeaderMs === null) return 0;
  const skewMs = dateHeaderMs + 500 - nowMs;
  return Math.abs(skewMs) < SKEW_NOISE_MS ? 0 : skewMs;
}

function toRfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}

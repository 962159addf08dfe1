import 'server-only';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { planOf } from '@/lib/core/neon/limits.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { NeonTarget } from '@/lib/server/config/types.ts';
import { clockSkewNotice } from '../clock-skew.ts';
import {
  type CollectContext,
  type Collector,
  type CountAct,
  type HistorySession,
  type Pace,
  ScrapeError,
} from '../collector.ts';
import { mostTelling, toScrapeError } from './errors.ts';
import { readHistory } from './history.ts';
import { OperationsLog } from './operations-log.ts';
import {
  computeSamples,
  MAX_ENDPOINTS,
  operationSamples,
  sortComputes,
  type ToldAwake,
  toCompute,
} from './parse.ts';
import { type AskOptions, NeonApi } from './read.ts';
import type { ProjectRow } from './schema.ts';
import { branchSamples, projectSamples } from './usage.ts';
import { factsOf, noticesOf } from './words.ts';

const INTERVAL_SECONDS = 60;
const TIMEOUT_SECONDS = 10;
/** One call that hangs must not cost the visit the answers of the others. */
const PART_SHARE = 0.8;
/** A part that was refused with "too many requests" and no time to wait. */
const LIMITED_HOLD_MS = MINUTE_MS;

/** What one visit asks for, side by side. Each can fail by itself. */
const PARTS = ['endpoints', 'operations', 'project', 'branches'] as const;
type Part = (typeof PARTS)[number];

/** A Neon project by its API: four GETs a visit, none of which reaches a compute. */
export const neon: Omit<Collector<NeonTarget>, 'open'> & {
  open(target: NeonTarget, deps: { count: CountAct }): HistorySession;
} = {
  kind: 'neon',
  open: (target, { count }) => new NeonSession(target, count),
};

class NeonSession implements HistorySession {
  readonly #api: NeonApi;
  readonly #log = new OperationsLog();
  readonly #told: ToldAwake = { sinceMs: Number.NaN, seconds: new Map() };
  /** Parts that Neon asked us to leave alone, until when, and why. */
  readonly #held = new Map<Part, { untilMs: number; error: ScrapeError }>();
  #spending: { askedMs: number; value: number | null | undefined | string } | null = null;

  constructor(
    private readonly target: NeonTarget,
    count: CountAct,
  ) {
    this.#api = new NeonApi(target, count);
  }

  pace(): Pace {
    const normalSeconds = this.target.intervalSeconds ?? INTERVAL_SECONDS;
    return {
      normalSeconds,
      denseSeconds: Math.min(normalSeconds, INTERVAL_SECONDS),
      fixedBeat: false,
      timeoutSeconds: this.#timeoutSeconds(),
    };
  }

  async collect({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    const options = this.#options(signal, nowMs);
    const api = this.#api;
    const projectId = await api.projectId(options);
    const [endpoints, operations, project, branches] = await Promise.all([
      this.#part('endpoints', nowMs, () => api.endpoints(projectId, options)),
      this.#part('operations', nowMs, () => this.#log.refresh(api, projectId, options)),
      this.#part('project', nowMs, () => api.project(projectId, options)),
      this.#part('branches', nowMs, () => api.branches(projectId, options)),
    ]);
    const read = [endpoints, operations, project, branches];
    const errors = read.flatMap((one) => (one.error === null ? [] : [one.error]));
    const worst = mostTelling(errors);
    if (worst !== null && errors.length === read.length) throw worst;

    const skewMs = endpoints.value?.skewMs ?? project.value?.skewMs ?? branches.value?.skewMs ?? 0;
    const computes =
      endpoints.value === null
        ? null
        : sortComputes(
            endpoints.value.value.map((row) => toCompute(row, skewMs)),
            branches.value?.value ?? null,
          );
    const shown = computes?.slice(0, MAX_ENDPOINTS) ?? [];
    const log = operations.value;
    const row = project.value === null ? null : { row: project.value.value, skewMs };
    const known = {
      project: row?.row ?? null,
      computes,
      branches: branches.value?.value ?? null,
      spendingLimit: await this.#spendingLimit(row?.row ?? null, options, nowMs),
    };
    return {
      samples: [
        ...shown.flatMap(computeSamples),
        ...(log?.complete ? operationSamples(log, shown, this.#told, nowMs) : []),
        ...(row === null ? [] : projectSamples(row.row, skewMs, nowMs)),
        ...(known.branches === null ? [] : branchSamples(known.branches, shown, row)),
      ],
      start: null,
      facts: factsOf(known),
      notices: [
        ...noticesOf(known, nowMs),
        ...errors.map(missingPart),
        ...(log !== null && !log.complete ? [LOG_INCOMPLETE] : []),
        ...[clockSkewNotice(skewMs)].filter((notice) => notice !== null),
      ],
    };
  }

  async history({
    signal,
    nowMs,
    range,
    onProgress,
  }: CollectContext & {
    range: { startMs: number; endMs: number };
    onProgress: (share: number) => void;
  }): Promise<readonly HistorySeries[]> {
    const options = this.#options(signal, nowMs);
    return readHistory(this.#api, { range, nowMs, onProgress }, options);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /** The value of one part, or why there is none. Throws nothing. */
  async #part<T>(
    part: Part,
    nowMs: number,
    read: () => Promise<T>,
  ): Promise<{ value: T; error: null } | { value: null; error: ScrapeError }> {
    const held = this.#held.get(part);
    if (held !== undefined && nowMs < held.untilMs) {
      const retryAfterMs = held.untilMs - nowMs;
      return { value: null, error: new ScrapeError(held.error.kind, held.error.message, { retryAfterMs }) };
    }
    this.#held.delete(part);
    try {
      return { value: await read(), error: null };
    } catch (cause) {
      const error = toScrapeError(cause, {
        target: this.target.name,
        what: `the ${part}`,
        apiKey: this.target.apiKey.reveal(),
      });
      const waitMs = error.retryAfterMs ?? (error.kind === 'limit' ? LIMITED_HOLD_MS : 0);
      // The beat itself is the wait for anything shorter than it.
      if (waitMs > 0) this.#held.set(part, { untilMs: nowMs + waitMs, error });
      return { value: null, error };
    }
  }

  /** Once an hour, and only for the plans that have one. */
  async #spendingLimit(
    project: ProjectRow | null,
    options: AskOptions,
    nowMs: number,
  ): Promise<number | null | undefined | string> {
    const plan = planOf(project?.owner?.subscription_type ?? '')?.name ?? null;
    const orgId = project?.org_id ?? null;
    if (orgId === null || !/^[a-z0-9-]{1,60}$/.test(orgId) || plan === null || plan === 'Free') {
      return undefined;
    }
    if (this.#spending !== null && nowMs - this.#spending.askedMs < HOUR_MS) return this.#spending.value;
    let value: number | null | undefined | string;
    try {
      value = await this.#api.spendingLimitCents(orgId, options);
    } catch (error) {
      const refused = error instanceof ScrapeError && (error.kind === 'grant' || error.kind === 'auth');
      value = refused ? 'needs a key of the organisation' : undefined;
    }
    this.#spending = { askedMs: nowMs, value };
    return value;
  }

  #options(signal: AbortSignal, nowMs: number): AskOptions {
    const beganMs = performance.now();
    return {
      signal,
      clock: () => nowMs + (performance.now() - beganMs),
      deadlineMs: this.#timeoutSeconds() * 1000 * PART_SHARE,
    };
  }

  #timeoutSeconds(): number {
    return this.target.timeoutSeconds ?? TIMEOUT_SECONDS;
  }
}

/** A call that failed while others did not. */
function missingPart(error: ScrapeError): Notice {
  return { code: error.kind === 'grant' ? 'grant_missing' : 'part_unread', text: error.message };
}

const LOG_INCOMPLETE: Notice = {
  code: 'log_incomplete',
  text: 'the log of operations could not be followed back to 00:00 UTC, so awake time, starts and suspends are not counted; it is tried again at each visit',
};

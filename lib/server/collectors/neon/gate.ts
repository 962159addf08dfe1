import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import type { ComputeState } from '@/lib/core/neon/compute-state.ts';
import { endpointOf } from '@/lib/core/neon/host.ts';
import {
  type ClosedReason,
  type GateMemory,
  judgeVisit,
  MIN_VISIT_SECONDS,
  noteFacts,
  noteSisterVisit,
  noteVisit,
  startGate,
} from '@/lib/core/neon/wake-gate.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { NeonTarget, PostgresTarget } from '@/lib/server/config/types.ts';
import type { CollectContext, CountAct, ScrapeError } from '../collector.ts';
import { HELD_BACK, type VisitGate, type VisitPermit } from '../postgres/visit-gate.ts';
import { toScrapeError } from './errors.ts';
import { type Compute, toCompute } from './parse.ts';
import { NeonApi } from './read.ts';

/**
 * Before the first visit, and while the compute sleeps, we ask often: the visit shall come soon after somebody uses the
 * database. Between visits of one stretch the pace is the true one, since rates are made by it.
 */
const WAITING_PACE_SECONDS = 60;
/** The question must leave most of the visit's time to the database. */
const ASK_DEADLINE_MS = 3 * SECOND_MS;
/** A start is told in whole seconds and by another clock. */
const START_SLACK_MS = 2 * SECOND_MS;
const OWN_VISITS_KEPT = 10;

/**
 * Visits of ours by compute, shared by the gates of one process. Two databases may lie on one compute: each would take
 * the other's visits for somebody else's use, and together they would keep it awake.
 */
export class OwnVisits {
  readonly #endsMs = new Map<string, number>();

  /** End of the latest visit to this compute; null before the first. */
  latestMs(endpointId: string): number | null {
    return this.#endsMs.get(endpointId) ?? null;
  }

  note(endpointId: string, endMs: number): void {
    this.#endsMs.set(endpointId, Math.max(endMs, this.latestMs(endpointId) ?? endMs));
  }
}

/** What a gate needs beside its source. `visits` is shared by all gates; a gate that is the only one has its own. */
export interface GateDeps {
  count: CountAct;
  visits?: OwnVisits;
}

/**
 * The gate in front of a Postgres on Neon: asks Neon's API right before each visit, which wakes nothing, and lets SQL
 * through only while somebody else keeps the compute awake anyway. See `judgeVisit`.
 */
export class NeonWakeGate implements VisitGate {
  readonly #api: NeonApi;
  readonly #shared: OwnVisits;
  #state: ComputeState | null = null;
  #memory: GateMemory | null = null;
  #visits: TimeRange[] = [];
  /** When a start of the compute fell into a visit of ours: the API said active, and it slept a moment later. */
  #wokeAtMs: number | null = null;
  #quiet: { untilMs: number; text: string } | null = null;

  /** `endpointId` as `endpointOf` finds it in the database's address. */
  constructor(
    private readonly target: Pick<NeonTarget, 'name' | 'apiUrl' | 'apiKey' | 'project'>,
    private readonly endpointId: string,
    deps: GateDeps,
  ) {
    this.#api = new NeonApi(target, deps.count);
    this.#shared = deps.visits ?? new OwnVisits();
  }

  paceSeconds(): number {
    const visited = (this.#memory?.visitEndMs ?? null) !== null;
    return visited && this.#state === 'active' ? MIN_VISIT_SECONDS : WAITING_PACE_SECONDS;
  }

  async mayVisit({ signal, nowMs }: CollectContext): Promise<VisitPermit> {
    this.#memory ??= startGate(nowMs);
    if (this.#quiet !== null && nowMs < this.#quiet.untilMs) return unread(this.#quiet.text);
    const read = await this.#readCompute(signal, nowMs);
    if (typeof read === 'string') return unread(read);

    this.#state = read.state;
    this.#noteStart(read);
    const sisterMs = this.#shared.latestMs(this.endpointId);
    const memory = noteFacts(this.#memory, read);
    this.#memory = sisterMs === null ? memory : noteSisterVisit(memory, sisterMs);
    const verdict = judgeVisit(this.#memory, read, nowMs);
    const notices = this.#wokeNotices();
    if (verdict.open) return { open: true, notices };
    return {
      open: false,
      facts: factsOf(read),
      notices: [{ code: HELD_BACK, text: CLOSED_WORDS[verdict.reason] }, ...notices],
    };
  }

  noteVisit(visit: { startMs: number; endMs: number; sawOthers: boolean | null }): void {
    this.#memory = noteVisit(this.#memory ?? startGate(visit.startMs), visit);
    this.#visits = [...this.#visits, visit].slice(-OWN_VISITS_KEPT);
    this.#shared.note(this.endpointId, visit.endMs);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /** The compute, or in words why it could not be seen. */
  async #readCompute(signal: AbortSignal, nowMs: number): Promise<Compute | string> {
    const beganMs = performance.now();
    const options = {
      signal,
      deadlineMs: ASK_DEADLINE_MS,
      clock: () => nowMs + (performance.now() - beganMs),
    };
    try {
      const projectId = await this.#api.projectId(options);
      const { value, skewMs } = await this.#api.endpoint(projectId, this.endpointId, options);
      this.#quiet = null;
      return toCompute(value, skewMs);
    } catch (cause) {
      const error = toScrapeError(cause, {
        target: this.target.name,
        what: `endpoint ${this.endpointId}`,
        apiKey: this.target.apiKey.reveal(),
      });
      const holdMs = holdFor(error);
      this.#quiet = holdMs === 0 ? null : { untilMs: nowMs + holdMs, text: error.message };
      return error.message;
    }
  }

  #noteStart({ startedMs }: Compute): void {
    if (startedMs === null) return;
    const ours = this.#visits.some(
      ({ startMs, endMs }) => startedMs >= startMs - START_SLACK_MS && startedMs <= endMs + START_SLACK_MS,
    );
    if (ours) this.#wokeAtMs = startedMs;
  }

  #wokeNotices(): Notice[] {
    if (this.#wokeAtMs === null) return [];
    const at = new Date(this.#wokeAtMs).toISOString();
    return [
      {
        code: 'woke_compute',
        text: `its compute was started at ${at}, while a visit of ours ran: Neon said active and it fell asleep in between; this can happen once in a while and costs one sleep timeout`,
      },
    ];
  }
}

/** A refused key or a used-up quota is asked again after an hour, a limit when it says so. */
function holdFor(error: ScrapeError): number {
  const asked = error.retryAfterMs ?? 0;
  switch (error.kind) {
    case 'auth':
    case 'quota':
    case 'grant':
      return Math.max(asked, HOUR_MS);
    case 'limit':
      return Math.max(asked, MINUTE_MS);
    case 'timeout':
    case 'network':
    case 'http':
    case 'parse':
    case 'internal':
    case 'budget':
    case 'asleep':
    case 'unseen':
      return asked;
    default:
      return error.kind satisfies never;
  }
}

function unread(why: string): VisitPermit {
  return {
    open: false,
    facts: { state: 'unknown' },
    notices: [
      {
        code: HELD_BACK,
        text: `no SQL was sent, since Neon’s API did not say whether the compute is awake, and a connection would wake it: ${why}`,
      },
    ],
  };
}

function factsOf(compute: Compute): Record<string, string> {
  const sinceMs =
    compute.state === 'asleep' ? compute.suspendedMs : compute.state === 'active' ? compute.startedMs : null;
  return {
    state: compute.state,
    endpoint: compute.id,
    ...(sinceMs !== null && { since: new Date(sinceMs).toISOString().replace(/\.\d{3}Z$/, 'Z') }),
  };
}

const LOST = 'what it counted since our last visit is lost when it falls asleep';
const CLOSED_WORDS: Readonly<Record<ClosedReason, string>> = {
  asleep: 'its compute is asleep, which is healthy and free; no SQL was sent, since that would wake it',
  changing: 'its compute is starting or stopping; no SQL was sent until that is done',
  disabled: 'its compute is disabled and refuses connections; enable it in Neon’s console',
  unknown_state: 'its compute is in a state that this version does not know; no SQL was sent',
  too_soon:
    'our last visit was less than six minutes ago; no SQL was sent, since visits keep the compute awake',
  only_us: `nobody but us has used it since our last visit; no SQL was sent, so that it can fall asleep (${LOST})`,
  winding_down: `nobody has used it for a while; no SQL was sent, so that it can fall asleep (${LOST})`,
  no_evidence: `nothing shows yet that somebody else uses it; no SQL was sent, so that it can fall asleep (${LOST})`,
};

/**
 * The gate for this database, by the Neon sources that are configured; null when its host names no compute of Neon or
 * no Neon source has its app and environment. Of several the one with the database's own name is taken.
 */
export function gateFor(
  target: PostgresTarget,
  sources: readonly NeonTarget[],
  deps: GateDeps,
): VisitGate | null {
  const endpointId = endpointOf(target.url.reveal());
  const inScope = sources.filter(
    ({ app, environment }) => app === target.app && environment === target.environment,
  );
  const source = inScope.find(({ name }) => name === target.name) ?? inScope[0];
  if (endpointId === null || source === undefined) return null;
  return new NeonWakeGate(source, endpointId, deps);
}

/**
 * The gate without a Neon API key: nobody tells us whether the compute sleeps, and the only way to find out would wake
 * it. So no SQL is sent at all, unless the interval of the source was set by hand, which accepts that visits wake it.
 */
export class KeylessGate implements VisitGate {
  constructor(private readonly acceptsWaking: boolean) {}

  paceSeconds(): number {
    return MIN_VISIT_SECONDS;
  }

  mayVisit(): Promise<VisitPermit> {
    if (this.acceptsWaking) {
      const text =
        'visits wake this database at Neon and keep it awake, since its interval was set without a Neon API key; set NEON_API_KEY (a project-scoped key is enough), and it is visited only while others use it';
      return Promise.resolve({ open: true, notices: [{ code: 'wakes_compute', text }] });
    }
    const text =
      'no SQL is sent to this database: it is at Neon, where any connection wakes a sleeping compute, and without a Neon API key nobody tells us when it is awake; queries, connections and locks are not known. Set NEON_API_KEY (a project-scoped key is enough), or set interval of this source to accept that visits wake it';
    return Promise.resolve({
      open: false,
      facts: { state: 'unknown' },
      notices: [{ code: HELD_BACK, text }],
    });
  }

  noteVisit(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

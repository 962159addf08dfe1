import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import type { FlyTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp, type SafeHttp } from '@/lib/server/http/safe-fetch.ts';
import {
  answerDeadlineMs,
  type CollectContext,
  type Collector,
  type CountAct,
  type HistorySeries,
  type HistorySession,
  type Pace,
  ScrapeError,
} from '../collector.ts';
import type { PromAnswer } from '../promql/answer.ts';
import type { PromClient, PromOptions } from '../promql/client.ts';
import { HistoryBuilder, historyGrid, historyPieces } from '../promql/history.ts';
import { nameTarget, PART_WORDS, type Part } from './errors.ts';
import { ExitCounter } from './exits.ts';
import { PartGates } from './gates.ts';
import { type FlyMachine, machineNotices, machineSamples, readMachines } from './machines.ts';
import { METRICS_HISTORY, metricSamples, metricsQuery } from './metrics.ts';
import { type FlySnapshot, factsOf } from './parse.ts';
import { type FlyApi, openFlyApi, type RawSecret } from './read.ts';
import { organizationOf, readReleases, releaseNotices } from './releases.ts';
import type { RawMachine } from './schema.ts';
import { readSecrets, secretNotices } from './secrets.ts';

export type { FlyMachine } from './machines.ts';
export type { FlySnapshot } from './parse.ts';

const INTERVAL_SECONDS = 60;
const DENSE_SECONDS = 15;
const TIMEOUT_SECONDS = 10;
/** Releases and secrets change with deploys, which the machines show first. */
const SLOW_EVERY_MS = 300_000;
const HISTORY_REQUEST_MS = 30_000;
const HISTORY_SERIES = 400;
const FLY_SCRAPES_EVERY_MS = 15_000;

const NO_ORGANIZATION: Notice = {
  code: 'no_organization',
  text: 'Its organisation is not known, so metrics are missing; set organization in the config to its slug, as fly orgs list prints it.',
};

/** A session that can also tell what it saw last, for the search for machines and for deploys. */
export interface FlySession extends HistorySession {
  /** Null before the first good visit. */
  snapshot(): FlySnapshot | null;
}

/** Told of every list of machines that was read, with the time of the visit. */
export type SeeMachines = (source: FlyTarget, machines: readonly FlyMachine[], atMs: number) => void;

/** Told of what is known of an app after every good visit. */
export type SeeApp = (source: FlyTarget, snapshot: FlySnapshot) => void;

/** Reads one app on Fly: machines and metrics at each visit, releases and secrets every five minutes. */
export const fly = {
  kind: 'fly',
  open: (
    target: FlyTarget,
    { count, see, seeApp }: { count: CountAct; see?: SeeMachines; seeApp?: SeeApp },
  ): FlySession => new Session(target, count, see ?? (() => undefined), seeApp ?? (() => undefined)),
} as const satisfies Collector<FlyTarget>;

class Session implements FlySession {
  readonly #http: SafeHttp;
  readonly #api: FlyApi;
  readonly #gates = new PartGates();
  readonly #exits = new ExitCounter();
  #snapshot: FlySnapshot | null = null;
  #rawSecrets: readonly RawSecret[] | null = null;
  #slowAtMs: number | null = null;
  #versions = '';
  /** What the last look at releases and secrets could not read, said until the next one. */
  #slowNotices: readonly Notice[] = [];

  constructor(
    private readonly target: FlyTarget,
    count: CountAct,
    private readonly see: SeeMachines,
    private readonly seeApp: SeeApp,
  ) {
    this.#http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    this.#api = openFlyApi(target, this.#http, count);
  }

  pace(): Pace {
    const { intervalSeconds, timeoutSeconds } = this.target;
    const normalSeconds = intervalSeconds ?? INTERVAL_SECONDS;
    return {
      normalSeconds,
      denseSeconds: Math.min(normalSeconds, DENSE_SECONDS),
      fixedBeat: false,
      timeoutSeconds: timeoutSeconds ?? TIMEOUT_SECONDS,
    };
  }

  snapshot(): FlySnapshot | null {
    return this.#snapshot;
  }

  async collect({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    const options = { signal, deadlineMs: answerDeadlineMs(this.pace().timeoutSeconds) };
    const visit = new Visit(this.target, this.#gates, nowMs);
    const [raw, early] = await Promise.all([
      visit.read('machines', () => this.#api.machines(options)),
      // With the organisation known, metrics need not wait for anything.
      this.#readMetrics(visit, this.#organization(), options),
    ]);
    const machines = raw === null ? null : readMachines(raw);
    if (machines !== null) this.see(this.target, machines, nowMs);
    await this.#readSlowly(visit, raw, options, nowMs);
    const metrics = early ?? (await this.#readMetrics(visit, this.#organization(), options));
    visit.refuseNothing();

    const snapshot = this.#remember(nowMs, machines);
    this.seeApp(this.target, snapshot);
    const samples: Sample[] = [];
    this.#noteSlowly(visit);
    const notices: Notice[] = [...visit.noticesOf('machines', 'metrics'), ...this.#slowNotices];
    if (this.#organization() === null && this.target.prometheusUrl !== null) notices.push(NO_ORGANIZATION);
    if (raw !== null && machines !== null) {
      const ids = new Set(machines.map(({ id }) => id));
      samples.push(...machineSamples(machines), ...this.#exits.step(raw, ids, nowMs));
      notices.push(...machineNotices(machines));
      notices.push(...secretNotices(snapshot.secrets ?? [], this.#rawSecrets ?? [], raw));
      notices.push(...releaseNotices(snapshot.releases ?? [], machines, nowMs));
    }
    if (metrics !== null) {
      const running = machines?.filter(({ state }) => state === 'started' || state === 'changing');
      samples.push(...metricSamples(metrics, running ? new Set(running.map(({ id }) => id)) : null));
    }
    return { samples, start: null, facts: factsOf(snapshot), notices };
  }

  async history({
    signal,
    nowMs,
    range,
    onProgress,
  }: Parameters<HistorySession['history']>[0]): Promise<readonly HistorySeries[]> {
    const options = { signal, deadlineMs: HISTORY_REQUEST_MS };
    const grid = historyGrid(range, FLY_SCRAPES_EVERY_MS);
    if (this.#organization() === null) {
      const visit = new Visit(this.target, this.#gates, nowMs);
      await this.#readSlowly(visit, null, options, nowMs);
      visit.refuseNothing();
    }
    const client = this.#metricsClient(this.#organization());
    if (client === null || grid === null) return [];
    const builder = new HistoryBuilder(grid);
    const machineCount = Math.max(1, this.#snapshot?.machines?.length ?? 1);
    const pieces = historyPieces(grid, HISTORY_SERIES * machineCount);
    for (const [i, piece] of pieces.entries()) {
      const answer = await client.queryRange(metricsQuery(this.target.flyApp), piece, options);
      if (answer.partial === null) await builder.add(answer, METRICS_HISTORY);
      onProgress((i + 1) / pieces.length);
    }
    return builder.finish();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #organization(): string | null {
    return this.target.organization ?? this.#snapshot?.organization ?? null;
  }

  #metricsClient(organization: string | null): PromClient | null {
    return organization === null ? null : this.#api.metrics(organization);
  }

  async #readMetrics(
    visit: Visit,
    organization: string | null,
    options: PromOptions,
  ): Promise<PromAnswer | null> {
    const client = this.#metricsClient(organization);
    if (client === null || visit.asked('metrics')) return null;
    return visit.read('metrics', async () => {
      const answer = await client.query(metricsQuery(this.target.flyApp), options);
      if (answer.partial === null) return answer;
      throw new ScrapeError(
        'http',
        `${nameTarget(this.target)}: its metrics came only partly and were left out`,
      );
    });
  }

  /** Every five minutes, and as soon as a machine runs another release. */
  async #readSlowly(
    visit: Visit,
    raw: readonly RawMachine[] | null,
    options: PromOptions,
    nowMs: number,
  ): Promise<void> {
    if (this.target.graphqlUrl === null) return;
    const versions = raw === null ? this.#versions : versionsOf(raw);
    const isDue = this.#slowAtMs === null || nowMs - this.#slowAtMs >= SLOW_EVERY_MS;
    if (!isDue && versions === this.#versions) return;
    this.#versions = versions;
    this.#slowAtMs = nowMs;
    const [app, secrets] = await Promise.all([
      visit.read('releases', () => this.#api.releases(options)),
      visit.read('secrets', () => this.#api.secrets(options)),
    ]);
    const before = this.#snapshot;
    this.#rawSecrets = secrets ?? this.#rawSecrets;
    this.#snapshot = {
      atMs: nowMs,
      app: this.target.flyApp,
      machines: before?.machines ?? null,
      secrets: before?.secrets ?? null,
      organization: (app && organizationOf(app)) ?? before?.organization ?? null,
      releases: app === null ? (before?.releases ?? null) : readReleases(app),
    };
  }

  #noteSlowly(visit: Visit): void {
    if (visit.asked('releases')) this.#slowNotices = visit.noticesOf('releases', 'secrets');
  }

  #remember(nowMs: number, read: FlySnapshot['machines']): FlySnapshot {
    const before = this.#snapshot;
    const machines = read ?? before?.machines ?? null;
    const releases = before?.releases ?? null;
    const snapshot: FlySnapshot = {
      atMs: nowMs,
      app: this.target.flyApp,
      organization: this.#organization(),
      machines,
      releases,
      secrets:
        this.#rawSecrets === null ? null : readSecrets(this.#rawSecrets, machines ?? [], releases ?? []),
    };
    this.#snapshot = snapshot;
    return snapshot;
  }
}

/** Which release runs where: a change means that there is news among the releases. */
function versionsOf(raw: readonly RawMachine[]): string {
  const all = raw.map(({ id, config }) => `${id} ${config?.metadata?.fly_release_version ?? ''}`);
  return all.sort().join(',');
}

/** The parts of one visit: one that fails is said, and only when all fail the visit does. */
class Visit {
  readonly #notices: (Notice & { part: Part })[] = [];
  readonly #asked = new Set<Part>();
  readonly #errors: ScrapeError[] = [];
  #good = 0;

  constructor(
    private readonly target: FlyTarget,
    private readonly gates: PartGates,
    private readonly nowMs: number,
  ) {}

  asked(part: Part): boolean {
    return this.#asked.has(part);
  }

  noticesOf(...parts: readonly Part[]): Notice[] {
    return this.#notices.filter(({ part }) => parts.includes(part)).map(({ code, text }) => ({ code, text }));
  }

  /** Null when the part failed or is held off. */
  async read<T>(part: Part, ask: () => Promise<T>): Promise<T | null> {
    this.#asked.add(part);
    const held = this.gates.heldBy(part, this.nowMs);
    if (held !== null) {
      this.#fail(part, held);
      return null;
    }
    try {
      const answer = await ask();
      this.gates.passed(part);
      this.#good += 1;
      return answer;
    } catch (error) {
      if (!(error instanceof ScrapeError)) throw error;
      this.gates.failed(part, error, this.nowMs);
      this.#fail(part, error);
      return null;
    }
  }

  /** Throws when nothing at all could be read: what a person has to mend first. */
  refuseNothing(): void {
    if (this.#good > 0) return;
    this.gates.clear();
    const worst = ['auth', 'grant', 'limit'].map((kind) => this.#errors.find((one) => one.kind === kind));
    const error = worst.find((one) => one !== undefined) ?? this.#errors[0];
    if (error !== undefined) throw error;
    throw new ScrapeError('internal', `${nameTarget(this.target)}: nothing was asked; please report this`);
  }

  #fail(part: Part, error: ScrapeError): void {
    this.#errors.push(error);
    const code = error.kind === 'auth' || error.kind === 'grant' ? `no_grant_${part}` : `failed_${part}`;
    this.#notices.push({ part, code, text: `${capital(PART_WORDS[part])} are missing: ${error.message}` });
  }
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

import 'server-only';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import {
  type CollectContext,
  type Collector,
  type CollectorSession,
  type CountAct,
  type Pace,
  ScrapeError,
} from '@/lib/server/collectors/collector.ts';
import type { PostgresTarget } from '@/lib/server/config/types.ts';
import { KeylessGate } from '../neon/gate.ts';
import { refusalCode } from './errors.ts';
import { EMPTY_MEMORY, type PostgresContext, type PostgresMemory, parseReading } from './parse.ts';
import { type PostgresAddress, PostgresLink, parsePostgresUrl } from './read.ts';
import {
  activitySchema,
  databaseSchema,
  type PostgresReading,
  type SettingsRow,
  type SizeRow,
  settingsSchema,
  sizeSchema,
  statementSchema,
} from './schema.ts';
import {
  isAtLeast,
  OLDEST_STATEMENTS,
  type StatementsView,
  statementsText,
  statementText,
} from './statements.ts';
import type { VisitGate } from './visit-gate.ts';

const TIMEOUT_SECONDS = 10;
const USUAL = { normalSeconds: 30, denseSeconds: 15 };
const SIZE_EVERY_MS = 3_600_000;

/** Postgres says so when the library of an extension is not preloaded. */
const NOT_PRELOADED = '55000';
const NO_PRIVILEGE = '42501';

/**
 * Reads the statistics views of one Postgres, in four statements a visit, and its size once an hour. `gate` stands in
 * front of a database that sleeps; one at Neon that is opened without a gate is left alone.
 */
export const postgres: Omit<Collector<PostgresTarget>, 'open'> & {
  open(target: PostgresTarget, deps: { count: CountAct; gate?: VisitGate | null }): CollectorSession;
} = {
  kind: 'postgres',
  open: (target, deps) => new PostgresSession(target, deps.count, deps.gate ?? null),
};

class PostgresSession implements CollectorSession {
  readonly #address: PostgresAddress | null;
  /** Null for a database that never sleeps. */
  readonly #gate: VisitGate | null;
  /** The queries of others as the latest visit behind the gate counted them. */
  #othersCount: { value: number; marker: string } | null = null;
  #link: PostgresLink | null = null;
  #memory: PostgresMemory = EMPTY_MEMORY;
  #sizedAtMs: number | null = null;
  #closed = false;

  constructor(
    private readonly target: PostgresTarget,
    private readonly count: CountAct,
    gate: VisitGate | null,
  ) {
    this.#address = parsePostgresUrl(target.url.reveal());
    const keyless = this.#isNeon() ? new KeylessGate(target.intervalSeconds !== null) : null;
    this.#gate = gate ?? keyless;
  }

  pace(): Pace {
    const { intervalSeconds } = this.target;
    const timeoutSeconds = this.#timeoutSeconds();
    if (this.#gate !== null) {
      const seconds = Math.max(this.#gate.paceSeconds(), intervalSeconds ?? 0);
      return { normalSeconds: seconds, denseSeconds: seconds, fixedBeat: false, timeoutSeconds };
    }
    const normalSeconds = intervalSeconds ?? USUAL.normalSeconds;
    const denseSeconds = Math.min(normalSeconds, USUAL.denseSeconds);
    return { normalSeconds, denseSeconds, fixedBeat: false, timeoutSeconds };
  }

  async collect(context: CollectContext): Promise<CollectResult> {
    const gate = this.#gate;
    if (gate === null) return this.#visit(context);
    const permit = await gate.mayVisit(context);
    if (!permit.open) {
      const { facts, notices } = permit;
      const leftAlone = facts.state === 'unknown' ? 'unseen' : 'asleep';
      return { samples: [], start: null, facts, notices, leftAlone };
    }

    const beganMs = performance.now();
    let sawOthers: boolean | null = null;
    try {
      const result = await this.#visit(context);
      sawOthers = this.#compareOthers(result);
      return { ...result, notices: [...result.notices, ...permit.notices] };
    } finally {
      // Closed at once: a session that stays would have to be told from the app's.
      await this.#link?.close();
      this.#link = null;
      const endMs = context.nowMs + (performance.now() - beganMs);
      gate.noteVisit({ startMs: context.nowMs, endMs, sawOthers });
    }
  }

  async #visit({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    const { link, settings } = await this.#begin(signal);
    try {
      const { reading, statementsFault } = await this.#readAll(link, settings, signal, nowMs);
      const { result, memory } = parseReading(reading, {
        nowMs,
        forgetsOnStop: this.#gate !== null,
        statementsFault,
        memory: this.#memory,
      });
      this.#memory = memory;
      return { ...result, notices: [...result.notices, ...this.#poolerNotices()] };
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link?.close();
    this.#link = null;
    await this.#gate?.close();
  }

  /** Did anybody else ask something since the visit before? Null when nothing tells. */
  #compareOthers({ samples, start }: CollectResult): boolean | null {
    const queries = samples.find(
      ({ metric, labels }) => metric === 'db_queries_total' && labels.from === undefined,
    );
    const before = this.#othersCount;
    const marker = `${start?.marker ?? ''} ${queries?.start?.marker ?? ''}`;
    this.#othersCount = queries === undefined ? null : { value: queries.value, marker };
    if (queries === undefined || before === null || before.marker !== marker) return null;
    return queries.value > before.value;
  }

  /** The first statement of the visit over the kept connection; at most one (re)connect a visit. */
  async #begin(signal: AbortSignal): Promise<{ link: PostgresLink; settings: SettingsRow }> {
    const kept = this.#link?.alive ? this.#link : null;
    if (kept !== null) {
      try {
        return { link: kept, settings: await this.#readSettings(kept, signal) };
      } catch (error) {
        this.#drop();
        // A connection that was cut while it lay idle says nothing about the server; anything else does.
        const wasCut = error instanceof ScrapeError && error.kind === 'network';
        if (!wasCut || signal.aborted || this.#closed) throw error;
      }
    }
    const link = await this.#connect(signal);
    try {
      return { link, settings: await this.#readSettings(link, signal) };
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  async #connect(signal: AbortSignal): Promise<PostgresLink> {
    this.#drop();
    if (this.#address === null) {
      throw new ScrapeError(
        'internal',
        `postgres: ${this.target.name} has a url that is not postgres://user:password@host:port/database; correct it (write % in a password as %25)`,
      );
    }
    const link = await PostgresLink.open(
      this.target,
      this.#address,
      this.#timeoutSeconds(),
      this.count,
      signal,
    );
    if (this.#closed) {
      link.destroy();
      throw new ScrapeError('internal', `postgres: ${this.target.name} was closed during its visit`);
    }
    this.#link = link;
    return link;
  }

  #drop(): void {
    this.#link?.destroy();
    this.#link = null;
  }

  async #readSettings(link: PostgresLink, signal: AbortSignal): Promise<SettingsRow> {
    const [settings] = await link.query(statementText('settings'), settingsSchema, signal);
    if (settings !== undefined) return settings;
    throw this.#emptyAnswer();
  }

  async #readAll(
    link: PostgresLink,
    settings: SettingsRow,
    signal: AbortSignal,
    nowMs: number,
  ): Promise<{ reading: PostgresReading; statementsFault: PostgresContext['statementsFault'] }> {
    const [database] = await link.query(statementText('database'), databaseSchema, signal);
    if (database === undefined) throw this.#emptyAnswer();
    const activity = await ifAllowed(link.query(statementText('activity'), activitySchema, signal));
    const { statements, fault } = await readStatements(link, settings, signal);
    const size = await this.#readSize(link, signal, nowMs);
    return { reading: { settings, database, activity, statements, size }, statementsFault: fault };
  }

  /** Once an hour: it looks at every file of the database, and at storage over the network on Neon, so never there. */
  async #readSize(link: PostgresLink, signal: AbortSignal, nowMs: number): Promise<SizeRow | null> {
    const isDue = this.#sizedAtMs === null || nowMs - this.#sizedAtMs >= SIZE_EVERY_MS;
    if (!isDue || this.#gate !== null) return null;
    const rows = await ifAllowed(link.query(statementText('size'), sizeSchema, signal));
    this.#sizedAtMs = nowMs;
    return rows?.[0] ?? null;
  }

  #emptyAnswer(): ScrapeError {
    return new ScrapeError(
      'parse',
      `postgres: ${this.target.name} gave no row about itself; check what lies between us and Postgres: something rewrites queries`,
    );
  }

  #poolerNotices(): Notice[] {
    const isPooler = this.#isNeon() && /-pooler\./.test(this.#address?.host ?? '');
    if (!isPooler) return [];
    return [
      {
        code: 'pooled_host',
        text: 'it is read through its pooler, so numbers of connections are those of the pooler; use the host without -pooler',
      },
    ];
  }

  #isNeon(): boolean {
    const host = this.#address?.host.toLowerCase().replace(/\.$/, '') ?? '';
    return host === 'neon.tech' || host.endsWith('.neon.tech');
  }

  #timeoutSeconds(): number {
    return this.target.timeoutSeconds ?? TIMEOUT_SECONDS;
  }
}

/** Null when the role may not ask this; every other failure is thrown. */
async function ifAllowed<T>(rows: Promise<T>): Promise<T | null> {
  try {
    return await rows;
  } catch (error) {
    if (refusalCode(error) === NO_PRIVILEGE) return null;
    throw error;
  }
}

async function readStatements(
  link: PostgresLink,
  settings: SettingsRow,
  signal: AbortSignal,
): Promise<{
  statements: PostgresReading['statements'];
  fault: PostgresContext['statementsFault'];
}> {
  const view = statementsView(settings);
  if (view === null) return { statements: null, fault: null };
  if (!isAtLeast(view.version, OLDEST_STATEMENTS)) return { statements: null, fault: 'too_old' };
  try {
    return { statements: await link.query(statementsText(view), statementSchema, signal), fault: null };
  } catch (error) {
    switch (refusalCode(error)) {
      case NOT_PRELOADED:
        return { statements: null, fault: 'not_loaded' };
      case NO_PRIVILEGE:
        return { statements: null, fault: 'denied' };
      default:
        throw error;
    }
  }
}

function statementsView({ statements_schema, statements_version }: SettingsRow): StatementsView | null {
  const version = /^(\d+)\.(\d+)/.exec(statements_version ?? '');
  // The name comes quoted from the server; anything that is no single name is not put into a statement.
  const isName = /^(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")$/.test(statements_schema ?? '');
  if (version === null || statements_schema === null || !isName) return null;
  return { schema: statements_schema, version: [Number(version[1]), Number(version[2])] };
}

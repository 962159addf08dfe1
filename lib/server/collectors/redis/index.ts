import 'server-only';
import type { StartMarker } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import {
  type CollectContext,
  type Collector,
  type CollectorSession,
  type CountAct,
  type Pace,
  ScrapeError,
} from '@/lib/server/collectors/collector.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';
import { UsageBook } from '../usage-book.ts';
import { isReply, nameRefusal } from './errors.ts';
import { type InfoReply, parseInfo } from './parse.ts';
import { judgeReplies, MOST_PROBES, type ProbeResult, probe, type Reply } from './probe.ts';
import { parseRedisUrl, RedisLink } from './read.ts';
import { readRefusal } from './refusals.ts';
import { SECTIONS } from './schema.ts';
import { Trouble } from './trouble.ts';

const TIMEOUT_SECONDS = 5;
const UNMETERED = { normalSeconds: 15, denseSeconds: 15 };
/** Every command may be billed: few, on a fixed beat, denser only for a while after a deploy. */
const METERED = { normalSeconds: 300, denseSeconds: 60 };
/** Fewer still where the provider's API tells the GETs, which costs no command. */
const METERED_WITH_USAGE = { normalSeconds: 600, denseSeconds: 60 };

/** While a quota is used up or the provider has suspended it: 24 visits a day. */
const RESTING_SECONDS = 3600;

/**
 * Whatever happens. A visit at worst asks on a dead connection, connects, logs in and asks again, and then looks closer
 * with three more commands.
 */
const BUDGET = { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 4 + MOST_PROBES };

/** Two starts of one process this close are one, seen through the rounding of whole seconds. */
const SAME_START_MS = 2_000;

/**
 * Reads INFO from Redis 6–8, Valkey and their kin, and from Upstash, in one command a visit. Up to three more tell why
 * it refuses, and whether it does where INFO is answered.
 */
export const redis = {
  kind: 'redis',
  /** `usage`: databases whose commands their provider counts for us; none when left out. */
  open: (
    target: RedisTarget,
    { count, usage = new UsageBook() }: { count: CountAct; usage?: UsageBook },
  ): CollectorSession => new RedisSession(target, count, usage),
} satisfies Collector<RedisTarget>;

class RedisSession implements CollectorSession {
  #link: RedisLink | null = null;
  /** What the server behind the present connection is; null until its first answer. */
  #server: Pick<InfoReply, 'flavour' | 'takesSections'> | null = null;
  /** Null until the first INFO. Stays true once seen: a metered plan does not end with a connection. */
  #isUpstash: boolean | null = null;
  #start: StartMarker | null = null;
  #closed = false;
  readonly #trouble = new Trouble();
  readonly #host: string;
  /** Whether the latest visit gave its numbers. */
  #wasGood = false;

  constructor(
    private readonly target: RedisTarget,
    private readonly count: CountAct,
    private readonly usage: UsageBook,
  ) {
    this.#host = parseRedisUrl(target.url.reveal())?.host ?? '';
  }

  pace(): Pace {
    const { target } = this;
    const fixedBeat = this.#isMetered();
    const usual = fixedBeat ? this.#meteredPace() : UNMETERED;
    // After a failed visit the poller rests by itself.
    const rests = this.#trouble.stopsPaying && this.#wasGood;
    const normalSeconds = rests ? RESTING_SECONDS : (target.intervalSeconds ?? usual.normalSeconds);
    return {
      normalSeconds,
      denseSeconds: rests ? RESTING_SECONDS : Math.min(normalSeconds, usual.denseSeconds),
      fixedBeat,
      timeoutSeconds: this.#timeoutSeconds(),
      ...(rests && { restSeconds: RESTING_SECONDS }),
      budget: fixedBeat ? BUDGET : null,
    };
  }

  async collect({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    this.#wasGood = false;
    const { link, text } = await this.#readInfo(signal);
    const reply = parseInfo(text, nowMs);
    if (reply === null) {
      this.#drop();
      throw new ScrapeError(
        'parse',
        `redis: ${this.target.name} answered INFO without a version; check that ${this.target.address} is a Redis or a Valkey`,
      );
    }
    this.#server = { flavour: reply.flavour, takesSections: reply.takesSections };
    this.#isUpstash = this.#isUpstash === true || reply.flavour === 'upstash';
    // A refusal here is told by facts and a notice: the numbers of INFO are good all the same.
    const closer = this.#trouble.wantsProbe(reply, nowMs, this.#isMetered() || this.#isUpstash === true);
    const probed = closer ? await this.#probe(link, ANSWERED, signal) : null;
    this.#trouble.note(probed ?? judgeReplies([ANSWERED], false));
    const learned = this.#trouble.learned(probed);
    const notices = [...reply.notices];
    const refused = this.#trouble.notice();
    if (refused !== null) notices.unshift(refused);
    if (link.passwordNotNeeded) {
      notices.push({
        code: 'password_not_needed',
        text: 'it takes everybody in without a password, though its url has one; set requirepass there',
      });
    }
    this.#wasGood = true;
    return {
      samples: [...reply.samples, ...learned.samples],
      start: this.#steady(reply.start),
      facts: { ...reply.facts, ...learned.facts },
      notices,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#drop();
  }

  /** One INFO over the kept connection; at most one (re)connect a visit. */
  async #readInfo(signal: AbortSignal): Promise<{ link: RedisLink; text: string }> {
    const kept = this.#link?.alive ? this.#link : null;
    if (kept !== null) {
      try {
        return { link: kept, text: await kept.info(this.#sections(), signal) };
      } catch (error) {
        // A connection that was cut while it lay idle says nothing about the server; anything else does.
        const wasCut = error instanceof ScrapeError && error.kind === 'network' && !isReply(error.cause);
        if (!wasCut || signal.aborted || this.#closed) throw await this.#explain(kept, error, signal);
      }
    }
    const link = await this.#connect(signal);
    try {
      return { link, text: await link.info(this.#sections(), signal) };
    } catch (error) {
      throw await this.#explain(link, error, signal);
    }
  }

  /**
   * What a failed INFO means, looked into with real commands where the server answered but would not say why, or is
   * met exhausted for the first time. The connection is kept only where nothing but service is refused.
   */
  async #explain(link: RedisLink, error: unknown, signal: AbortSignal): Promise<unknown> {
    const said = replyOf(error);
    if (said === null || !(error instanceof ScrapeError)) {
      this.#drop();
      return error;
    }
    const refusal = readRefusal(said);
    const isUnknown = refusal === null && error.kind === 'network' && !/\bLOADING\b/.test(said);
    if (refusal === null && !isUnknown) {
      this.#drop();
      return error;
    }
    const first = { error: said };
    const closer = link.alive && refusal?.what !== 'connections' && this.#trouble.wantsReason(said);
    const probed = closer ? await this.#probe(link, first, signal) : judgeReplies([first], false);
    this.#trouble.note(probed);
    if (probed.refusal === null) this.#drop();
    const learned = this.#trouble.learned(probed);
    const why = { cause: error.cause, learned };
    if (refusal !== null || probed.refusal === null) return new ScrapeError(error.kind, error.message, why);
    const { kind, text } = nameRefusal(probed.refusal);
    return new ScrapeError(kind, `redis: ${this.target.name} ${text}`, why);
  }

  /** Real commands on the connection of this visit. While a refusal is known, the first one more is answer enough. */
  #probe(link: RedisLink, first: Reply, signal: AbortSignal): Promise<ProbeResult> {
    const ask = (command: string, ...words: string[]) => link.ask(command, words, signal);
    return probe(first, ask, this.#trouble.isKnown);
  }

  async #connect(signal: AbortSignal): Promise<RedisLink> {
    this.#drop();
    const address = parseRedisUrl(this.target.url.reveal());
    if (address === null) {
      throw new ScrapeError(
        'internal',
        `redis: ${this.target.name} has a url that is not redis://host:port or rediss://host:port; correct it (write % in a password as %25)`,
      );
    }
    const link = await RedisLink.open(this.target, address, this.#timeoutSeconds(), this.count, signal);
    if (this.#closed) {
      link.destroy();
      throw new ScrapeError('internal', `redis: ${this.target.name} was closed during its visit`);
    }
    this.#link = link;
    return link;
  }

  #drop(): void {
    this.#link?.destroy();
    this.#link = null;
    // Another server may answer next time, with another version.
    this.#server = null;
  }

  /** What to ask for: all of it at first contact, then only what is used where the server can choose. */
  #sections(): readonly string[] {
    if (this.#server?.takesSections) return SECTIONS;
    // Upstash takes no argument as `all`, and has no more to give.
    return this.#isUpstash === true ? [] : ['all'];
  }

  /** The first start seen of a process, so that rounding never moves it. */
  #steady(start: StartMarker | null): StartMarker | null {
    const before = this.#start;
    const same =
      before !== null &&
      start !== null &&
      before.marker === start.marker &&
      before.atMs !== null &&
      start.atMs !== null &&
      Math.abs(before.atMs - start.atMs) <= SAME_START_MS;
    if (!same) this.#start = start;
    return this.#start;
  }

  #meteredPace(): typeof METERED {
    return this.usage.tells(this.#host) ? METERED_WITH_USAGE : METERED;
  }

  /** Until it has said what it is, a Redis is taken for metered: too few visits can be mended, a bill cannot. */
  #isMetered(): boolean {
    const { metered, plan } = this.target;
    if (plan === 'fixed') return false;
    if (metered !== 'auto') return metered;
    return (this.#isUpstash ?? true) || isUpstashHost(this.#host);
  }

  #timeoutSeconds(): number {
    return this.target.timeoutSeconds ?? TIMEOUT_SECONDS;
  }
}

/** The words of the server, where the failure is an answer of it. */
function replyOf(error: unknown): string | null {
  if (!(error instanceof ScrapeError) || !(error.cause instanceof Error)) return null;
  return isReply(error.cause) ? error.cause.message : null;
}

/** The reply to an INFO that gave its numbers. */
const ANSWERED: Reply = { error: null };

function isUpstashHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'upstash.io' || name.endsWith('.upstash.io');
}

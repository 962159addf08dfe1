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
import { isReply } from './errors.ts';
import { type InfoReply, parseInfo } from './parse.ts';
import { parseRedisUrl, RedisLink } from './read.ts';
import { SECTIONS } from './schema.ts';

const TIMEOUT_SECONDS = 5;
const UNMETERED = { normalSeconds: 15, denseSeconds: 15 };
/** Every command may be billed: few, on a fixed beat, denser only for a while after a deploy. */
const METERED = { normalSeconds: 300, denseSeconds: 60 };

/** Whatever happens. A visit at worst asks on a dead connection, connects, logs in and asks again. */
const BUDGET = { contactsPerDay: 500, mostPerVisit: 4 };

/** Two starts of one process this close are one, seen through the rounding of whole seconds. */
const SAME_START_MS = 2_000;

/** Reads INFO from Redis 6–8, Valkey and their kin, and from Upstash, in one command a visit. */
export const redis: Collector<RedisTarget> = {
  kind: 'redis',
  open: (target, { count }) => new RedisSession(target, count),
};

class RedisSession implements CollectorSession {
  #link: RedisLink | null = null;
  /** What the server behind the present connection is; null until its first answer. */
  #server: Pick<InfoReply, 'flavour' | 'takesSections'> | null = null;
  /** Stays true once seen: a metered plan does not end with a connection. */
  #isUpstash = false;
  #start: StartMarker | null = null;
  #closed = false;

  constructor(
    private readonly target: RedisTarget,
    private readonly count: CountAct,
  ) {}

  pace(): Pace {
    const { target } = this;
    const fixedBeat = this.#isMetered();
    const usual = fixedBeat ? METERED : UNMETERED;
    const normalSeconds = target.intervalSeconds ?? usual.normalSeconds;
    return {
      normalSeconds,
      denseSeconds: Math.min(normalSeconds, usual.denseSeconds),
      fixedBeat,
      timeoutSeconds: this.#timeoutSeconds(),
      budget: fixedBeat ? BUDGET : null,
    };
  }

  async collect({ signal, nowMs }: CollectContext): Promise<CollectResult> {
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
    this.#isUpstash ||= reply.flavour === 'upstash';
    const notices = [...reply.notices];
    if (link.passwordNotNeeded) {
      notices.push({
        code: 'password_not_needed',
        text: 'it takes everybody in without a password, though its url has one; set requirepass there',
      });
    }
    return { samples: reply.samples, start: this.#steady(reply.start), facts: reply.facts, notices };
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
        this.#drop();
        // A connection that was cut while it lay idle says nothing about the server; anything else does.
        const wasCut = error instanceof ScrapeError && error.kind === 'network' && !isReply(error.cause);
        if (!wasCut || signal.aborted || this.#closed) throw error;
      }
    }
    const link = await this.#connect(signal);
    try {
      return { link, text: await link.info(this.#sections(), signal) };
    } catch (error) {
      this.#drop();
      throw error;
    }
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
    return this.#isUpstash ? [] : ['all'];
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

  #isMetered(): boolean {
    const { metered, plan } = this.target;
    if (plan === 'fixed') return false;
    if (metered !== 'auto') return metered;
    return this.#isUpstash || isUpstashHost(parseRedisUrl(this.target.url.reveal())?.host ?? '');
  }

  #timeoutSeconds(): number {
    return this.target.timeoutSeconds ?? TIMEOUT_SECONDS;
  }
}

function isUpstashHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'upstash.io' || name.endsWith('.upstash.io');
}

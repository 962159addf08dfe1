import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { Learned } from '../collector.ts';
import type { InfoReply } from './parse.ts';
import type { ProbeResult } from './probe.ts';
import { type Refusal, refusalWords } from './refusals.ts';

/** Visits in a row without a refusal that end a trouble: two of three single commands pass an exhausted quota. */
const CLEAN_VISITS = 3;
/** Below a tenth of what it was, traffic has stopped: the mode may have changed. */
const STOPPED_SHARE = 0.1;
/** Foreign commands per second that are traffic at all. */
const TRAFFIC_PER_SECOND = 0.2;
/** A stop is looked into twice a day at most, so that a bursty app does not use up the budget. */
const STOP_PROBE_MS = 12 * HOUR_MS;

interface Load {
  atMs: number;
  /** Of one replica; replicas count for themselves. */
  member: string;
  commands: number;
}

/** What a session remembers of refusals, and what makes it look closer. One for each session. */
export class Trouble {
  #refusal: { refusal: Refusal; clean: number } | null = null;
  #isMet = false;
  #load: Load | null = null;
  #perSecond: number | null = null;
  #lastStopProbeMs: number | null = null;
  /** The error that was looked into last; null after a good visit. */
  #explained: string | null = null;

  /** True while every contact may be refused and billed all the same: the poller asks once an hour then. */
  get stopsPaying(): boolean {
    return this.#refusal !== null && this.#refusal.refusal.kind !== 'throttled';
  }

  get isKnown(): boolean {
    return this.#refusal !== null;
  }

  /** Whether a visit whose INFO was refused looks closer: once for each error, not at every visit. */
  wantsReason(said: string): boolean {
    this.#isMet = true;
    const kind = said.slice(0, 24);
    if (this.#refusal !== null || this.#explained === kind) return false;
    this.#explained = kind;
    return true;
  }

  /** Whether a visit whose INFO was answered looks closer. `metered`: of a plan that has limits to run into. */
  wantsProbe(reply: InfoReply, nowMs: number, metered: boolean): boolean {
    const stopped = this.#noteLoad(reply, nowMs);
    const isFirst = !this.#isMet;
    this.#isMet = true;
    this.#explained = null;
    // A throttled one says so by itself at its next INFO; probes would only add to its load.
    if (this.#refusal !== null) return this.stopsPaying;
    if (!metered) return false;
    if (isFirst) return true;
    if (!stopped) return false;
    if (this.#lastStopProbeMs !== null && nowMs - this.#lastStopProbeMs < STOP_PROBE_MS) return false;
    this.#lastStopProbeMs = nowMs;
    return true;
  }

  /** Takes in what a visit's real commands told: of INFO alone, or of a probe. */
  note({ refusal, mode }: ProbeResult): void {
    if (refusal !== null) {
      // A later text without numbers does not erase the ones that are known.
      const known = this.#refusal?.refusal;
      const limit = refusal.limit ?? (known?.kind === refusal.kind ? known.limit : null);
      const usage = refusal.usage ?? (known?.kind === refusal.kind ? known.usage : null);
      this.#refusal = { refusal: { ...refusal, limit, usage }, clean: 0 };
    } else if (this.#refusal !== null && mode === 'active') {
      this.#refusal.clean += 1;
      if (this.#refusal.clean >= CLEAN_VISITS) this.#refusal = null;
    }
  }

  /** Facts and the refused ratio; `probed` null when only INFO was asked and it was answered. */
  learned(probed: ProbeResult | null): Learned {
    const facts: Record<string, string> = {};
    const told = this.#refusal?.refusal ?? null;
    if (told !== null) {
      facts.probe = told.kind;
      facts.probeWords = refusalWords(told);
      if (told.limit !== null) facts.quotaLimit = String(told.limit);
      if (told.usage !== null) facts.quotaUsage = String(told.usage);
    } else if (probed !== null) facts.probe = probed.mode;
    if (probed === null || probed.answered === 0) return { samples: [], facts };
    facts.probeRefused = `${probed.refused} of ${probed.answered}`;
    const value = probed.refused / probed.answered;
    return { samples: [{ metric: 'redis_probe_refused_ratio', labels: {}, value }], facts };
  }

  /** Said of a visit that gave INFO all the same; null while nothing was refused. */
  notice(): Notice | null {
    if (this.#refusal === null) return null;
    const { refusal, clean } = this.#refusal;
    const since =
      clean === 0
        ? 'it refused some of our commands just now'
        : `it refused commands of ours, though not at the last ${clean === 1 ? 'visit' : `${clean} visits`}`;
    const then = this.stopsPaying ? '; we ask once an hour' : '';
    return {
      code: refusal.kind,
      text: `${since}: ${refusalWords(refusal)}. One answer proves nothing: ${CLEAN_VISITS} visits in a row without a refusal end this${then}`,
    };
  }

  /** Remembers the load; true when traffic that was there has stopped since the last visit. */
  #noteLoad({ samples, facts }: InfoReply, nowMs: number): boolean {
    const commands = samples.find(({ metric }) => metric === 'redis_commands_processed_total')?.value;
    if (commands === undefined) return false;
    const before = this.#load;
    const now: Load = { atMs: nowMs, member: facts.member ?? '', commands };
    this.#load = now;
    // Another replica, or a restart: nothing to compare with.
    if (before === null || before.member !== now.member || commands < before.commands) return false;
    if (nowMs <= before.atMs) return false;
    const perSecond = ((commands - before.commands) * 1000) / (nowMs - before.atMs);
    const was = this.#perSecond;
    this.#perSecond = perSecond;
    return was !== null && was >= TRAFFIC_PER_SECOND && perSecond < was * STOPPED_SHARE;
  }
}

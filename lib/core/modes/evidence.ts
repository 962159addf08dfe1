import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { ScrapeErrorKind } from '../model/scrape.ts';
import type { SourceState } from '../model/source-state.ts';

/** Modes that a server shows by refusing commands. */
export const REFUSAL_MODES = ['quota_exhausted', 'throttled', 'suspended_by_provider'] as const;
export type RefusalMode = (typeof REFUSAL_MODES)[number];

/** What our own visits to a Redis tell about it. */
export interface RedisEvidence {
  name: string;
  state: SourceState;
  /** Of the latest visit; null when it was good. */
  errorKind: ScrapeErrorKind | null;
  /** What real commands of ours were refused for; null while none was. `words`: `its quota is used up (…)`. */
  refusal: { mode: RefusalMode; words: string } | null;
  /** Commands other than ours over the latest visits, per second; null when unknown. */
  commandsPerSecond: number | null;
  /** What arrived since the last change of mode, per minute, without ours; null when unknown or too early to say. */
  arriving: { perMinute: number; what: 'GETs' | 'commands' } | null;
}

/** What one machine tells of its use of Redis. Null where it exports nothing of the kind. */
export interface MachineEvidence {
  name: string;
  /** Its own word: its switch as its process parsed it. */
  suspended: boolean | null;
  /** True when its settings hold a wish to suspend, whatever the process made of it. */
  asked: boolean | null;
  /** Log lines in the last minutes that say it runs without Redis. */
  suspendedLines: number | null;
  /** Redis commands by its own counter, per second. */
  commandsPerSecond: number | null;
  /** What its health endpoint says of Redis by name. `canGoRed` false: it stayed green when Redis was known to be off. */
  health: { redis: 'passing' | 'failing' | 'suspended'; canGoRed: boolean } | null;
}

/** What the provider's API says of the database. */
export interface ProviderEvidence {
  name: string;
  state: 'active' | 'suspended' | 'passive';
}

/** A mode, how well it is known, and from what. */
export interface SeenMode {
  mode: RedisMode;
  quality: Quality;
  /** One plain sentence: what it was read from. */
  evidence: string;
  /** True when a machine's own word carries it: it needs no second look. */
  isOwnWord: boolean;
}

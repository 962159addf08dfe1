import { type AlertStanding, type AlertView, alertStanding } from '@/lib/core/model/alert.ts';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import type { SourceState } from '@/lib/core/model/source-state.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { MachineView } from '@/lib/core/model/view.ts';
import type { GlyphName } from '../ui/glyph.tsx';

/** A state as people see it: shape, word, and what goes beside it in lower case. */
export interface StateWords {
  glyph: GlyphName;
  word: string;
  detail?: string;
}

/** How each Redis mode is shown. */
export const MODE_WORDS: Record<RedisMode, StateWords> = {
  active: { glyph: 'runs', word: 'Active' },
  suspended_by_us: { glyph: 'paused', word: 'Suspended', detail: 'by us' },
  suspended_by_provider: { glyph: 'bad_outline', word: 'Suspended', detail: 'by provider' },
  quota_exhausted: { glyph: 'bad', word: 'Quota exhausted' },
  throttled: { glyph: 'warn', word: 'Throttled' },
  unreachable: { glyph: 'nothing', word: 'Unreachable' },
  mixed: { glyph: 'half', word: 'Mixed' },
  unknown: { glyph: 'unknown', word: 'Mode unknown' },
};

/** How each state of a source is shown. */
export const SOURCE_WORDS: Record<SourceState, StateWords> = {
  starting: { glyph: 'starting', word: 'Starting' },
  ok: { glyph: 'good', word: 'OK' },
  stale: { glyph: 'unknown', word: 'Stale' },
  down: { glyph: 'bad', word: 'Down' },
  refused: { glyph: 'bad_outline', word: 'Refused' },
  limited: { glyph: 'warn', word: 'Limited' },
  paused_budget: { glyph: 'paused', word: 'Paused', detail: 'budget' },
  asleep: { glyph: 'idle', word: 'Asleep' },
  misconfigured: { glyph: 'warn_outline', word: 'Misconfigured' },
  not_configured: { glyph: 'idle', word: 'Not configured' },
  unknown: { glyph: 'unknown', word: 'Unknown' },
};

/** How the health that a machine reports is shown. */
export const HEALTH_WORDS: Record<MachineView['health'], StateWords> = {
  passing: { glyph: 'good', word: 'Passing' },
  warning: { glyph: 'warn', word: 'Warning' },
  failing: { glyph: 'bad', word: 'Failing' },
  unknown: { glyph: 'unknown', word: 'Not told' },
};

/** What a kind of source is called in a short list. */
export const KIND_WORDS: Record<SourceKind, string> = {
  redis: 'redis',
  upstash: 'upstash',
  postgres: 'postgres',
  neon: 'neon',
  app: 'machines',
  fly: 'fly',
  prometheus: 'prometheus',
  logs: 'logs',
};

/** States that need no look: they stand at the end of a long list. */
export function isQuiet(state: SourceState): boolean {
  return state === 'ok' || state === 'asleep' || state === 'starting';
}

/** How each standing of an alert is shown. */
export const ALERT_WORDS: Record<AlertStanding, StateWords> = {
  inactive: { glyph: 'idle', word: 'Inactive' },
  pending: { glyph: 'pending', word: 'Pending' },
  firing: { glyph: 'alarm', word: 'Firing' },
  recovering: { glyph: 'recovering', word: 'Recovering' },
  resolved: { glyph: 'good', word: 'Resolved' },
  no_data: { glyph: 'nothing', word: 'No data' },
  source_error: { glyph: 'bad_outline', word: 'Source error' },
  silenced: { glyph: 'silenced', word: 'Silenced' },
  inhibited: { glyph: 'paused', word: 'Inhibited' },
};

/** An alert in one word. */
export function alertWords(alert: AlertView, nowMs: number): StateWords {
  return ALERT_WORDS[alertStanding(alert, nowMs)];
}

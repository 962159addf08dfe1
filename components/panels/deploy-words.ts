import type { AuditKind, Finding, ParsedCheck } from '@/lib/core/claims/document.ts';
import type { Deploy, DeployLine, DeploySign } from '@/lib/core/model/deploy.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import { formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { formatAge } from '@/lib/core/units/duration.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import type { StateWords } from './words.ts';

/** What each kind of deploy is called. */
export const DEPLOY_KIND_WORDS: Record<MarkKind, string> = {
  code: 'Code',
  config: 'Settings',
  secret: 'Secret',
  scale: 'Scale',
  suspend: 'Redis suspended',
  resume: 'Redis resumed',
};

const SIGN_WORDS: Record<DeploySign, string> = {
  fly_release: 'a Fly release',
  machine_version: 'machine versions',
  redis_mode: 'the Redis mode',
  secret_digest: 'a secret’s digest',
};

/** How we came to know of a deploy: `pasted`, `noticed from a Fly release`, `sent, noticed from machine versions too`. */
export function originWords({ origin, sign }: Pick<DeployLine, 'origin' | 'sign'>): string {
  const seen = sign === null ? null : `noticed from ${SIGN_WORDS[sign]}`;
  switch (origin) {
    case 'api':
      return seen === null ? 'sent' : `sent, ${seen} too`;
    case 'cli':
      return seen === null ? 'sent by the command line' : `sent by the command line, ${seen} too`;
    case 'page':
      return seen === null ? 'pasted' : `pasted, ${seen} too`;
    case 'github':
      return seen === null ? 'sent by GitHub' : `sent by GitHub, ${seen} too`;
    case 'noticed':
      return seen ?? 'noticed';
    default:
      return origin satisfies never;
  }
}

/** How a rolling deploy stands: `2 of 3 machines`; null where that is not known. */
export function rolledWords({ rolled, endMs }: Pick<Deploy, 'rolled' | 'endMs'>): string | null {
  if (rolled === null) return endMs === null ? 'still rolling' : null;
  const machines = `${rolled.done} of ${rolled.of} machines`;
  return endMs === null ? `rolling, ${machines}` : machines;
}

/** Shape and word of each severity of a finding; rounding is worth knowing and no fault. */
export const SEVERITY_WORDS: Record<Finding['severity'], { glyph: GlyphName; word: string }> = {
  error: { glyph: 'warn', word: 'Contradiction' },
  warning: { glyph: 'warn_outline', word: 'Hardly possible' },
  info: { glyph: 'undecided', word: 'Worth knowing' },
};

/** What each kind of finding is about. */
export const AUDIT_WORDS: Record<AuditKind, string> = {
  percent: 'percent',
  savings: 'savings',
  window: 'time window',
  month: 'month',
  parts: 'parts and whole',
  two_baselines: 'two baselines',
  two_targets: 'two targets',
  unit_factor: 'unit',
  price: 'price',
  machines: 'machines',
  interval: 'interval',
  ttl: 'TTL',
  verification: 'verification',
  rollback: 'rollback',
  concentration: 'concentration',
};

/** How the summary left a check. */
export const CHECK_STATE_WORDS: Record<ParsedCheck['state'], StateWords> = {
  waiting: { glyph: 'idle', word: 'Open' },
  done: { glyph: 'good_outline', word: 'Ticked' },
};

/** A week after it, nobody counts the hours any more. */
const COUNTED_MS = 7 * 86_400_000;

/** How long ago a deploy was: `T+02:40`, after a week in days. */
export function sinceWords(asOfMs: number, startMs: number): string {
  return asOfMs - startMs > COUNTED_MS ? formatAge(asOfMs - startMs) : formatSinceOrigin(asOfMs, startMs);
}

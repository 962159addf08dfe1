import 'server-only';
import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { ScrapeError } from '../collectors/collector.ts';

/** Failures that every further contact may pay for: at most one contact an hour, 24 a day. */
const PAYING_KINDS: ReadonlySet<ScrapeErrorKind> = new Set(['auth', 'quota']);

/**
 * How long to wait after a failure beyond the usual beat, in ms; 0 keeps the beat. A refused or exhausted data plane
 * is left alone for an hour since refused contacts may be billed; `Retry-After` is obeyed.
 */
export function holdOffMs(kind: SourceKind, error: ScrapeError): number {
  const asked = error.retryAfterMs ?? 0;
  const paying = kind !== 'app' && PAYING_KINDS.has(error.kind);
  return paying ? Math.max(asked, HOUR_MS) : asked;
}

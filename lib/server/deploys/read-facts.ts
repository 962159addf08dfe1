import 'server-only';
import type { ClaimsDocument } from '@/lib/core/claims/document.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { KnownError } from '../http/guards.ts';
import { parseZonedMs } from './instant.ts';

/** A summary that is older than this is told for the record, and then somebody says its time. */
const RECENT_MS = 30 * DAY_MS;
const MOST_TITLE_CHARS = 200;

/** Words for a change that has no release. */
const KIND_WORDS: Record<Exclude<MarkKind, 'code'>, string> = {
  config: 'Settings changed',
  secret: 'Secret changed',
  scale: 'Scale changed',
  suspend: 'Redis suspended',
  resume: 'Redis resumed',
};

/** The release as told, else as the summary names it. Throws `KnownError` when code was deployed and nobody says what. */
export function chooseRelease(told: string | null, kind: MarkKind, document: ClaimsDocument | null): string {
  const named = told ?? document?.deploy.version ?? document?.deploy.commits[0] ?? null;
  if (named !== null) return named.slice(0, 120);
  if (kind !== 'code') return KIND_WORDS[kind];
  throw new KnownError(
    'bad_input',
    'release: missing, and the summary names none; send the version or the commit that was deployed',
  );
}

/** T₀ as the summary states it to the minute and with its zone, unless that is long ago or to come; else now. */
export function chooseStartMs(document: ClaimsDocument | null, nowMs: number): number {
  const stated = parseZonedMs(document?.deploy.time ?? '');
  return stated !== null && stated <= nowMs + MINUTE_MS && stated > nowMs - RECENT_MS ? stated : nowMs;
}

/** The title as told, else the first line with words in it, without its marks; null without either. */
export function chooseTitle(told: string | null, summary: string): string | null {
  if (told !== null) return told;
  for (const line of summary.split(/\r\n|\n|\r/, 200)) {
    const text = line
      .replace(/^[\s#>*_=~`|-]+/, '')
      .replace(/[\s#*_=~`|-]+$/, '')
      .replace(/\p{C}/gu, '')
      .replace(/(\*\*|__|`)/g, '')
      .trim();
    if (/\p{L}/u.test(text))
      return text.length > MOST_TITLE_CHARS ? `${text.slice(0, MOST_TITLE_CHARS - 1)}…` : text;
  }
  return null;
}

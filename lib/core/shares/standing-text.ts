import { STATUS_NAMES } from '../incidents/status-names.ts';
import type { FrozenCopy } from '../model/share.ts';
import { standingText } from '../watch/verdict-text.ts';

/** Where it stood, as words that begin a line: `Identified`, `Met, provisional`. Null for a chart, which stands nowhere. */
export function shareStandingText(standing: FrozenCopy['standing']): string | null {
  switch (standing?.kind) {
    case undefined:
      return null;
    case 'incident':
      return STATUS_NAMES[standing.status];
    case 'deploy': {
      const text = standingText({ ...standing, reason: null });
      return text.charAt(0).toUpperCase() + text.slice(1);
    }
    default:
      return standing satisfies never;
  }
}

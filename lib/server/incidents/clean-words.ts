import 'server-only';
import { plainLine, plainText } from '@/lib/core/incidents/plain-text.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import { cleanText } from '../deploys/clean.ts';

// Signs that nobody sees go first: with one in its middle a secret would not be found.

/** Words of a person as they are kept: one line without secrets, cut where it is too long. */
export function cleanLine(text: string, most: number = INCIDENT_LIMITS.lineChars): string {
  return cleanText(plainLine(text)).text.slice(0, most);
}

/** The same; null where nothing is said. */
export function cleanOptional(text: string | null): string | null {
  const line = text === null ? '' : cleanLine(text);
  return line === '' ? null : line;
}

/** A note as it is kept: its lines stay, its secrets do not. */
export function cleanNote(markdown: string): string {
  return cleanText(plainText(markdown)).text.slice(0, INCIDENT_LIMITS.noteChars);
}

import 'server-only';
import { scrubSecrets } from '@/lib/core/claims/scrub.ts';
import { listSpellings } from '../log/secrets.ts';

/**
 * `text` without credentials: the secrets that this server knows in all their spellings, then everything that looks
 * like one. Its lines stay where they are, so that claims can point at them. Also says how many were taken out.
 */
export function cleanText(text: string): { text: string; count: number } {
  let known = text;
  let count = 0;
  for (const spelling of listSpellings()) {
    if (!known.includes(spelling)) continue;
    count += known.split(spelling).length - 1;
    known = known.replaceAll(spelling, '[secret]');
  }
  const found = scrubSecrets(known);
  return { text: found.text, count: count + found.count };
}

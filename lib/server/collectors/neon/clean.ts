import 'server-only';

/** A name that Neon's users made up, fit for a label or a fact: one line, no control characters, at most 60 long. */
export function cleanName(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 60);
}

import 'server-only';

/** Text from a machine, safe to show: no control, format or half characters, no blanks around, at most `maxChars`. */
export function cleanText(text: string, maxChars: number): string {
  return text
    .slice(0, 4 * maxChars)
    .replace(/\p{C}/gu, '')
    .trim()
    .slice(0, maxChars);
}

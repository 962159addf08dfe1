/** Epoch numbers below this are seconds: in ms it is March 1973, in seconds the year 5138. */
const SECONDS_BELOW = 1e11;
const LATEST_MS = Date.UTC(3000, 0);
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?:(Z|UTC)|([+-]\d{2})(?::?(\d{2}))?)?)?$/i;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** An instant in Unix ms, written as ISO 8601, epoch seconds or epoch ms; null for anything else. */
export function parseInstantMs(text: string): number | null {
  const word = text.trim();
  if (NUMBER.test(word)) {
    const number = Number(word);
    const atMs = Math.round(Math.abs(number) < SECONDS_BELOW ? number * 1_000 : number);
    return Math.abs(atMs) < LATEST_MS ? atMs : null;
  }
  const match = ISO.exec(word);
  if (match === null) return null;
  const [, day = '', time = '00:00', , hours, minutes = '00'] = match;
  // A zone left out is UTC, as all that is stored; the standard would take the machine's own.
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const atMs = Date.parse(`${day}T${time.replace(',', '.')}${zone}`);
  return Number.isNaN(atMs) ? null : atMs;
}

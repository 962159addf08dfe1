const LONGEST = 40;

/** A value from an address, in quotes and cut short: a wrong link must not fill the page. */
export function quoteAsked(text: string): string {
  return `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`;
}

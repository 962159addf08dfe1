import { z } from 'zod';

/** What a page is given of its address. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** The first of repeated values; anything that is no text, or far too long, counts as absent. */
const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(500))
  .nullable()
  .catch(null);

/** Reads one parameter of an address; null when it is absent or is no text. Never throws: a link may have been cut. */
export function paramReader(params: SearchParams): (name: string) => string | null {
  return (name) => firstText.parse(params[name] ?? null);
}

import { z } from 'zod';
import { type AskedParams, askedParams } from '@/lib/client/address.ts';

/** The first of repeated values; anything that is no text, or far too long, counts as absent. */
const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(200))
  .nullable()
  .catch(null);

/** What the address of the Now page asks for. Never throws: a link may have been cut or mistyped. */
export function parseNowParams(params: Readonly<Record<string, string | string[] | undefined>>): AskedParams {
  return askedParams((name) => firstText.parse(params[name] ?? null));
}

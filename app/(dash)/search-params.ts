import { type AskedParams, askedParams } from '@/lib/client/address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';

/** What the address of the Now page asks for. Never throws: a link may have been cut or mistyped. */
export function parseNowParams(params: SearchParams): AskedParams {
  return askedParams(paramReader(params));
}

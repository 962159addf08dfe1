import { askedParams } from '@/lib/client/address.ts';
import type { AskedMetrics } from '@/lib/client/metrics-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';

/** What the address of the metrics page asks for. Never throws: a link may have been cut or mistyped. */
export function parseMetricsParams(params: SearchParams): AskedMetrics {
  const read = paramReader(params);
  return { ...askedParams(read), per: read('per'), sort: read('sort') };
}

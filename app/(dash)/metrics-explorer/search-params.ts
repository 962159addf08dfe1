import { z } from 'zod';
import { askedParams } from '@/lib/client/address.ts';
import type { AskedMetrics } from '@/lib/client/metrics-address.ts';

/** The first of repeated values; anything that is no text, or far too long, counts as absent. */
const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(200))
  .nullable()
  .catch(null);

/** What the address of the metrics page asks for. Never throws: a link may have been cut or mistyped. */
export function parseMetricsParams(
  params: Readonly<Record<string, string | string[] | undefined>>,
): AskedMetrics {
  const read = (name: string) => firstText.parse(params[name] ?? null);
  return { ...askedParams(read), per: read('per'), sort: read('sort') };
}

import { z } from 'zod';
import type { IncidentsParam } from '@/lib/client/incidents-address.ts';

const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(500))
  .nullable()
  .catch(null);

type Params = Readonly<Record<string, string | string[] | undefined>>;

/** Reads one parameter of the address of the list of incidents; null when it is absent or is no text. Never throws. */
export function incidentsParamReader(params: Params): (name: IncidentsParam) => string | null {
  return (name) => firstText.parse(params[name] ?? null);
}

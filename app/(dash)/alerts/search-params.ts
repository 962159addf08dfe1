import { z } from 'zod';
import type { AlertsParam } from '@/lib/client/alerts-address.ts';

const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(500))
  .nullable()
  .catch(null);

type Params = Readonly<Record<string, string | string[] | undefined>>;

/** Reads one parameter of the address of the Alerts page; null when it is absent or is no text. Never throws. */
export function alertsParamReader(params: Params): (name: AlertsParam) => string | null {
  return (name) => firstText.parse(params[name] ?? null);
}

import { z } from 'zod';

const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(500))
  .nullable()
  .catch(null);

type Params = Readonly<Record<string, string | string[] | undefined>>;

/** Reads one parameter of the address of the Budget page; null when it is absent or is no text. Never throws. */
export function budgetParamReader(params: Params): (name: 'app' | 'env' | 'tz') => string | null {
  return (name) => firstText.parse(params[name] ?? null);
}

import { z } from 'zod';

const firstText = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.string().max(200))
  .nullable()
  .catch(null);

type Params = Readonly<Record<string, string | string[] | undefined>>;

/** Reads one parameter of the address of a page of deploys; null when it is absent or is no text. Never throws. */
export function deploysParamReader(params: Params): (name: 'app' | 'env' | 'kind') => string | null {
  return (name) => firstText.parse(params[name] ?? null);
}

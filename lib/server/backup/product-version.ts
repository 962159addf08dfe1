import 'server-only';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ version: z.string() });

/** Version of this program; `unknown` where it does not lie in its folder. */
export function productVersion(): string {
  try {
    const text = readFileSync(/* turbopackIgnore: true */ join(process.cwd(), 'package.json'), 'utf8');
    return schema.parse(JSON.parse(text)).version;
  } catch {
    return 'unknown';
  }
}

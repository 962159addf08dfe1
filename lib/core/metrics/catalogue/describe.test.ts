import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCatalogue } from './describe.ts';

it('docs/metrics.md is what the catalogue says; run node scripts/docs.mjs when it is not', () => {
  expect(readFileSync(join(process.cwd(), 'docs/metrics.md'), 'utf8')).toBe(describeCatalogue());
});

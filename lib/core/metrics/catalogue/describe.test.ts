import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCatalogue, fillGuide } from '../describe-docs.ts';

const readDoc = (name: string) => readFileSync(join(process.cwd(), 'docs', name), 'utf8');

it('docs/metrics.md is what the catalogue says; run node scripts/docs.mjs when it is not', () => {
  expect(readDoc('metrics.md')).toBe(describeCatalogue());
});

it('docs/instrument-your-app.md holds every snippet as it is; run node scripts/docs.mjs when it does not', () => {
  const guide = readDoc('instrument-your-app.md');
  expect(guide).toBe(fillGuide(guide));
  expect(() => fillGuide('no marks')).toThrow(/marks of names/);
});

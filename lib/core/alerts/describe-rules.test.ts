import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fillAlerts } from './describe-rules.ts';

it('docs/alerts.md says of every rule what the rule says of itself; run node scripts/docs.mjs when it does not', () => {
  const text = readFileSync(join(process.cwd(), 'docs/alerts.md'), 'utf8');
  expect(text).toBe(fillAlerts(text));
  expect(() => fillAlerts('no marks')).toThrow(/marks of rules/);
});

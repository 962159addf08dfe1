import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditKind } from '../document.ts';
import { readSummary } from '../index.ts';
import { auditSummary, auditTogether } from './audit.ts';
import { labelledText } from './test-summaries.ts';

const kindsOf = (text: string): AuditKind[] =>
  [...new Set(auditSummary(readSummary(text)).map(({ kind }) => kind))].toSorted();

describe('the three documents of the evening, from their text', () => {
  const read = (name: string) => ({ file: name, summary: readSummary(labelledText(name)) });
  const [spike, cause, suspension] = [
    read('seed-spike-fix'),
    read('seed-root-cause'),
    read('seed-suspension'),
  ] as const;

  it('gives every row of each, and nothing about what is consistent', () => {
    const kinds = ({ summary }: typeof spike) =>
      [...new Set(auditSummary(summary).map(({ kind }) => kind))].toSorted();
    expect(kinds(spike)).toEqual(['concentration', 'machines', 'month', 'percent', 'price', 'rollback']);
    expect(kinds(cause)).toEqual(['parts', 'rollback', 'ttl', 'window']);
    expect(kinds(suspension)).toEqual(expect.arrayContaining(['verification']));
  });

  it('gives the numbers of the worked example', () => {
    const said = [spike, cause]
      .flatMap(({ summary }) => auditSummary(summary).map(({ computed }) => computed))
      .join('\n');
    for (const number of [
      '$35.20 → $1.15',
      '$34.05',
      '$1,021 (30 days) or $1,036 (365/12)',
      '74.03 %',
      '30 → 24',
      '1,527.8',
    ])
      expect(said).toContain(number);
  });

  it('finds what only all of them together say', () => {
    const findings = auditTogether([spike, cause, suspension]);
    expect(findings.map(({ kind }) => kind)).toEqual(['unit_factor', 'two_targets', 'rollback']);
    expect(findings.map(({ message }) => message).join('\n')).toMatch(
      /a factor of 8[\s\S]*576K, 110K, 0 per day[\s\S]*SUSPEND_REDIS=true/,
    );
  });
});

/** A summary with four mistakes, all its counts and amounts times `by`. */
function scaled(by: number): string {
  const count = (value: number) => new Intl.NumberFormat('en-US').format(value * by);
  const money = (value: number) =>
    `$${new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 }).format(value * by)}`;
  return `# Deploy of harbor

## Redis commands
- Before: ${count(733_000)} GETs/hour
- After: ${count(24_000)} GETs/hour
- Reduction: 99.7%

## Database queries
- Before: ${count(195_680)} queries/day
- After: ${count(50_816)} queries/day
- Reduction: 74%

## Upstash cost
- Redis: from ${money(352)}/day to ${money(12)}/day
- Savings: ${money(340)}/day (${money(11_900)}/month)
`;
}

describe('laws', () => {
  it('scaling all numbers of a document leaves the same kinds of findings', () => {
    const kinds = kindsOf(scaled(1));
    expect(kinds).toEqual(['month', 'percent', 'price']);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 4 }), (digit, power) => {
        expect(kindsOf(scaled(digit * 10 ** power))).toEqual(kinds);
      }),
      { numRuns: 20 },
    );
  });

  it('survives whatever is read, and keeps to its closed sets', () => {
    const piece = fc.constantFrom(
      'Before: ',
      'After: ',
      '2.2M GETs/day',
      '95%',
      ' → ',
      '$',
      '0',
      '\n',
      '# ',
      '- [x] ',
      'verified 10:15 ',
      'TTL 5 s ',
      'next 24 hours',
      '`git revert HEAD`',
      ' per 3 hours',
      '(',
      ')',
      '1e999',
      '|',
      'Rollback\n',
      'A_B=1 ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { message, stated, computed } of auditSummary(readSummary(pieces.join(''))))
          expect(`${message}${stated}${computed}`).not.toMatch(/NaN|Infinity|undefined|null/);
      }),
      { numRuns: 200 },
    );
  });

  it('takes bounded time for thousands of claims', () => {
    const text = Array.from(
      { length: 5_000 },
      (_, i) => `- Redis GETs of part ${i}: ${i + 2},000/day → ${i + 1},500/day (3${i % 10} %)`,
    ).join('\n');
    const summary = readSummary(text.slice(0, 60_000));
    const startMs = performance.now();
    auditSummary(summary);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

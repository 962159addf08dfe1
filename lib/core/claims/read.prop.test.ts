import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../markdown/test-any-text.ts';
import { readText } from './read.ts';

const BASE =
  '## Expected impact\n\n- GETs: 733K/hour → 24K/hour\n- Connections: 45 → 36\n- Latency should stay below 200 ms\n';
const numbers = (text: string) =>
  readText(text).claims.map((one) => [
    one.before,
    one.after,
    one.limit,
    one.changePct,
    one.delta,
    one.factor,
  ]);
/** Words of prose without numbers, states or promises. */
const word = fc.constantFrom(
  'the',
  'queue',
  'is',
  'read',
  'by',
  'one',
  'worker',
  'and',
  'keeps',
  'its',
  'place',
  'machine',
  'log',
  'we',
  'like',
  'it',
);
const prose = fc.array(word, { minLength: 3, maxLength: 30 }).map((words) => `${words.join(' ')}.`);

describe('the reader', () => {
  it('survives any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 400 }), anyText(400)), (text) => {
        const summary = readText(text);
        expect(summary.lines).toHaveLength(text.split(/\r\n|\n|\r|\u2028|\u2029/).length);
      }),
      { numRuns: 400 },
    );
  });

  it('claims nothing more for prose around a summary', () => {
    fc.assert(
      fc.property(prose, prose, (before, after) => {
        expect(numbers(`${before}\n\n${BASE}\n${after}\n`)).toEqual(numbers(BASE));
      }),
      { numRuns: 150 },
    );
  });

  it('names only lines that the text has', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '- Before: 5 ms',
            '- After: 3 ms',
            '',
            '# A',
            '| a | b |',
            '|---|---|',
            '| 5 | 3 |',
            '20% less load',
            '```',
          ),
          { maxLength: 25 },
        ),
        (lines) => {
          for (const { source } of readText(lines.join('\n')).claims)
            for (const line of source.lines) expect(line >= 1 && line <= lines.length).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

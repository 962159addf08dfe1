import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENING_MS, markOf, minutes, perHour, viewOf } from './chart-view.fixture.ts';
import { chartCsv, textCell } from './csv.ts';
import { readCsv } from './test-csv.ts';

/** What is written in cells, and what could break out of one. */
const anyText = fc.string({ unit: fc.constantFrom(...'ab ,;"\'=+-@\t\r\n\u00a0é') });

describe('a chart as CSV', () => {
  const gaps = [{ startMs: EVENING_MS + 60_000, endMs: EVENING_MS + 120_000, reason: 'redis suspended' }];
  const view = viewOf(
    minutes(3, (minute) => (minute === 1 ? null : perHour(7_200))),
    { gaps, lastIsPartial: true },
  );
  const marks = [markOf('v1205', EVENING_MS + 70_000, { kind: 'suspend' })];

  it('names base units and UTC instants, and leaves empty what was not measured, with its reason', () => {
    expect(readCsv(chartCsv(view, 'Redis GETs', { marks }))).toEqual([
      [
        'start (UTC)',
        'Redis GETs (commands per second)',
        'Redis GETs quality',
        'no data because',
        'still counting',
        'deploys',
      ],
      ['2026-04-09T20:00:00.000Z', '2', 'measured', '', '', ''],
      ['2026-04-09T20:01:00.000Z', '', '', 'redis suspended', '', 'v1205 Redis suspended'],
      ['2026-04-09T20:02:00.000Z', '2', 'measured', '', 'yes', ''],
    ]);
  });

  it('has a column for every line, the usual one and the second window', () => {
    const line = (key: string) => ({
      key,
      label: key,
      quality: 'inferred' as const,
      points: minutes(1, () => 1),
    });
    const [header, row] = readCsv(
      chartCsv(
        viewOf(
          minutes(1, () => 1),
          {
            lines: [line('a'), line('b, c')],
            usual: { label: 'usual, 14 days', points: minutes(1, () => 2), band: [[EVENING_MS, 1, 3]] },
            comparison: { label: 'the day before', offsetMs: 0, points: minutes(1, () => 4), overall: null },
          },
        ),
        'GETs',
      ),
    );
    expect(header?.slice(1, 9)).toEqual([
      'GETs: a (commands per second)',
      'GETs: a quality',
      'GETs: b, c (commands per second)',
      'GETs: b, c quality',
      'usual (commands per second)',
      'usual, 10 % (commands per second)',
      'usual, 90 % (commands per second)',
      'the day before (commands per second)',
    ]);
    expect(row?.slice(1, 9)).toEqual(['1', 'inferred', '1', 'inferred', '2', '1', '3', '4']);
  });

  it('gives back any text as it was, and never begins a cell as a formula', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [[cell = ''] = []] = readCsv(`${textCell(text)}\r\n`);
        expect(cell.replace(/^'/, '')).toBe(text.replace(/^'/, ''));
        expect(cell).not.toMatch(/^\s*[=+\-@]/);
        expect(cell).not.toMatch(/^[\t\r\n]/);
      }),
    );
    expect(
      ['=1+1', '+1', '-1', '@x', ' =1', '\t=1'].map(textCell).every((cell) => cell.startsWith("'")),
    ).toBe(true);
    expect(textCell('say "a", b')).toBe('"say ""a"", b"');
  });

  it('keeps every digit of a number, also of one with a minus', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [, row] = readCsv(chartCsv(viewOf(minutes(1, () => value)), 'x'));
        expect(Number(row?.[1])).toBe(value + 0);
      }),
    );
  });

  it('of a chart without lines still has its header', () => {
    expect(readCsv(chartCsv(viewOf([], { lines: [] }), 'x'))).toHaveLength(1);
  });
});

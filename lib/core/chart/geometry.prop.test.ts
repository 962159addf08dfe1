import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartView, MarkView, Point } from '../model/view.ts';
import { type ChartGeometry, type ChartInput, chartGeometry } from './geometry.ts';
import { SHELF_SHARE } from './log-domain.ts';
import { CHART_SCALES } from './scale.ts';

const START_MS = Date.UTC(2026, 3, 9, 16);
const STEP_MS = 120_000;

const anyValue = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.double({ min: 1e-6, max: 1e9, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
);
const points = fc
  .array(anyValue, { maxLength: 900 })
  .map((values) => values.map((value, index): Point => [START_MS + index * STEP_MS, value]));
const level = fc.double({ min: 0, max: 1e9, noNaN: true });
const offsetMs = fc.integer({ min: -20, max: 920 }).map((step) => step * STEP_MS);

const chart: fc.Arbitrary<ChartView> = fc
  .record({
    lines: fc.array(points, { maxLength: 4 }),
    as: fc.constantFrom('rate' as const, 'increase' as const, 'value' as const),
    unit: fc.constantFrom('commands' as const, 'ratio' as const, 'bytes' as const, 'seconds' as const),
    lastIsPartial: fc.boolean(),
    goals: fc.array(level, { maxLength: 3 }),
    plans: fc.array(level, { maxLength: 2 }),
    usual: fc.option(points),
    comparison: fc.option(points),
    change: fc.option(fc.tuple(level, level)),
    gap: fc.option(fc.tuple(offsetMs, offsetMs)),
    resets: fc.array(offsetMs, { maxLength: 3 }),
    length: fc.integer({ min: 0, max: 900 }),
  })
  .map(
    ({ lines, as, unit, lastIsPartial, goals, plans, usual, comparison, change, gap, resets, length }) => ({
      unit,
      as,
      range: { startMs: START_MS, endMs: START_MS + length * STEP_MS },
      stepMs: STEP_MS,
      lines: lines.map((line, index) => ({
        key: `${index}`,
        label: `line ${index}`,
        quality: 'measured' as const,
        points: line,
      })),
      lastIsPartial,
      gaps:
        gap === null
          ? []
          : [
              {
                startMs: START_MS + Math.min(...gap),
                endMs: START_MS + Math.max(...gap),
                reason: 'redis suspended',
              },
            ],
      resets: resets.map((ms) => START_MS + ms),
      goals: goals.map((value, index) => ({ direction: 'atMost' as const, value, text: `goal ${index}` })),
      plans: plans.map((value, index) => ({ value, text: `plan ${index}` })),
      usual: usual && {
        label: 'usual, 14 days',
        points: usual,
        band: usual.map(
          ([atMs, value]) =>
            [atMs, value && value * 0.9, value && value * 1.1] as [number, number | null, number | null],
        ),
      },
      comparison: comparison && {
        label: 'the day before',
        offsetMs: 86_400_000,
        points: comparison,
        overall: null,
      },
      change: change && { before: change[0], after: change[1], beforeWords: '', afterWords: '' },
      latest: null,
      overall: null,
      missing: null,
      note: null,
      stale: false,
    }),
  );

const marks = fc.array(
  fc.record({
    at: offsetMs,
    kind: fc.constantFrom('code' as const, 'suspend' as const),
    minor: fc.boolean(),
  }),
  { maxLength: 12 },
);

const input: fc.Arbitrary<ChartInput> = fc
  .record({
    chart,
    scale: fc.constantFrom(...CHART_SCALES),
    variant: fc.constantFrom('line' as const, 'bars' as const),
    marks,
    origin: fc.option(offsetMs),
    heightPx: fc.constantFrom(104, 170, 278),
    zone: fc.constantFrom('UTC', 'Asia/Kolkata', 'No/Such_Zone'),
  })
  .map(({ marks, origin, ...rest }) => ({
    ...rest,
    window: 'h' as const,
    marks: marks.map(
      ({ at, kind, minor }, index): MarkView => ({
        id: `m${index}`,
        release: `v${1_200 + index}`,
        kind,
        startMs: START_MS + at,
        endMs: START_MS + at,
        rolled: null,
        minor,
        href: null,
      }),
    ),
    origin: origin === null ? null : { atMs: START_MS + origin, release: 'v1206' },
  }));

/** Every number and every text of a picture. */
function everything(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(everything);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(everything);
  return [value];
}

function isBroken(part: unknown): boolean {
  if (typeof part === 'number') return !Number.isFinite(part);
  return typeof part === 'string' && /NaN|undefined|Infinity/.test(part);
}

describe('a picture', () => {
  it('holds no NaN, whatever is measured and whichever scale is asked for', () => {
    fc.assert(
      fc.property(input, (asked) => {
        expect(everything(chartGeometry(asked)).filter(isBroken)).toEqual([]);
      }),
    );
  });

  it('draws every measured place inside the plot, and nothing where nothing was measured', () => {
    fc.assert(
      fc.property(input, (asked) => {
        for (const line of chartGeometry(asked).lines) {
          expect(line.drawn.length).toBeLessThanOrEqual(600);
          const wrong = line.drawn.filter(({ share, value }) =>
            value === null ? share !== null : share === null || share < 0 || share > 1,
          );
          expect(wrong).toEqual([]);
        }
      }),
    );
  });

  it('keeps lowest, highest and every break of each of its lines', () => {
    fc.assert(
      fc.property(input, (asked) => {
        const { lines } = chartGeometry(asked);
        for (const [index, { drawn }] of lines.entries()) {
          const all = asked.chart.lines[index]?.points ?? [];
          const closed = asked.chart.lastIsPartial ? all.slice(0, -1) : all;
          const measured = closed.flatMap(([, value]) => (value === null ? [] : [value]));
          const kept = drawn.flatMap(({ value }) => (value === null ? [] : [value]));
          if (measured.length === 0) {
            expect(kept).toEqual([]);
            continue;
          }
          expect(Math.min(...kept)).toBe(Math.min(...measured));
          expect(Math.max(...kept)).toBe(Math.max(...measured));
          expect(breaksBetween(drawn.map(({ value }) => value))).toBeGreaterThanOrEqual(
            closed.length <= 600 ? breaksBetween(closed.map(([, value]) => value)) : 0,
          );
        }
      }),
    );
  });

  it('names what lies outside at an edge, and keeps labels 14 px apart', () => {
    fc.assert(
      fc.property(input, (asked) => {
        const geometry = chartGeometry(asked);
        for (const { y, edge, text } of [...geometry.goals, ...geometry.plans]) {
          expect(y === null).toBe(edge !== null);
          const name = text.replace(/^[▾▴] /, '');
          expect(geometry.labels.some((label) => label.text.includes(name))).toBe(true);
        }
        for (const list of [geometry.labels, geometry.labelsNarrow]) expectApart(list.map(({ y }) => y));
      }),
    );
  });

  it('says why when it does not draw the scale that was asked for', () => {
    fc.assert(
      fc.property(input, (asked) => {
        const { scale, scaleRemark } = chartGeometry(asked);
        expect(scaleRemark === null).toBe(scale === asked.scale);
      }),
    );
  });

  it('keeps a log axis in order: zeros on their shelf, everything else above it by its size', () => {
    fc.assert(
      fc.property(input, (asked) => {
        const geometry = chartGeometry({ ...asked, scale: 'log' });
        if (geometry.scale !== 'log') return;
        const drawn = geometry.lines.flatMap(({ drawn }) => drawn);
        const zeros = drawn.filter(({ value }) => value === 0);
        if (zeros.length > 0) expect(geometry.shelf).not.toBeNull();
        expect(zeros.filter(({ share }) => share !== 0)).toEqual([]);
        const floor = geometry.shelf === null ? 0 : SHELF_SHARE;
        expect(drawn.filter(({ value, share }) => value !== 0 && share !== null && share < floor)).toEqual(
          [],
        );
        expectOrder(geometry);
      }),
    );
  });

  it('never lets two chips touch, and gives the newest its name', () => {
    fc.assert(
      fc.property(input, (asked) => {
        const { marks: drawn } = chartGeometry(asked);
        const newest = drawn.findLast(({ minor }) => !minor);
        if (newest) expect(newest.chips.wide.form).toBe('text');
        for (const mark of drawn) {
          expect(mark.x >= 0 && mark.x <= 100).toBe(true);
          if (mark.side !== 'inside') expect([0, 100]).toContain(mark.x);
        }
      }),
    );
  });
});

function breaksBetween(values: readonly (number | null)[]): number {
  return values.filter((value, index) => value === null && index > 0 && values[index - 1] !== null).length;
}

function expectApart(ys: readonly number[]): void {
  for (let i = 1; i < ys.length; i++)
    expect((ys[i] ?? 0) - (ys[i - 1] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-9);
}

function expectOrder({ share }: ChartGeometry): void {
  const shares = [1e-6, 1e-3, 1, 1e3, 1e6, 1e9].map(share);
  for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1] ?? 0);
}

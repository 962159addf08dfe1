import { describe, expect, it } from 'vitest';
import { dropView, inputOf, minutes, perHour, viewOf } from './chart-view.fixture.ts';
import { chartGeometry } from './geometry.ts';
import { formatIndex } from './index-text.ts';
import type { ChartScale } from './scale.ts';

const lay = (scale: ChartScale, view = dropView()) => chartGeometry(inputOf(view, { scale }));
const texts = (geometry: ReturnType<typeof lay>) => geometry.labels.map(({ text }) => text);

describe('a fall of 96.7 % can be read', () => {
  it('on level by an inset on its own scale', () => {
    const { inset, topY, baseY } = lay('level');
    expect(inset?.title).toBe('after, own scale');
    expect(inset?.value).toBe('24.0K/h');
    for (const placement of [inset?.beside, inset?.below]) {
      if (!placement?.end) throw new Error('no inset');
      const height = (placement.baseY - placement.end.y) / (placement.baseY - placement.topY);
      expect(height).toBeGreaterThanOrEqual(0.4);
      expect(placement.ticks.map(({ text }) => text)).toEqual(['0', '20K', '40K']);
      expect(placement.goals.map(({ text }) => text)).toEqual(['≤ 36.7K/h']);
      expect(placement.plans.map(({ text }) => text)).toEqual(['$10/month plan']);
    }
    expect(inset?.beside?.heightPx).toBe(128);
    expect(inset?.beside?.y).toBeGreaterThan(topY);
    expect(inset?.box.topY).toBeGreaterThan((inset?.beside?.y ?? 0) + 128);
    expect(inset?.box.baseY).toBe(baseY + 2);
  });

  it('on index as a number of a hundred', () => {
    const geometry = lay('index');
    expect(geometry.scale).toBe('index');
    expect(texts(geometry)).toContain('3.3 of 100');
    expect(geometry.labelsNarrow.map(({ text }) => text)).toContain('3.3 of 100');
    expect(geometry.yTicks.map(({ text }) => text)).toContain('100');
    expect(geometry.inset).toBeNull();
  });

  it('on log by a quarter of the height and more', () => {
    const { share, inset, yTicks, shelf } = lay('log');
    expect(share(perHour(733_000)) - share(perHour(24_000))).toBeGreaterThan(0.25);
    expect(yTicks.map(({ text }) => text)).toEqual(['10K', '100K', '1M']);
    expect([inset, shelf]).toEqual([null, null]);
  });
});

describe('the inset', () => {
  it('is there only when the after-line cannot be read otherwise', () => {
    const small = { before: perHour(733_000), after: perHour(200_000), beforeWords: '', afterWords: '' };
    expect(lay('level', dropView({ change: small })).inset).toBeNull();
    expect(lay('level', dropView({ change: null })).inset).toBeNull();
    expect(chartGeometry(inputOf(dropView(), { origin: null })).inset).toBeNull();
    const after = minutes(180, (minute) => (minute < 120 ? null : perHour(24_000)));
    expect(lay('level', viewOf(after, { change: dropView().change })).inset).toBeNull();
  });

  it('is not flattened by the fall itself, but a later spike stays whole', () => {
    const spiky = dropView();
    const points = spiky.lines[0]?.points.map(
      ([at, value], i) => [at, i === 160 ? perHour(90_000) : value] as const,
    );
    const view = dropView({
      lines: [{ key: 'all', label: 'GETs', quality: 'measured', points: points ?? [] }],
    });
    expect(lay('level', view).inset?.below.ticks.at(-1)?.text).toBe('100K');
  });

  it('reaches back under the line before when the deploy has only just been', () => {
    const points = minutes(180, (minute) => perHour(minute < 174 ? 733_000 : 24_000));
    const late = viewOf(points, { change: dropView().change });
    const atMs = late.range.startMs + 174 * 60_000;
    const { inset, yOf } = chartGeometry(inputOf(late, { origin: { atMs, release: 'v1206' }, marks: [] }));
    expect(inset?.beside?.x).toBe(70);
    expect(inset?.beside?.y).toBeGreaterThan(yOf(perHour(733_000)));
  });

  it('hangs only under a plot that is too low for it', () => {
    const low = chartGeometry(inputOf(dropView(), { heightPx: 104 })).inset;
    expect([low?.beside, low?.below.heightPx]).toEqual([null, 104]);
  });
});

describe('a scale that cannot be drawn', () => {
  it('falls back to level and says why', () => {
    const flat = viewOf(minutes(10, () => 5));
    expect(lay('index', flat)).toMatchObject({
      scale: 'level',
      scaleRemark: 'no level before the deploy to set as 100',
    });
    const zeros = viewOf(minutes(10, () => 0));
    expect(lay('log', zeros)).toMatchObject({
      scale: 'level',
      scaleRemark: 'no value above 0 for a log scale',
    });
    const negative = viewOf(minutes(10, (minute) => minute - 5));
    expect(lay('log', negative).scaleRemark).toBe('values under 0 have no logarithm');
    expect(lay('level', flat).scaleRemark).toBeNull();
  });
});

describe('a log scale', () => {
  const stepped = viewOf(minutes(30, (minute) => (minute < 10 ? perHour(733_000) : minute < 20 ? 0 : null)));

  it('keeps measured zeros on a shelf of their own, and gaps gaps', () => {
    const geometry = lay('log', stepped);
    const [line] = geometry.lines;
    expect(geometry.shelf).toMatchObject({ zeroY: geometry.baseY });
    expect(geometry.yTicks[0]).toMatchObject({ text: '0', share: 0 });
    expect(geometry.yTicks[1]?.share).toBeGreaterThan(0.15);
    expect(line?.drawn.at(15)?.share).toBe(0);
    expect(line?.drawn.at(25)?.share).toBeNull();
  });

  it('names a goal that lies outside at the edge where it is', () => {
    const goals = [perHour(1e9), perHour(1)].map((value) => ({
      direction: 'atMost' as const,
      value,
      text: `${value}`,
    }));
    const geometry = lay(
      'log',
      viewOf(
        minutes(5, () => perHour(24_000)),
        { goals },
      ),
    );
    expect(geometry.goals.map(({ y, edge }) => [y, edge])).toEqual([
      [null, 'top'],
      [null, 'bottom'],
    ]);
    expect(texts(geometry).filter((text) => text.startsWith('▾'))).toHaveLength(1);
  });
});

describe('numbers of the index scale', () => {
  it('bear one decimal, and never pretend that nothing is left', () => {
    expect([100, 56.24, 3.274, 3, 0.04, 0, 412.4, -3.3].map(formatIndex)).toEqual([
      '100',
      '56.2',
      '3.3',
      '3',
      '0.04',
      '0',
      '412',
      '−3.3',
    ]);
    expect(formatIndex(0.00001)).not.toBe('0');
    expect(formatIndex(Number.POSITIVE_INFINITY)).toBe('–');
  });
});

describe('lines to compare with', () => {
  const points = minutes(180, () => perHour(24_000));
  const usualAt = (value: number) => ({
    label: 'usual, 14 days',
    points: minutes(180, () => perHour(value)),
    band: points.map(([at]) => [at, perHour(value * 0.9), perHour(value * 1.1)] as const),
  });

  it('are drawn on the same scale and named on their own line', () => {
    const geometry = lay('level', viewOf(points, { usual: usualAt(48_000) }));
    expect(geometry.usual?.label?.text).toBe('usual, 14 days');
    expect(geometry.usual?.band).not.toBe('');
    expect(geometry.yOf(perHour(48_000) * 1.1)).toBeGreaterThan(geometry.topY);
  });

  it('are named at the edge when they would flatten the line, and not drawn along it', () => {
    const geometry = lay('level', viewOf(points, { usual: usualAt(733_000) }));
    expect(geometry.usual).toMatchObject({ path: '', label: null });
    expect(texts(geometry)).toContain('▴ usual, 14 days');
    expect(geometry.share(perHour(24_000))).toBeGreaterThan(0.5);
  });

  it('that somebody asked for are always in sight', () => {
    const comparison = {
      label: 'the day before',
      offsetMs: 86_400_000,
      points: usualAt(733_000).points,
      overall: null,
    };
    const geometry = lay('level', viewOf(points, { comparison }));
    expect(geometry.comparison?.path).not.toBe('');
    expect(geometry.share(perHour(733_000))).toBeLessThan(1);
  });
});

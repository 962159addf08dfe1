import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { DEPLOY_MS, dropView, EVENING_MS, inputOf, markOf } from './chart-view.fixture.ts';
import { chartGeometry } from './geometry.ts';
import { chipLeftPx, chipText, chipWidthPx, GLYPH_CHIP_PX, layOutMarks, listMarks, markAt } from './marks.ts';
import { LEAST_PLOT_PX, PLOT_WIDTHS } from './plot-width.ts';

const range = { startMs: EVENING_MS, endMs: EVENING_MS + 3 * HOUR_MS };
const at = (minute: number) => EVENING_MS + minute * MINUTE_MS;
const origin = { atMs: DEPLOY_MS, release: 'v1206' };
const lay = (marks: ReturnType<typeof markOf>[], of = range, from: typeof origin | null = origin) =>
  layOutMarks(marks, of, from, 'UTC');

describe('marks', () => {
  it('stand where they happened; a rolling deploy is a band from first to last machine', () => {
    const [mark] = lay([markOf('v1203', at(45), { endMs: at(63), rolled: { done: 2, of: 3 } })]);
    expect(mark).toMatchObject({
      x: 25,
      endX: 35,
      side: 'inside',
      title: '2/3 machines on v1203, deploy, 9 Apr 20:45Z',
    });
    expect(lay([markOf('v1203', at(45))])[0]?.endX).toBeNull();
    expect(lay([markOf('v1203', at(45), { endMs: null })])[0]?.endX).toBe(100);
  });

  it('outside the range are left out, save the deploy that is followed: it is clamped at its edge', () => {
    const old = markOf('v1205', at(-90));
    const early = { startMs: DEPLOY_MS + HOUR_MS, endMs: DEPLOY_MS + 2 * HOUR_MS };
    expect(lay([old, markOf('v1206', DEPLOY_MS)], early)).toMatchObject([
      { id: 'v1206', x: 0, side: 'before' },
    ]);
    const late = { startMs: at(0), endMs: at(60) };
    expect(lay([old, markOf('v1206', DEPLOY_MS)], late)).toMatchObject([
      { id: 'v1206', x: 100, side: 'after' },
    ]);
    expect([chipText('v1206', 'before'), chipText('v1206', 'after')]).toEqual(['◂ v1206', 'v1206 ▸']);
    expect(lay([old], range, null)).toEqual([]);
  });

  it('give up their names before they touch, the newest last', () => {
    const chips = lay([markOf('v1204', at(95)), markOf('v1205', at(100)), markOf('v1206', at(120))]).map(
      (mark) => mark.chips.narrow.form,
    );
    expect(chips).toEqual(['line', 'glyph', 'text']);
    const crowd = [5, 60, 85, 107, 120].map((minute) => markOf(`v${1_100 + minute}`, at(minute)));
    expect(lay(crowd).map(({ chips }) => chips.narrow.form)).toEqual([
      'glyph',
      'glyph',
      'glyph',
      'line',
      'text',
    ]);
    const apart = lay([markOf('v1203', at(20)), markOf('v1206', at(120))]).map(
      ({ chips }) => chips.narrow.form,
    );
    expect(apart).toEqual(['text', 'text']);
  });

  it('never touch, and stay in reach of the plot, on every class of plot', () => {
    const marks = Array.from({ length: 30 }, (_, n) =>
      markOf(`v${1_200 + n}`, at(n * n * 0.2), { minor: n % 4 === 0 }),
    );
    const drawn = lay(marks);
    for (const width of PLOT_WIDTHS) {
      const spans = drawn
        .filter(({ chips }) => chips[width].form !== 'line')
        .map(({ chips, x, release, minor }) => {
          const px = minor ? 10 : chips[width].form === 'text' ? chipWidthPx(release) : GLYPH_CHIP_PX;
          const from = (x / 100) * LEAST_PLOT_PX[width] + chipLeftPx(px, chips[width].anchor);
          return [from, from + px] as const;
        })
        .sort(([a], [b]) => a - b);
      expect(spans.length).toBeGreaterThan(3);
      for (const [i, [from]] of spans.entries()) {
        if (i > 0) expect(from).toBeGreaterThanOrEqual(spans[i - 1]?.[1] ?? 0);
      }
    }
  });

  it('take headroom only where there are some', () => {
    expect(chartGeometry(inputOf(dropView())).topY).toBe(34);
    expect(chartGeometry(inputOf(dropView(), { marks: [] })).topY).toBe(12);
  });
});

describe('the list of deploys', () => {
  it('names every mark that the chart shows, newest first, with both clocks', () => {
    const list = listMarks(
      [
        markOf('v1205', at(-200), { kind: 'suspend' }),
        markOf('v1204', at(24), { kind: 'suspend' }),
        markOf('v1206', at(120)),
      ],
      range,
      'UTC',
      origin,
    );
    expect(list.map(({ release, what, time, since }) => [release, what, time, since])).toEqual([
      ['v1206', 'deploy', '22:00Z', 'T+00:00'],
      ['v1204', 'Redis suspended', '20:24Z', 'T−01:36'],
    ]);
  });

  it('adds the date on another day, and reads the zone that is asked for', () => {
    const night = { startMs: at(0), endMs: at(300) };
    expect(listMarks([markOf('v1206', at(120))], night).map(({ time }) => time)).toEqual(['9 Apr 22:00Z']);
    expect(listMarks([markOf('v1206', at(120))], range, 'Europe/Berlin').map(({ time }) => time)).toEqual([
      '00:00',
    ]);
  });
});

describe('pointing at a mark', () => {
  it('finds the nearest in reach, and a rolling one anywhere along its band', () => {
    const marks = [markOf('v1203', at(10), { endMs: at(30) }), markOf('v1204', at(60))];
    expect(markAt(marks, at(25), 0)?.release).toBe('v1203');
    expect(markAt(marks, at(57), 5 * MINUTE_MS)?.release).toBe('v1204');
    expect(markAt(marks, at(45), 5 * MINUTE_MS)).toBeNull();
  });
});

describe('time since the deploy', () => {
  const ticks = (over = {}) => chartGeometry(inputOf(dropView(), over)).originTicks;

  it('stands under the wall clock, from T₀ on', () => {
    const [first, second] = ticks();
    expect(first).toMatchObject({
      text: 'T₀ v1206',
      textNarrow: 'T₀',
      atMs: DEPLOY_MS,
      on: ['narrow', 'wide', 'roomy'],
    });
    expect(second?.text).toMatch(/^T\+\d+m$/);
    expect(ticks().at(-1)?.text).toBe('T+30m');
  });

  it('is thinned where labels would touch', () => {
    for (const width of PLOT_WIDTHS) {
      const shown = ticks().filter(({ on }) => on.includes(width));
      for (let i = 1; i < shown.length; i++) {
        const px = (((shown[i]?.x ?? 0) - (shown[i - 1]?.x ?? 0)) / 100) * LEAST_PLOT_PX[width];
        expect(px).toBeGreaterThan(20);
      }
    }
  });

  it('takes its row only on a high plot that follows a deploy, and none before it', () => {
    expect(chartGeometry(inputOf(dropView())).baseY).toBe(278 - 36);
    expect(chartGeometry(inputOf(dropView(), { origin: null })).baseY).toBe(278 - 20);
    expect(chartGeometry(inputOf(dropView(), { heightPx: 170 })).baseY).toBe(150);
    expect(ticks({ origin: { atMs: EVENING_MS + 4 * HOUR_MS, release: 'v1207' } })).toEqual([]);
  });
});

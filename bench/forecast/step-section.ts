import { forecastUse } from '../../lib/core/budget/forecast/forecast-use.ts';
import { seededRandom } from '../../lib/core/verdict/test-series.ts';
import type { Section } from '../verdict/plan.ts';

const RUNS = 48;
const BEFORE_HOURS = 14 * 24;
/** What is left of it after the deploy. */
const LEFT = 0.033;
const CLOSE = 0.25;
const LOOKS = [1, 2, 3, 6, 24, 48] as const;

/** Use with a day in it and some noise, until a deploy takes 96.7 % of it away. */
function seriesOf(seed: number): { hours: (at: number) => number; mean: (at: number) => number } {
  const random = seededRandom(seed);
  const noise = Array.from({ length: BEFORE_HOURS + 200 }, () => 0.9 + 0.2 * random());
  const mean = (at: number) =>
    733_000 * (1 + 0.4 * Math.sin((2 * Math.PI * (at + seed)) / 24)) * (at >= BEFORE_HOURS ? LEFT : 1);
  return { hours: (at) => mean(at) * (noise[at] ?? 1), mean };
}

/** How soon the forecast has taken to a fall of 96.7 %, told of it or not. */
export function stepSection(): Section {
  const close = (since: number, isTold: boolean): number => {
    let count = 0;
    for (let seed = 0; seed < RUNS; seed += 1) {
      const { hours, mean } = seriesOf(seed);
      const known = Array.from({ length: BEFORE_HOURS + since }, (_, at) => hours(at));
      const likely = forecastUse(known, isTold ? since : null, [24])?.[0]?.likely ?? Number.NaN;
      const came = Array.from({ length: 24 }, (_, i) => mean(BEFORE_HOURS + since + i)).reduce(
        (a, b) => a + b,
        0,
      );
      if (Math.abs(likely / came - 1) <= CLOSE) count += 1;
    }
    return count;
  };
  const told = LOOKS.map((since) => close(since, true));
  const alone = LOOKS.map((since) => close(since, false));
  return {
    gates: [
      {
        name: 'an hour after a deploy that it knows of, the next day is told within 25 %',
        measured: `${told[0]} of ${RUNS}`,
        gate: `${RUNS}`,
        holds: told[0] === RUNS,
      },
      {
        name: 'two hours after a step that nobody told of, the next day is told within 25 %',
        measured: `${alone[1]} of ${RUNS}`,
        gate: `≥ ${RUNS - 1}`,
        holds: (alone[1] ?? 0) >= RUNS - 1,
      },
    ],
    tables: [
      {
        title: 'A fall of 96.7 %',
        note: `${RUNS} made series of 14 days with a day in them and noise of 10 %, at every hour of the day. How many of them tell the use of the next 24 h within 25 %, so many hours after the fall.`,
        head: ['hours since', ...LOOKS.map(String)],
        rows: [
          ['the deploy is known', ...told.map(String)],
          ['nobody told of it', ...alone.map(String)],
        ],
      },
    ],
  };
}

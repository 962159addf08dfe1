import { countOf, shareOf, sumShares } from './bounds.ts';
import { found, percent, withUpper } from './format.ts';
import { rivalCells } from './nothing-section.ts';
import type { Plan, Section } from './plan.ts';
import { listPublicSeries } from './public-series.ts';

const RATIOS = [0.05, 0.5, 0.75, 1.25, 2, 5] as const;
/** Without --full one fake deploy in so many is multiplied. */
const POWER_EVERY = 4;
const MOST_FALSE = 0.05;
const MOST_FALSE_ALARM = 0.02;

/** Fake deploys on public series: nothing changes, or the watch is multiplied. Null where the series are not there. */
export async function publicSection({ pool, options }: Plan): Promise<Section | null> {
  const { dataFolder: folder } = options;
  const names = listPublicSeries(folder);
  if (names === null) return null;
  const run = async (name: string, ratio: number) => {
    const isUnchanged = ratio === 1;
    const every = isUnchanged || options.isFull ? 1 : POWER_EVERY;
    const [deploys] = await pool.run('public', { folder, name, ratio, isUnchanged, every }, [0]);
    return deploys ?? [];
  };
  const [unchanged, changed] = await Promise.all([
    Promise.all(names.map(async (name) => ({ name, deploys: await run(name, 1) }))),
    Promise.all(
      RATIOS.map(async (ratio) => ({
        ratio,
        deploys: (await Promise.all(names.map((name) => run(name, ratio)))).flat(),
      })),
    ),
  ]);
  const used = unchanged.filter(({ deploys }) => deploys.length > 0);
  const all = used.flatMap(({ deploys }) => deploys);
  const false05 = countOf(all, (one) => one.false05);
  const false01 = countOf(all, (one) => one.false01);
  const rivals = rivalCells(all.flatMap((one) => one.rivals ?? []));
  const wrongWay = sumShares(changed.map(({ deploys }) => countOf(deploys, (one) => one.wrongWay)));
  const above = used.filter(({ deploys }) => shareOf(countOf(deploys, (one) => one.false05)) > MOST_FALSE);
  return {
    gates: [
      {
        name: 'public series, nothing changed, α = .05, pooled',
        measured: `${withUpper(false05)} of ${false05.of}`,
        gate: `≤ ${percent(MOST_FALSE)}`,
        holds: shareOf(false05) <= MOST_FALSE,
      },
      {
        name: 'public series, nothing changed, α = .01, pooled',
        measured: `${withUpper(false01)} of ${false01.of}`,
        gate: `≤ ${percent(MOST_FALSE_ALARM)}`,
        holds: shareOf(false01) <= MOST_FALSE_ALARM,
      },
    ],
    tables: [
      {
        title: 'Public series, when nothing changed',
        note: `Numenta Anomaly Benchmark: ${used.length} of ${names.length} series that are mostly above zero, a fake deploy every 6 h with 14 days before it (7 where there are no more), none with a labelled watch or with more than 15 % of its baseline labelled. Nothing was tuned on them. The bounds take the fake deploys of a series as if they were independent, which they are not. Above 5 % by themselves: ${above.length} series.`,
        head: [
          'series',
          'fake deploys',
          'ours, α .05',
          'ours, α .01',
          'Mann–Whitney p < .05',
          'p < .001',
          'Kayenta 98 %, .25',
          'Kayenta and ≥ 10 %',
          '+10 % of 3 days',
        ],
        rows: [
          ['all', `${all.length}`, percent(shareOf(false05)), percent(shareOf(false01)), ...rivals],
          ...used.map(({ name, deploys }) => [
            name.replace('.csv', ''),
            `${deploys.length}`,
            percent(shareOf(countOf(deploys, (one) => one.false05))),
            percent(shareOf(countOf(deploys, (one) => one.false01))),
            ...rivalCells(deploys.flatMap((one) => one.rivals ?? [])),
          ]),
        ],
      },
      {
        title: 'Public series, when the watch is multiplied',
        note: `The same fake deploys${options.isFull ? '' : `, one in ${POWER_EVERY}`}; share that is seen within 24 h, median / nine tenths of the time until then. Told the wrong way round: ${withUpper(wrongWay)}. Real numbers are often too wild for a quarter more or less; the forecast says so before the deploy.`,
        head: ['multiplied by', 'fake deploys', 'seen', 'wrong way'],
        rows: changed.map(({ ratio, deploys }) => [
          `${ratio}`,
          `${deploys.length}`,
          found(deploys.map((one) => one.firstMinutes)),
          percent(shareOf(countOf(deploys, (one) => one.wrongWay))),
        ]),
      },
    ],
  };
}

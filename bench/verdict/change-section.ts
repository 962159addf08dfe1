import { CALM, FAMILIES, NO_EFFECT, type SeriesFamily, stepTo } from '../../lib/core/verdict/test-series.ts';
import { countOf, shareOf, sumShares } from './bounds.ts';
import { duration, found, percent, quantileOf, withLower, withUpper } from './format.ts';
import type { ChangeOutcome } from './made-measures.ts';
import { shiftOfNoise } from './made-measures.ts';
import type { GateRow, Plan, Section } from './plan.ts';

const named = (name: string): SeriesFamily => FAMILIES.find((family) => family.name === name) ?? CALM;

/** Families by how hard they are to tell. */
export const HARDNESS = [
  { title: 'calm: iid 10 %', family: CALM },
  { title: 'medium: AR .9, daily, day 3 %', family: named('AR .9, daily, day 3 %') },
  { title: 'wild: AR .97, daily, day 5 %', family: named('AR .97, daily, day 5 %') },
] as const;

const RATIOS = [0.05, 0.033, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2, 5] as const;
const LARGE_FALL = 0.05;

/** Share of changes that are seen, how soon, and how often the contrary is. */
export async function changeSection({ pool, seeds }: Plan): Promise<Section> {
  const run = (family: SeriesFamily | null, ratio: number, range: number, part: number) =>
    pool.run('change', { family, days: 14, effect: stepTo(ratio) }, seeds(range, part));
  const [table, falls] = await Promise.all([
    Promise.all(
      RATIOS.map((ratio, i) =>
        Promise.all(HARDNESS.map(({ family }, j) => run(family, ratio, 30 + 3 * i + j, 1 / 3))),
      ),
    ),
    Promise.all([...FAMILIES, null].map((family, i) => run(family, LARGE_FALL, 60 + i, 1 / 6))),
  ]);
  const cell = (ratio: (typeof RATIOS)[number], hardness: number): readonly ChangeOutcome[] =>
    table[RATIOS.indexOf(ratio)]?.[hardness] ?? [];
  const all = [...table.flat(), ...falls].map((outcomes) => countOf(outcomes, (one) => one.wrongWay));
  const wrongWay = sumShares(all);
  return {
    gates: [
      fallGate(falls),
      seenGate('+25 % on a medium metric is seen', cell(1.25, 1), 75),
      seenGate('+10 % on a calm metric is seen', cell(1.1, 0), 45),
      {
        name: 'told the wrong way round, all changes together',
        measured: `${withUpper(wrongWay)} of ${wrongWay.of}`,
        gate: '≤ 0.3 %',
        holds: shareOf(wrongWay) <= 0.003,
      },
    ],
    tables: [
      {
        title: 'When something changed',
        note: `Share of changes that any look of 24 h sees, median / nine tenths of the measured time until then; α = .05, 14 days, ${table[0]?.[0]?.length} watches a cell.`,
        head: ['true change', ...HARDNESS.map(({ title }) => title)],
        rows: RATIOS.map((ratio, i) => [
          changeText(ratio),
          ...(table[i] ?? []).map((outcomes) => found(outcomes.map((one) => one.firstMinutes))),
        ]),
      },
    ],
  };
}

function changeText(ratio: number): string {
  if (ratio >= 2) return `×${ratio}`;
  return `${ratio < 1 ? '−' : '+'}${Number((100 * Math.abs(ratio - 1)).toFixed(1))} %`;
}

function fallGate(falls: readonly (readonly ChangeOutcome[])[]): GateRow {
  const names = [...FAMILIES.map(({ name }) => name), 'any of the grid'];
  const rows = falls.map((outcomes, i) => {
    const minutes = outcomes.map((one) => one.firstMinutes ?? Number.POSITIVE_INFINITY);
    return {
      name: names[i] ?? '',
      late: minutes.filter((one) => one > 20).length,
      longest: Math.max(...minutes),
    };
  });
  const late = rows.filter((row) => row.late > 0);
  const of = falls[0]?.length ?? 0;
  return {
    name: '−95 % is seen, every family',
    measured:
      late.length === 0
        ? `100 %, all within ${Math.max(...rows.map((row) => row.longest))} min, ${of} each`
        : late
            .map((row) => `${row.name}: ${row.late} of ${of} late, longest ${duration(finite(row.longest))}`)
            .join('; '),
    gate: '100 %, ≤ 20 min',
    holds: late.length === 0,
  };
}

const finite = (minutes: number): number | null => (Number.isFinite(minutes) ? minutes : null);

function seenGate(name: string, outcomes: readonly ChangeOutcome[], mostMinutes: number): GateRow {
  const minutes = outcomes.map((one) => one.firstMinutes);
  const seen = countOf(minutes, (one) => one !== null);
  const median = quantileOf(minutes, 0.5);
  return {
    name,
    measured: `${withLower(seen)}, median ${duration(median)}`,
    gate: `≥ 99 %, median ≤ ${mostMinutes} min`,
    holds: shareOf(seen) >= 0.99 && median !== null && median <= mostMinutes,
  };
}

const FALL = 0.033;
const RATES = [200, 2_000, 12_000] as const;
const SPREADS = [0.03, 0.1] as const;
const BURSTS = [0.3, 0.45, 0.6] as const;
const LEAST_COVER = 0.94;
const LEAST_NOISY = 0.8;
const LEAST_NOISY_LATE = 0.92;

/** Whether the interval holds the true effect at all looks: after changes, and where the deploy changes the noise too. */
export async function coverSection({ pool, seeds }: Plan): Promise<Section> {
  const steady = [
    ...RATES.flatMap((perMinute) =>
      SPREADS.map((spread) => ({
        name: `−96.7 %, ${perMinute.toLocaleString('en')} a minute, noise ${100 * spread} %`,
        family: { ...CALM, perMinute, spread },
        ratio: FALL,
      })),
    ),
    ...[0.5, 1.25].map((ratio) => ({
      name: `${changeText(ratio)}, medium noise`,
      family: HARDNESS[1].family,
      ratio,
    })),
  ];
  const noisy = [1, FALL].flatMap((ratio) =>
    BURSTS.map((spread) => ({ ratio, added: { correlation: 0.9, spread } })),
  );
  const [covered, covering] = await Promise.all([
    Promise.all(
      steady.map(({ family, ratio }, i) =>
        pool.run(
          'cover',
          { family, days: 14, effect: stepTo(ratio), truth: Math.log(ratio) },
          seeds(80 + i, 5 / 6),
        ),
      ),
    ),
    Promise.all(
      noisy.map(({ ratio, added }, i) =>
        pool.run(
          'cover',
          {
            family: CALM,
            days: 14,
            effect: { ...NO_EFFECT, ratio, addedNoise: added },
            truth: Math.log(ratio) + shiftOfNoise(CALM, added),
          },
          seeds(90 + i, 1 / 2),
        ),
      ),
    ),
  ]);
  const rows = [
    ...steady.map(({ name }, i) => ({ name, outcomes: covered[i] ?? [], isNoisy: false })),
    ...noisy.map(({ ratio, added }, i) => ({
      name: `${ratio === 1 ? 'no change' : '−96.7 %'} and bursts of ${100 * added.spread} %`,
      outcomes: covering[i] ?? [],
      isNoisy: true,
    })),
  ].map((row) => ({
    ...row,
    always: countOf(row.outcomes, (one) => !one.missed),
    late: countOf(row.outcomes, (one) => !one.missedLate),
    judged: countOf(row.outcomes, (one) => !one.misjudged),
  }));
  const lowest = (
    name: string,
    some: typeof rows,
    key: 'always' | 'late' | 'judged',
    least: number,
  ): GateRow => {
    const [row] = some.toSorted((a, b) => shareOf(a[key]) - shareOf(b[key]));
    return {
      name,
      measured:
        row === undefined ? 'nothing' : `lowest ${withLower(row[key])} of ${row[key].of}, ${row.name}`,
      gate: `≥ ${percent(least)}`,
      holds: row !== undefined && shareOf(row[key]) >= least,
    };
  };
  const plain = rows.filter((row) => !row.isNoisy);
  const bursts = rows.filter((row) => row.isNoisy);
  return {
    gates: [
      lowest('the interval holds the true effect at all looks', plain, 'always', LEAST_COVER),
      lowest(
        'the distance that a verdict needs holds it where the deploy changes the noise',
        bursts,
        'judged',
        LEAST_NOISY,
      ),
      lowest(
        'the interval holds it from hour 4 on where the deploy changes the noise',
        bursts,
        'late',
        LEAST_NOISY_LATE,
      ),
    ],
    tables: [
      {
        title: 'Whether the interval holds the true effect',
        note: `Share of watches in which no look of 24 h leaves the true effect out, and none from hour 4 on. A verdict must clear its limit by three half-widths before 1 h, by one later. Bursts are AR(.9) noise that begins with the deploy, on a calm metric: nobody knows of them at the first looks, so that the half-width alone is too small then.`,
        head: [
          'what the deploy does',
          'watches',
          'at all looks',
          'from hour 4 on',
          'by the distance of a verdict',
        ],
        rows: rows.map(({ name, always, late, judged }) => [
          name,
          `${always.of}`,
          withLower(always),
          withLower(late),
          withLower(judged),
        ]),
      },
    ],
  };
}

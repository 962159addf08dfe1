import type { ClaimState } from '../../lib/core/model/claim.ts';
import type { ClaimPromise } from '../../lib/core/verdict/limits.ts';
import {
  CALM,
  FAMILIES,
  NO_EFFECT,
  type SeriesEffect,
  type SeriesFamily,
  stepTo,
} from '../../lib/core/verdict/test-series.ts';
import { countOf, shareOf, upperBound } from './bounds.ts';
import { HARDNESS } from './change-section.ts';
import { found, percent, withUpper } from './format.ts';
import type { JudgedOutcome } from './judged.ts';
import { MOST_FALSE, MOST_FALSE_BOUND, worst } from './nothing-section.ts';
import type { GateRow, Plan, Section } from './plan.ts';

interface Promised {
  name: string;
  promise: ClaimPromise;
  /** What is false of it where nothing changed. `relapsed` was *met* before. */
  wrong: readonly ClaimState[];
}

const guard = (margin: number): ClaimPromise => ({
  kind: 'guard',
  against: 'rise',
  margin,
  floorRatio: null,
});
const KEPT: readonly ClaimState[] = ['met', 'mostly_met', 'relapsed'];
const BROKEN: readonly ClaimState[] = ['worse', 'missed', 'relapsed'];

/** What may be claimed of a watch in which nothing changes. That a change is missing is true then. */
const PROMISES: readonly Promised[] = [
  { name: '−96.7 %', promise: { kind: 'change', ratio: 0.033 }, wrong: [...KEPT, 'worse'] },
  { name: '−25 %', promise: { kind: 'change', ratio: 0.75 }, wrong: [...KEPT, 'worse'] },
  { name: 'must not rise by more than 10 %', promise: guard(0.1), wrong: BROKEN },
  { name: 'must not rise by more than 25 %', promise: guard(0.25), wrong: BROKEN },
];

const isWrong = (wrong: readonly ClaimState[]) => (one: JudgedOutcome) =>
  one.states.some((state) => wrong.includes(state));

/** Outcomes of each promise over all watches, from those of each watch over all promises. */
function byPromise(watches: readonly (readonly JudgedOutcome[])[]): JudgedOutcome[][] {
  return (watches[0] ?? []).map((_, i) => watches.flatMap((outcomes) => outcomes[i] ?? []));
}

/** Verdicts of claims: false ones where nothing changed, and how soon a kept promise is told. */
export async function claimsSection(plan: Plan): Promise<Section> {
  const [nothing, power] = await Promise.all([nothingPart(plan), powerPart(plan)]);
  return { gates: [...nothing.gates, ...power.gates], tables: [...nothing.tables, ...power.tables] };
}

async function nothingPart({ pool, seeds }: Plan): Promise<Section> {
  const rows = await Promise.all(
    [...FAMILIES, null].map(async (family, i) => ({
      name: family?.name ?? 'any of the grid',
      byPromise: byPromise(
        await pool.run(
          'judged',
          { family, days: 14, effect: NO_EFFECT, promises: PROMISES.map(({ promise }) => promise) },
          seeds(110 + i, 1 / 4),
        ),
      ),
    })),
  );
  return {
    gates: PROMISES.map(({ name, wrong }, i) =>
      worst(`nothing changed, promised: ${name}`, rows, (row) =>
        countOf(row.byPromise[i] ?? [], isWrong(wrong)),
      ),
    ),
    tables: [
      {
        title: 'False verdicts of claims when nothing changed',
        note: `Share of watches of 24 h in which some look gave a false verdict: a change that was promised is (mostly) met or worse, a limit that is kept is missed or worse. ${rows[0]?.byPromise[0]?.length} watches each, 14 days.`,
        head: ['noise', ...PROMISES.map(({ name }) => name)],
        rows: rows.map((row) => [
          row.name,
          ...PROMISES.map(({ wrong }, i) =>
            percent(shareOf(countOf(row.byPromise[i] ?? [], isWrong(wrong)))),
          ),
        ]),
      },
    ],
  };
}

interface Kept {
  name: string;
  effect: SeriesEffect;
  promise: ClaimPromise;
  /** True where *met* would be wrong: the promise is just not kept. */
  isBroken: boolean;
}

const CASES: readonly Kept[] = [
  {
    name: '−96.7 % promised and kept',
    effect: stepTo(0.033),
    promise: { kind: 'change', ratio: 0.033 },
    isBroken: false,
  },
  {
    name: 'the same with a ramp of 60 min',
    effect: { ...stepTo(0.033), rampMinutes: 60 },
    promise: { kind: 'change', ratio: 0.033 },
    isBroken: false,
  },
  {
    name: '−25 % promised, −30 % came',
    effect: stepTo(0.7),
    promise: { kind: 'change', ratio: 0.75 },
    isBroken: false,
  },
  { name: 'no rise above 10 %, unchanged', effect: NO_EFFECT, promise: guard(0.1), isBroken: false },
  { name: 'no rise above 25 %, unchanged', effect: NO_EFFECT, promise: guard(0.25), isBroken: false },
  { name: 'no rise above 10 %, +10 % came', effect: stepTo(1.1), promise: guard(0.1), isBroken: true },
  {
    name: '−96.7 % promised, −90 % came',
    effect: stepTo(0.1),
    promise: { kind: 'change', ratio: 0.033 },
    isBroken: true,
  },
  {
    name: '−25 % promised, −20 % came',
    effect: stepTo(0.8),
    promise: { kind: 'change', ratio: 0.75 },
    isBroken: true,
  },
];

/** How soon *met* is said of what was kept, and how often of what was not; `mostly met` of the last case is no fault. */
async function powerPart({ pool, seeds }: Plan): Promise<Section> {
  const rows = await Promise.all(
    CASES.map(async (one, i) => ({
      ...one,
      cells: await Promise.all(
        HARDNESS.map(async ({ family }, j) => {
          const params = { family, days: 14, effect: one.effect, promises: [one.promise] };
          return (await pool.run('judged', params, seeds(130 + 3 * i + j, 1 / 4))).flat();
        }),
      ),
    })),
  );
  const metIn = (one: JudgedOutcome) => one.metMinutes !== null;
  const broken = rows.filter((row) => row.isBroken);
  const kept = rows.filter((row) => !row.isBroken);
  const lost = kept.flatMap((row) =>
    row.cells.map((cell, j) => ({
      name: `${row.name}, ${HARDNESS[j]?.title}`,
      share: countOf(cell, isWrong(['missed', 'worse'])),
    })),
  );
  return {
    gates: [
      worst(
        'met is said of a promise that was not kept',
        broken.flatMap((row) =>
          row.cells.map((cell, j) => ({
            name: `${row.name}, ${HARDNESS[j]?.title}`,
            share: countOf(cell, metIn),
          })),
        ),
        (row) => row.share,
      ),
      worst('missed or worse is said of a promise that was kept', lost, (row) => row.share),
    ].map((row) => ({ ...row, name: row.name.replace(', every family', ', every case') })),
    tables: [
      {
        title: 'When a promise is told to be met',
        note: `Share of watches in which *met* was said at some look, median / nine tenths of the time until then; before 1 h a limit must be cleared by three half-widths. ${rows[0]?.cells[0]?.length} watches a cell, 14 days.`,
        head: ['case', ...HARDNESS.map(({ title }) => title)],
        rows: rows.map((row) => [
          row.isBroken ? `wrongly met: ${row.name}` : row.name,
          ...row.cells.map((cell) =>
            row.isBroken ? withUpper(countOf(cell, metIn)) : found(cell.map((one) => one.metMinutes)),
          ),
        ]),
      },
    ],
  };
}

const RARE = { ...CALM, spread: 0 };
/** Rare events: too few for logarithms, counted one by one. */
const RARE_FAMILIES: readonly SeriesFamily[] = [
  { ...RARE, name: '0.001 a minute', perMinute: 0.001 },
  { ...RARE, name: '0.01 a minute', perMinute: 0.01 },
  { ...RARE, name: '0.1 a minute', perMinute: 0.1 },
  { ...RARE, name: '1 a minute', perMinute: 1 },
  { ...RARE, name: '1 a minute, φ = 4', perMinute: 1, dispersion: 4 },
  { ...RARE, name: '3 a minute, AR .9 of 30 %', perMinute: 3, correlation: 0.9, spread: 0.3 },
];

/** Far below one event in a watch. */
const ALMOST_NONE = 1e-9;
const TRIPLED = 3;
const ZERO: ClaimPromise = { kind: 'change', ratio: 0 };

/** The count route: limits on rare events that are kept, and such that are not. */
export async function countsSection({ pool, seeds }: Plan): Promise<Section> {
  const rows = await Promise.all(
    RARE_FAMILIES.map(async (family, i) => {
      const run = async (effect: SeriesEffect, promises: readonly ClaimPromise[], j: number) =>
        byPromise(
          await pool.run('judged', { family, days: 14, effect, promises }, seeds(170 + 3 * i + j, 1 / 4)),
        );
      const [[kept = [], stayed = []], [tripled = []], [ceased = []]] = await Promise.all([
        run(NO_EFFECT, [guard(0.1), ZERO], 0),
        run(stepTo(TRIPLED), [guard(0.1)], 1),
        run(stepTo(ALMOST_NONE), [ZERO], 2),
      ]);
      return { name: family.name, perHour: 60 * family.perMinute, kept, tripled, ceased, stayed };
    }),
  );
  // At one an hour and below, a limit with its floor and a promised 0 are truly kept.
  const above = (times: number) => rows.filter((row) => times * row.perHour > 1);
  const metIn = (one: JudgedOutcome) => one.metMinutes !== null;
  const gates: GateRow[] = [
    worst('rare events, unchanged: a limit is missed or worse', rows, (row) =>
      countOf(row.kept, isWrong(['missed', 'worse'])),
    ),
    worst('rare events, tripled: a limit is met', above(TRIPLED), (row) => countOf(row.tripled, metIn)),
    worst('rare events, unchanged: a promised 0 is met', above(1), (row) => countOf(row.stayed, metIn)),
  ];
  return {
    gates,
    tables: [
      {
        title: 'Rare events, counted one by one',
        note: `Share of watches in which *met* (or *missed* or *worse*) was said at some look; median / nine tenths of the time until *met*. A limit on rare events and a promised 0 have a floor of one an hour. ${rows[0]?.kept.length} watches a cell, 14 days; bounds must stay below ${percent(MOST_FALSE)} and ${percent(MOST_FALSE_BOUND)}.`,
        head: [
          'baseline',
          'unchanged, no rise: met',
          'missed or worse',
          'tripled, no rise: met',
          'missed or worse',
          '0 promised, ceased: met',
          '0 promised, unchanged: met',
        ],
        rows: rows.map((row) => [
          row.name,
          found(row.kept.map((one) => one.metMinutes)),
          percent(shareOf(countOf(row.kept, isWrong(['missed', 'worse'])))),
          percent(shareOf(countOf(row.tripled, metIn))),
          percent(shareOf(countOf(row.tripled, isWrong(['missed', 'worse'])))),
          found(row.ceased.map((one) => one.metMinutes)),
          `${percent(shareOf(countOf(row.stayed, metIn)))} (at most ${percent(upperBound(countOf(row.stayed, metIn)))})`,
        ]),
      },
    ],
  };
}

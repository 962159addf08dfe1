import { FAMILIES } from '../../lib/core/verdict/test-series.ts';
import { type Share, shareOf } from '../verdict/bounds.ts';
import { atMost, plateauGates, stallGates } from '../verdict/detectors.ts';
import { found, percent, withUpper } from '../verdict/format.ts';
import type { GateRow, Section, Table } from '../verdict/plan.ts';
import { COUNT_FAMILIES, TROUBLES, type Trouble } from '../verdict/spike-sims.ts';
import { COUNT_NAMES, measureCounts } from './count-measure.ts';
import type { Alarms } from './episodes.ts';
import { measureRates, RATE_NAMES, RATE_TROUBLES } from './rate-measure.ts';

export interface Sizes {
  watches: number;
  seed: number;
}

const SPIKE_GATE = 0.04;
/** Of an alarm at α = .01, all families together. */
const POOLED_GATE = 0.015;
const RATE_DETECTORS = ['spike', 'regression'] as const;
const SEEDS_APART = 1_000_000;
const BURST: Trouble = { name: '10 in one minute', perMinute: 10, minutes: 1, exact: true };
const STRAY: Trouble = { name: 'one', perMinute: 1, minutes: 1, exact: true };

/** Rare events such as 429s: our spikes beside fixed rules on the same seeds. */
export function countsSection({ watches, seed }: Sizes): Section {
  const troubles = [BURST, ...TROUBLES, STRAY];
  const byFamily = COUNT_FAMILIES.map((family, place) => ({
    name: family.name,
    watches: seedsOf(seed, place, watches).map((one) => measureCounts(family, one, troubles)),
  }));
  const shown = troubles.slice(0, -1).map(({ name }) => name);
  return {
    gates: byFamily.flatMap(({ name, watches: outcomes }) => countGates(name, outcomes, troubles.length - 1)),
    tables: [
      tableOf(
        'Rare events (429s), by the minute',
        'False: share of quiet days with an alarm, and alarms a day. Then the share of watches in which the trouble is told, with half and nine tenths of the delays.',
        COUNT_NAMES,
        byFamily,
        shown,
      ),
    ],
  };
}

function countGates(family: string, outcomes: readonly Alarms[][], stray: number): GateRow[] {
  const own = outcomes.flatMap(([ours]) => ours ?? []);
  const quiet = atMost(`429 spike, nothing happened: ${family}`, falseShare(own), SPIKE_GATE);
  if (family !== COUNT_FAMILIES[0]?.name) return [quiet];
  const bursts = own.map(({ delays }) => delays[0] ?? null);
  const isQuick = (delay: number | null): boolean => delay !== null && delay <= 2;
  const strays = own.filter(({ delays }) => delays[stray] != null).length;
  return [
    quiet,
    {
      name: '10 × 429 in a minute where there never were any',
      measured: found(bursts),
      gate: 'all within 2 min',
      holds: bursts.every(isQuick),
    },
    {
      name: 'one stray 429 where there never were any',
      measured: `${strays} of ${own.length}`,
      gate: '0',
      holds: strays === 0,
    },
  ];
}

/** Rates: our spikes and regressions beside fixed rules on the same seeds. */
export function ratesSection({ watches, seed }: Sizes): Section {
  const byFamily = FAMILIES.filter(({ perMinute }) => 5 * perMinute >= 20).map((family, place) => ({
    name: family.name,
    watches: seedsOf(seed, 50 + place, watches).map((one) => measureRates(family, one)),
  }));
  return {
    gates: RATE_DETECTORS.flatMap((detector, i) => {
      const all = byFamily.map(({ name, watches: outcomes }) => ({
        name,
        own: outcomes.flatMap((each) => each[i] ?? []),
      }));
      return [
        pooled(
          `${detector} of a rate, nothing happened: all families`,
          all.flatMap(({ own }) => own),
        ),
        ...all.map(({ name, own }) =>
          atMost(`${detector} of a rate, nothing happened: ${name}`, falseShare(own), SPIKE_GATE),
        ),
      ];
    }),
    tables: [
      tableOf(
        'Rates, in blocks of 5 min',
        'The same, for more than is usual. A fixed ratio is no rule for a rate that has a daily course: what it misses at night it tells at noon.',
        RATE_NAMES,
        byFamily,
        RATE_TROUBLES.map(({ name }) => name),
      ),
    ],
  };
}

/** Flat tops and stalls, with the gates that they are held to. */
export function gatesSection({ watches }: Sizes): Section {
  const rows = [...plateauGates(watches), ...stallGates(watches)];
  return {
    gates: rows.filter(({ gate }) => gate !== ''),
    tables: [
      {
        title: 'Flat tops and stalls',
        note: 'No fixed rule stands beside them: a level that stays where it is, and a counter that may stand still for a while, are below every threshold.',
        head: ['what', 'measured', 'asked'],
        rows: rows.map(({ name, measured, gate }) => [name, measured, gate]),
      },
    ],
  };
}

function tableOf(
  title: string,
  note: string,
  names: readonly string[],
  families: readonly { name: string; watches: readonly Alarms[][] }[],
  troubles: readonly string[],
): Table {
  return {
    title,
    note,
    head: ['family', 'rule', 'false', ...troubles],
    rows: families.flatMap(({ name, watches }) =>
      names.map((rule, i) => {
        const own = watches.flatMap((all) => all[i] ?? []);
        const perDay = own.reduce((sum, { falseOnes }) => sum + falseOnes, 0) / own.length;
        const { hits, of } = falseShare(own);
        return [
          name,
          rule,
          `${percent(hits / of)}, ${perDay.toFixed(perDay < 1 && perDay > 0 ? 3 : 1)}/day`,
          ...troubles.map((_, at) => found(own.map(({ delays }) => delays[at] ?? null))),
        ];
      }),
    ),
  };
}

function pooled(name: string, watches: readonly Alarms[]): GateRow {
  const share = falseShare(watches);
  return {
    name,
    measured: `${share.hits} of ${share.of}: ${withUpper(share)}`,
    gate: `≤ ${percent(POOLED_GATE)}`,
    holds: shareOf(share) <= POOLED_GATE,
  };
}

function falseShare(watches: readonly Alarms[]): Share {
  return { hits: watches.filter(({ falseOnes }) => falseOnes > 0).length, of: watches.length };
}

/** Seeds of their own for each family. */
function seedsOf(first: number, place: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + place * SEEDS_APART + i);
}

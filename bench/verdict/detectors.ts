import { CALM, FAMILIES, type SeriesFamily } from '../../lib/core/verdict/test-series.ts';
import { type Share, upperBound } from './bounds.ts';
import {
  type BlockOutcome,
  type Change,
  simulateBlocks,
  simulatePlateau,
  simulateStall,
} from './detector-sims.ts';
import { COUNT_FAMILIES, simulateSpikes, TROUBLES, type Trouble } from './spike-sims.ts';

/** A line of the gate table. `gate` is empty for what is only told. */
export interface GateRow {
  name: string;
  measured: string;
  gate: string;
  holds: boolean;
}

/** Fewer watches than this cannot show a bound of 4 %: then only what speaks against it counts. */
const ENOUGH = 300;
/** Share of quiet days on which an alarm of α = .01 may fire. */
const ALARM_GATE = 0.015;

/** All gates of the detectors (method 4), with so many seeded watches a family. */
export function runDetectorGates(seeds: number): GateRow[] {
  return [...spikeGates(seeds), ...plateauGates(seeds), ...stallGates(seeds), ...blockGates(seeds)];
}

/** Spikes of rare events: false ones in every family, and how soon trouble is seen. */
export function spikeGates(seeds: number): GateRow[] {
  const rows: GateRow[] = [];
  for (const [place, family] of COUNT_FAMILIES.entries()) {
    const outcomes = range(seeds, place).map((seed) => simulateSpikes(family, seed, TROUBLES));
    const isFalse = { hits: outcomes.filter((one) => one.isFalse).length, of: seeds };
    rows.push(atMost(`spike, nothing happened: ${family.name}`, isFalse, 0.04));
    for (const [i, trouble] of TROUBLES.entries()) {
      const delays = outcomes.map(({ delays: all }) => all[i] ?? null);
      rows.push(told(`spike, ${trouble.name}: ${family.name}`, delays));
    }
  }
  const few = Math.min(seeds, 100);
  const [empty] = COUNT_FAMILIES;
  if (empty === undefined) return rows;
  const burst: Trouble = { name: '', perMinute: 10, minutes: 1, exact: true };
  const stray: Trouble = { name: '', perMinute: 1, minutes: 1, exact: true };
  const edge = range(few, 90).map((seed) => simulateSpikes(empty, seed, [burst, stray]).delays);
  rows.push(
    within(
      'spike: 10 in a minute where there never were any',
      edge.map(([first]) => first ?? null),
      1,
      2,
    ),
    never(
      'spike: a single stray one where there never were any',
      edge.map(([, second]) => second ?? null),
    ),
  );
  return rows;
}

/** Flat tops under a ceiling at shares of the usual q90, and none where there is no ceiling. */
export function plateauGates(seeds: number): GateRow[] {
  const each = Math.max(1, Math.ceil(seeds / 5));
  const capped = (ofUsual: number) => ({ ofUsual, demand: 6 });
  const cases = [
    { ofUsual: null, demand: 1 },
    capped(1.1),
    capped(1),
    capped(0.9),
    { ofUsual: null, demand: 0.05 },
  ];
  const outcomes = FAMILIES.flatMap((family, place) =>
    range(each, place + 100).map((seed) => simulatePlateau(family, seed, cases)),
  );
  const at = (i: number) => outcomes.map((delays) => delays[i] ?? null);
  return [
    never('flat top: no ceiling', at(0)),
    within('flat top: ceiling at 110 % of the usual q90', at(1), 0.98, 35),
    told('flat top: ceiling at 100 %', at(2)),
    told('flat top: ceiling at 90 %', at(3)),
    never('flat top: after a fall of 95 %', at(4)),
  ];
}

/** A counter of 100 a minute, read every 15 s, that stops; one that a deploy thins to what it promised does not. */
export function stallGates(seeds: number): GateRow[] {
  const each = Math.max(1, Math.ceil(seeds / 5));
  const cases = [
    { leftRatio: 1, stopsAtMinute: null, claimed: null },
    { leftRatio: 1, stopsAtMinute: 600, claimed: null },
    { leftRatio: 0.033, stopsAtMinute: null, claimed: { ratio: 0.033 } },
    { leftRatio: 0.033, stopsAtMinute: 600, claimed: { ratio: 0.033 } },
  ];
  const busy = FAMILIES.map((family): SeriesFamily => ({ ...family, perMinute: 100 }));
  const rare = { ...CALM, perMinute: 2 };
  const outcomes = busy.flatMap((family, place) =>
    range(each, place + 200).map((seed) => simulateStall(family, seed, cases)),
  );
  const quiet = range(each, 300).map((seed) => simulateStall(rare, seed, cases.slice(0, 2)));
  const at = (i: number) => outcomes.map((delays) => delays[i] ?? null);
  return [
    never('stall: 100 a minute that goes on', at(0)),
    within('stall: 100 a minute that stops', at(1), 1, 3),
    never('stall: 96.7 % less, as promised', at(2)),
    told('stall: 96.7 % less, as promised, then it stops', at(3)),
    never(
      'stall: 2 a minute that goes on',
      quiet.map(([delay]) => delay ?? null),
    ),
    told(
      'stall: 2 a minute that stops',
      quiet.map(([, delay]) => delay ?? null),
    ),
  ];
}

const FROM_HOUR_10 = 120;
const PER_DAY = 288;
const later =
  (ratio: number): Change =>
  (block) =>
    block >= FROM_HOUR_10 ? Math.log(ratio) : 0;
const rising =
  (perDay: number): Change =>
  (block) =>
    (Math.log(perDay) * block) / PER_DAY;
const CHANGES: readonly Change[] = [() => 0, later(1.6), later(5), rising(1.1), rising(1.4), rising(2)];

/** Relapse, drift and spikes of rates: false ones by family and pooled, and what they see. */
export function blockGates(seeds: number): GateRow[] {
  const rows: GateRow[] = [];
  const all: BlockOutcome[][] = [];
  const busy: BlockOutcome[][] = [];
  for (const [place, family] of FAMILIES.entries()) {
    const outcomes = range(seeds, place + 400).map((seed) => simulateBlocks(family, seed, CHANGES));
    all.push(...outcomes);
    const falseOnes = (which: keyof BlockOutcome): Share => ({
      hits: outcomes.filter(([quiet]) => quiet?.[which] != null).length,
      of: seeds,
    });
    rows.push(atMost(`relapse, nothing happened: ${family.name}`, falseOnes('regression'), 0.04));
    rows.push(atMost(`drift, nothing happened: ${family.name}`, falseOnes('drift'), 0.04));
    if (!isRare(family)) {
      busy.push(...outcomes);
      rows.push(atMost(`spike of a rate, nothing happened: ${family.name}`, falseOnes('spike'), 0.04));
    }
    const seen = (which: keyof BlockOutcome, i: number, sinceMinutes: number) =>
      outcomes.map((changes) => {
        const delay = changes[i]?.[which] ?? null;
        return delay === null || delay <= sinceMinutes ? null : delay - sinceMinutes;
      });
    rows.push(
      told(`relapse, +60 % from hour 10: ${family.name}`, seen('regression', 1, 600)),
      told(`relapse, ×5 from hour 10: ${family.name}`, seen('regression', 2, 600)),
      told(`drift, +10 % a day: ${family.name}`, seen('drift', 3, 0)),
      told(`drift, +40 % a day: ${family.name}`, seen('drift', 4, 0)),
      told(`drift, +100 % a day: ${family.name}`, seen('drift', 5, 0)),
    );
  }
  rows.push(
    pooled('relapse, nothing happened: all families', all, 'regression'),
    pooled('drift, nothing happened: all families', all, 'drift'),
    pooled('spike of a rate, nothing happened: all families', busy, 'spike'),
  );
  return rows;
}

/** Fewer than 20 events a block: spikes of those are counted one by one, and stand with the families of rare events. */
function isRare({ perMinute }: SeriesFamily): boolean {
  return 5 * perMinute < 20;
}

/** Seeds of their own for each family: what is pooled must not share its chance. */
function range(count: number, family: number): number[] {
  return Array.from({ length: count }, (_, i) => 1_000_003 * (family + 1) + i);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A share that may not be above a limit with 95 %; of few watches, one that does not speak against it. */
export function atMost(name: string, share: Share, limit: number): GateRow {
  const upper = upperBound(share);
  const isEnough = share.of >= ENOUGH;
  return {
    name,
    measured: `${share.hits} of ${share.of} (≤ ${percent(upper)})`,
    gate: isEnough ? `95 % bound ≤ ${percent(limit)}` : `≤ ${percent(limit)} not refuted`,
    holds: isEnough ? upper <= limit : chanceOfAsMany(share, limit) > 0.01,
  };
}

/** The gate of an alarm: 1.5 % of the quiet watches of all families together. */
function pooled(name: string, watches: readonly BlockOutcome[][], which: keyof BlockOutcome): GateRow {
  const hits = watches.filter(([quiet]) => quiet?.[which] != null).length;
  const share = hits / watches.length;
  const bound = percent(upperBound({ hits, of: watches.length }));
  return {
    name,
    measured: `${hits} of ${watches.length}: ${percent(share)} (≤ ${bound})`,
    gate: `≤ ${percent(ALARM_GATE)}`,
    holds:
      watches.length >= ENOUGH
        ? share <= ALARM_GATE
        : chanceOfAsMany({ hits, of: watches.length }, ALARM_GATE) > 0.01,
  };
}

/** P(as many hits or more) where the share is the limit. */
function chanceOfAsMany({ hits, of }: Share, limit: number): number {
  let below = 0;
  let term = (1 - limit) ** of;
  for (let k = 0; k < hits; k++) {
    below += term;
    term *= ((of - k) / (k + 1)) * (limit / (1 - limit));
  }
  return 1 - below;
}

/** What may not happen once. */
export function never(name: string, delays: readonly (number | null)[]): GateRow {
  const hits = delays.filter((delay) => delay !== null).length;
  return { name, measured: `${hits} of ${delays.length}`, gate: '0', holds: hits === 0 };
}

/** What must be seen so often in so many minutes. */
export function within(
  name: string,
  delays: readonly (number | null)[],
  share: number,
  minutes: number,
): GateRow {
  const inTime = delays.filter((delay) => delay !== null && delay <= minutes).length;
  return {
    name,
    measured: wordsOf(delays),
    gate: `${percent(share)} within ${minutes} min`,
    holds: inTime >= share * delays.length,
  };
}

function told(name: string, delays: readonly (number | null)[]): GateRow {
  return { name, measured: wordsOf(delays), gate: '', holds: true };
}

/** `100 %, 25 / 30 min`: how many, then median and 90th percentile of those. */
function wordsOf(delays: readonly (number | null)[]): string {
  const seen = delays.flatMap((delay) => delay ?? []).sort((a, b) => a - b);
  const at = (share: number) => seen[Math.min(seen.length - 1, Math.floor(share * seen.length))];
  const share = percent(seen.length / Math.max(1, delays.length));
  return seen.length === 0 ? share : `${share}, ${at(0.5)} / ${at(0.9)} min`;
}

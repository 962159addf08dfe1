import type { ClaimState } from '../../model/claim.ts';
import { BLOCK_MS } from '../../time/range.ts';
import type { UnaccountedFact } from '../facts/fleet.ts';
import type { DetectorLook, SeriesFact } from '../facts/series.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertSettings } from '../settings.ts';
import { levelsOf } from '../step-alert.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';
import {
  againstUsual,
  deploySteps,
  levelTexts,
  sentences,
  seriesChart,
  sinceDeploy,
  suspendedReason,
  windowText,
} from './series-words.ts';

/** Something got worse: Redis GETs, database queries or p95 latency far above what is usual at that time of day. */
export const regression: AlertRule = {
  id: 'regression',
  group: 'Deploys',
  severity: 'warning',
  reads: 'Redis GETs, database queries and p95 latency in blocks of 5 min, and those of the 14 days before.',
  words: () =>
    `Fires when 5 to 30 min lie a tenth or more above all that is usual at that time of day, or the last 2 h do for 5 min; over below half of that. What a kept promise brought is what is usual since. ${COMMON_WORDS} Held back where a claim on the same number has failed, where the rest comes from no known machine, and while Redis is suspended on purpose.`,
  runbook: deploySteps,
  chart: seriesChart,
  find: (facts, { unaccounted }) =>
    facts.series.filter(isWatched).map((fact) => findingFor(fact, facts, unaccounted)),
};

/** Rare events have rules of their own, and requests are neither good nor bad. */
function isWatched({ series }: SeriesFact): boolean {
  return series === 'redis_gets' || series === 'db_queries' || series === 'latency_p95';
}

function findingFor(
  fact: SeriesFact,
  facts: AlertFacts,
  atLeast: AlertSettings['unaccounted'],
): AlertFinding {
  const { series, title, spike, regression: twoHours, countSpike, place } = fact;
  const quick = strongest([spike, countSpike]);
  const look = strongest([quick, twoHours]);
  const held = { subject: series, source: place, inhibitedBy: reasonOf(fact, look, facts, atLeast) };
  if (look === null) return findingOf({ ...held, value: null, title: `${title} worse than usual` });
  // Two hours are a mean that a single block can lift: it must be seen with two of them.
  const holdMs = (quick === null ? 0 : newsOf(quick)) >= 1 ? 0 : BLOCK_MS;
  const isCount = look === countSpike;
  const [value = '', expected = ''] = isCount ? [] : levelTexts(series, [look.value, look.expected]);
  return findingOf({
    ...held,
    value: newsOf(look),
    levels: levelsOf(1, holdMs),
    title: isCount
      ? `${title}: ${look.what || 'more than usual'}`
      : `${title} ${value}, ${expected} is usual`,
    detail: sentences([isCount ? null : `Seen over ${windowText(look.windowMs)}.`, sinceDeploy(facts)]),
    means: againstUsual(look.value, look.expected),
    release: facts.deploy?.release ?? null,
  });
}

/** However sure it is, less than a tenth more is no reason to call anybody. */
const LEAST_RISE = 0.1;

function newsOf({ score, value, expected }: DetectorLook): number {
  return expected > 0 ? Math.min(score, (value / expected - 1) / LEAST_RISE) : score;
}

function strongest(looks: readonly (DetectorLook | null)[]): DetectorLook | null {
  let best: DetectorLook | null = null;
  for (const look of looks) if (look !== null && (best === null || look.score > best.score)) best = look;
  return best;
}

const FAILED: ReadonlySet<ClaimState> = new Set(['failing', 'missed', 'worse', 'relapsed']);

/** A verdict on the same number says it already, with more behind it. */
function reasonOf(
  { series }: SeriesFact,
  look: DetectorLook | null,
  { claims, mode, fleet }: AlertFacts,
  atLeast: AlertSettings['unaccounted'],
): string | null {
  const failed = claims.find((claim) => claim.series === series && FAILED.has(claim.state));
  if (failed !== undefined) return `the claim of ${failed.release} on it has failed: ${failed.text}`;
  const stranger = series === 'redis_gets' ? strangerReason(look, fleet.unaccounted, atLeast) : null;
  return stranger ?? suspendedReason(mode);
}

/** A rise is the machines' own where they send at least this share of what is more than usual. */
const OWN_SHARE = 0.5;

/** Where the machines do not send what is more, somebody else does or did, whom an alert of its own names. */
function strangerReason(
  look: DetectorLook | null,
  unaccounted: UnaccountedFact | null,
  { shareAtLeast, perMinuteAtLeast }: AlertSettings['unaccounted'],
): string | null {
  if (look === null || unaccounted === null || unaccounted.isPartial || unaccounted.what !== 'GETs')
    return null;
  const { atServer, fromMachines } = unaccounted;
  // Their own few per cent of noise do not make them the cause of four times as much.
  const ownRise = fromMachines / 60 - look.expected;
  if (ownRise >= OWN_SHARE * (look.value - look.expected)) return null;
  const rest = atServer - fromMachines;
  return rest >= perMinuteAtLeast && rest >= shareAtLeast * atServer
    ? `no known machine sent ${Math.round(rest).toLocaleString('en-US')} of them a minute`
    : `the machines send ${ownRise < LEAST_RISE * look.expected ? 'no' : 'little'} more than is usual now`;
}

import { valueText } from '../../units/format-value.ts';
import type { DetectorLook, SeriesFact } from '../facts/series.ts';
import type { AlertFacts } from '../facts.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';
import {
  deploySteps,
  levelTexts,
  sentences,
  seriesChart,
  suspendedReason,
  windowText,
} from './series-words.ts';

/** Something has been getting worse bit by bit since a deploy. */
export const drift: AlertRule = {
  id: 'drift',
  group: 'Deploys',
  severity: 'info',
  reads:
    'Redis GETs, database queries and p95 latency by hour since the latest deploy, and the days before it.',
  words: ({ driftAtLeast }) =>
    `Looked at 6, 12, 18 and 24 h after a deploy: fires at a slope of ${valueText(Math.max(driftAtLeast, LEAST), 'ratio')} in 24 h that the days before do not show. Over when the last 2 h are back, or 48 h after the deploy. ${COMMON_WORDS}`,
  runbook: (place) => [
    ...deploySteps(place),
    {
      text: 'Look for what only grows: keys without an end, a cache that is never full, a leak of memory or connections.',
      command: null,
    },
  ],
  chart: seriesChart,
  find: (facts, { driftAtLeast }) =>
    facts.series.filter(isWatched).map((fact) => findingFor(fact, facts, driftAtLeast)),
};

/** The detector itself calls nothing less a drift. */
const LEAST = 0.1;

function isWatched({ series }: SeriesFact): boolean {
  return series === 'redis_gets' || series === 'db_queries' || series === 'latency_p95';
}

function findingFor(
  { series, title, drift: look, place }: SeriesFact,
  facts: AlertFacts,
  atLeast: number,
): AlertFinding {
  const held = { subject: series, source: place, inhibitedBy: suspendedReason(facts.mode) };
  if (look === null || look.score === 0) {
    return findingOf({ ...held, value: look?.score ?? null, title: `${title}: no drift` });
  }
  const [value = '', expected = ''] = levelTexts(series, [look.value, look.expected]);
  return findingOf({
    ...held,
    value: driftValue(look, atLeast),
    title: `${title}: ${look.what}`,
    detail: sentences([
      `From ${expected} to ${value} at this slope; told from the ${windowText(look.windowMs)} since ${facts.deploy?.release ?? 'the deploy'}.`,
    ]),
    release: facts.deploy?.release ?? null,
  });
}

/** A slope below what the team calls a drift is none, however sure it is. */
function driftValue({ score, value, expected }: DetectorLook, atLeast: number): number {
  const share = expected > 0 ? Math.abs(value / expected - 1) : 0;
  return atLeast > LEAST ? Math.min(score, share / atLeast) : score;
}

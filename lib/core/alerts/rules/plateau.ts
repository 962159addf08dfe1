import { valueText } from '../../units/format-value.ts';
import type { QuotaFact } from '../facts/limits.ts';
import type { SeriesFact } from '../facts/series.ts';
import type { AlertFacts } from '../facts.ts';
import { type AlertFinding, type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';
import { levelTexts, sentences, seriesChart, suspendedReason, windowText } from './series-words.ts';

/** A rate that stands at its top without moving presses against a limit. */
export const plateau: AlertRule = {
  id: 'plateau',
  group: 'Redis',
  severity: 'warning',
  reads: 'Redis GETs, database queries and requests by minute, and those of the 7 days before.',
  words: () =>
    `Fires when two windows of 30 min in a row, 5 min apart, stand at the usual top and move less than half as much as they ever do there. ${COMMON_WORDS} Held back while a source gives no data.`,
  runbook: () => [
    {
      text: 'See on Budget whether a quota or a plan ends here: a rate limit of a provider shows as a flat top.',
      command: null,
    },
    {
      text: 'See whether callers wait or are refused: 429s, a full pool, an open breaker beside it name the limit.',
      command: 'npm run -s afterwatch -- status',
    },
    {
      text: 'Raise the limit, or ask less: what presses against it now is turned away or waits.',
      command: null,
    },
  ],
  chart: seriesChart,
  find: (facts) => facts.series.filter(isWatched).map((fact) => findingFor(fact, facts)),
};

function isWatched({ series }: SeriesFact): boolean {
  return series === 'redis_gets' || series === 'db_queries' || series === 'requests';
}

function findingFor({ series, title, plateau: look, place }: SeriesFact, facts: AlertFacts): AlertFinding {
  const held = {
    subject: series,
    source: place,
    inhibitedBy: series === 'requests' ? null : suspendedReason(facts.mode),
  };
  if (look === null) return findingOf({ ...held, value: null, title: `${title}: flat at the top` });
  const [value = ''] = levelTexts(series, [look.value]);
  const refused = facts.responses?.limited ?? 0;
  return findingOf({
    ...held,
    value: look.score,
    title: `${title} flat at the top: ${value} for ${windowText(look.windowMs)}`,
    detail: sentences([asSentence(look.what), quotaWords(facts.limits.quotas, series)]),
    means:
      refused > 0
        ? [{ what: 'Refused meanwhile', text: `${Math.round(refused).toLocaleString('en-US')} in 5 min` }]
        : [],
  });
}

/** The fullest quota of what is asked, where one is near its end. */
function quotaWords(quotas: readonly QuotaFact[], series: SeriesFact['series']): string | null {
  if (series !== 'redis_gets') return null;
  const near = quotas.filter(({ used, limit }) => limit > 0 && used >= NEAR_QUOTA * limit);
  const [fullest] = near.toSorted((a, b) => b.used / b.limit - a.used / a.limit);
  return fullest === undefined
    ? null
    : `${fullest.title}: ${valueText(fullest.used / fullest.limit, 'ratio')} used.`;
}

const NEAR_QUOTA = 0.97;

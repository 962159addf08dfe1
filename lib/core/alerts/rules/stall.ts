import type { SeriesFact } from '../facts/series.ts';
import type { AlertFacts } from '../facts.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';
import { sentences, seriesChart, sinceDeploy, suspendedReason, windowText } from './series-words.ts';

/** A counter stands still though it is read: nothing comes any more. */
export const stall: AlertRule = {
  id: 'stall',
  group: 'Redis',
  severity: 'warning',
  reads: 'Redis GETs, database queries and requests as they are counted, and those of the 14 days before.',
  words: () =>
    `Fires when nothing was counted for so long that it can’t be chance, over 2 min at least and longer than any silence of the 14 days before, while the numbers still come in. A promised fall is no silence: it is held against the promised level. ${COMMON_WORDS} Without numbers it says nothing; held back while Redis is suspended on purpose.`,
  runbook: (place) => [
    {
      text: 'See whether requests still come: without them nothing else is counted either.',
      command: 'npm run -s afterwatch -- status',
    },
    flyStep(place, 'See whether the machines run.', 'fly status'),
    flyStep(place, 'Read what the app wrote when it fell silent.', 'fly logs'),
    { text: 'See on the Config page whether a switch or an address was changed.', command: null },
  ],
  chart: seriesChart,
  find: (facts) => facts.series.filter(isWatched).map((fact) => findingFor(fact, facts)),
};

function isWatched({ series }: SeriesFact): boolean {
  return series === 'redis_gets' || series === 'db_queries' || series === 'requests';
}

function findingFor({ series, title, stall: look }: SeriesFact, facts: AlertFacts): AlertFinding {
  const held = { subject: series, inhibitedBy: series === 'requests' ? null : suspendedReason(facts.mode) };
  if (look === null || look.windowMs === 0) {
    return findingOf({ ...held, value: look?.score ?? null, title: `${title} stand still` });
  }
  const due = Math.round(look.expected).toLocaleString('en-US');
  return findingOf({
    ...held,
    value: look.score,
    title: `${title} stand still: none in ${windowText(look.windowMs)}, ${due} were due`,
    detail: sentences([
      'The numbers still come in, so it is not our view that is missing.',
      sinceDeploy(facts),
    ]),
    means: [{ what: 'Missing', text: `${due} in ${windowText(look.windowMs)}` }],
    release: facts.deploy?.release ?? null,
  });
}

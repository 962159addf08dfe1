import type { EndForecast } from '../../model/budget.ts';
import { MINUTE_MS } from '../../time/range.ts';
import { formatStamp } from '../../units/clock.ts';
import { formatDuration } from '../../units/duration.ts';
import { rateText } from '../../units/format-rate.ts';
import { valueText } from '../../units/format-value.ts';
import type { QuotaFact } from '../facts/limits.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Used up: sooner than anything that is left. */
const SPENT = 1_000;
/** Time left moves slowly: it is over once a quarter more than the set time is left. */
const LEVELS = { trigger: 1, clear: 0.8, holdMs: 0, clearMs: 15 * MINUTE_MS };

/** A quota will likely be used up before it begins anew. */
export const quota: AlertRule = {
  id: 'quota',
  group: 'Limits',
  severity: 'warning',
  reads:
    'What providers tell of their quotas, the traffic of the published plan at Upstash, and what was used by the hour in the last 30 days.',
  words: ({ quotaWithinMs }) =>
    `Fires when the forecast has a quota end within ${formatDuration(quotaWithinMs)}, at its likely time and not at the earliest of its band, and before it begins anew; or when it is used up. The forecast is made anew every 15 min. Over once ${formatDuration(quotaWithinMs / LEVELS.clear)} or more are left. ${COMMON_WORDS}`,
  runbook: ({ subject }) => [
    {
      text: 'See what uses it: Metrics lists commands by command and machine, statements by family.',
      command: 'npm run -s afterwatch -- status',
    },
    subject.startsWith('upstash/')
      ? {
          text: 'Ask for less: suspend Redis on purpose, or move the plan to pay as you go before it ends. Refused attempts can count too.',
          command: null,
        }
      : {
          text: 'Raise the limit of the project or its plan before it ends: over it every compute stops, and none can be started.',
          command: null,
        },
  ],
  chart: () => 'quota_used',
  find: ({ limits: { quotas }, nowMs }, { quotaWithinMs }) =>
    quotas.map((fact) => findingFor(fact, quotaWithinMs, nowMs)),
};

function findingFor(fact: QuotaFact, withinMs: number, nowMs: number): AlertFinding {
  const { id, source, used, limit, forecast } = fact;
  const isSpent = used >= limit;
  const leftMs = isSpent ? 0 : timeLeftMs(fact, nowMs);
  // A period that should be over by now tells nothing of when the next one ends.
  const renewsMs = fact.renewsMs !== null && fact.renewsMs > nowMs ? fact.renewsMs : null;
  return findingOf({
    subject: id,
    value: isSpent
      ? SPENT
      : leftMs === null
        ? null
        : Number.isFinite(leftMs)
          ? Math.min(SPENT, withinMs / leftMs)
          : 0,
    levels: LEVELS,
    title: titleOf(fact, leftMs),
    detail: renewsMs === null ? null : `It begins anew at ${formatStamp(renewsMs)}.`,
    source,
    means: meansOf(fact, isSpent ? null : forecast),
  });
}

/** To the likely end, ms; infinite where it lasts, null where it cannot be told. What should have ended by now ends soon. */
function timeLeftMs({ forecast }: QuotaFact, nowMs: number): number | null {
  if (forecast === null) return null;
  return forecast.likelyMs === null
    ? Number.POSITIVE_INFINITY
    : Math.max(MINUTE_MS, forecast.likelyMs - nowMs);
}

/** `Quota likely ends in 15 h: 500K Upstash commands a month, now at 24.0K/h`. */
function titleOf({ title, limit, unit, perSecond }: QuotaFact, leftMs: number | null): string {
  const all = `${valueText(limit, unit)} ${unit === 'commands' ? '' : 'of '}${title}`;
  const what = perSecond === null ? all : `${all}, now at ${rateText(perSecond, unit, 'h')}`;
  if (leftMs === 0) return `Quota is used up: ${all}`;
  if (leftMs === null) return `Nobody can tell when a quota ends: ${what}`;
  return Number.isFinite(leftMs)
    ? `Quota likely ends in ${formatDuration(leftMs)}: ${what}`
    : `Quota lasts: ${what}`;
}

function meansOf({ id, unit, used, limit }: QuotaFact, forecast: EndForecast | null): AlertFinding['means'] {
  const share = `${valueText(used, unit)} of ${valueText(limit, unit)}, ${valueText(used / limit, 'ratio')}`;
  return [
    { what: 'Used', text: share },
    ...(forecast === null ? [] : endOf(forecast)),
    { what: 'Then', text: thenOf(id) },
  ];
}

/** The likely time, and the band that holds it nine times of ten. */
function endOf({ likelyMs, earliestMs, latestMs }: EndForecast): AlertFinding['means'] {
  if (earliestMs === null) return [];
  const band =
    latestMs === null
      ? `${formatStamp(earliestMs)} at the earliest; it may last`
      : `between ${formatStamp(earliestMs)} and ${formatStamp(latestMs)}`;
  return [
    ...(likelyMs === null ? [] : [{ what: 'Likely ends', text: formatStamp(likelyMs) }]),
    { what: 'Nine times of ten', text: band },
  ];
}

function thenOf(id: string): string {
  if (id.startsWith('neon/')) return 'the database stops and can’t be started';
  return id.endsWith('/bandwidth') ? 'Upstash slows the traffic down' : 'commands are refused';
}

import type { Unit } from '../../metrics/catalogue/entry.ts';
import { formatStamp } from '../../units/clock.ts';
import { formatDuration } from '../../units/duration.ts';
import { rateText } from '../../units/format-rate.ts';
import { valueText } from '../../units/format-value.ts';
import type { QuotaFact } from '../facts/limits.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Used up: sooner than anything that is left. */
const SPENT = 1_000;
/** Time left moves slowly: it is over once a quarter more than the set time is left. */
const LEVELS = { trigger: 1, clear: 0.8, holdMs: 0, clearMs: 15 * 60_000 };

/** A quota will be used up before it begins anew. */
export const quota: AlertRule = {
  id: 'quota',
  group: 'Limits',
  severity: 'warning',
  reads:
    'What providers tell of their quotas, and the rate of the last hour (three hours where they count late).',
  words: ({ quotaWithinMs }) =>
    `Fires when a quota ends within ${formatDuration(quotaWithinMs)} at the rate of the last hour, unless it begins anew before, or when it is used up. Over once ${formatDuration(quotaWithinMs / LEVELS.clear)} or more are left. ${COMMON_WORDS}`,
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
  const { id, source } = fact;
  const leftMs = timeLeftMs(fact);
  // A period that should be over by now tells nothing of when the next one ends.
  const renewsMs = fact.renewsMs !== null && fact.renewsMs > nowMs ? fact.renewsMs : null;
  const lasts = leftMs !== null && renewsMs !== null && nowMs + leftMs >= renewsMs && leftMs > 0;
  return findingOf({
    subject: id,
    value: leftMs === null ? null : lasts ? 0 : leftMs <= 0 ? SPENT : Math.min(SPENT, withinMs / leftMs),
    levels: LEVELS,
    title: `Quota ${leftMs === null || leftMs > 0 ? `ends in ${formatDuration(leftMs)}` : 'is used up'}: ${amounts(fact)}`,
    detail: renewsMs === null ? null : `It begins anew at ${formatStamp(renewsMs)}.`,
    source,
    means: meansOf(fact, leftMs, nowMs),
  });
}

/** At the present rate, ms; 0 when nothing is left, infinite when nothing is used, null where the rate is not known. */
function timeLeftMs({ used, limit, perSecond }: QuotaFact): number | null {
  if (used >= limit) return 0;
  if (perSecond === null) return null;
  return perSecond <= 0 ? Number.POSITIVE_INFINITY : ((limit - used) / perSecond) * 1_000;
}

/** `500K Upstash commands a month at 24.0K/h`. */
function amounts({ id, title, limit, perSecond }: QuotaFact): string {
  const unit = unitOf(id);
  const all = `${valueText(limit, unit)} ${unit === 'commands' ? '' : 'of '}${title}`;
  return perSecond === null ? all : `${all} at ${rateText(perSecond, unit, 'h')}`;
}

/** The last part of an id names what is counted. */
function unitOf(id: string): Unit {
  if (id.endsWith('/commands')) return 'commands';
  return id.endsWith('_data') || id.endsWith('_transfer') ? 'bytes' : 'seconds';
}

function meansOf(fact: QuotaFact, leftMs: number | null, nowMs: number): AlertFinding['means'] {
  const { id, used, limit } = fact;
  const unit = unitOf(id);
  const share = `${valueText(used, unit)} of ${valueText(limit, unit)}, ${valueText(used / limit, 'ratio')}`;
  const isEnding = leftMs !== null && leftMs > 0 && Number.isFinite(leftMs);
  return [
    { what: 'Used', text: share },
    ...(isEnding ? [{ what: 'Ends', text: formatStamp(nowMs + leftMs) }] : []),
    {
      what: 'Then',
      text: id.startsWith('neon/') ? 'the database stops and can’t be started' : 'commands are refused',
    },
  ];
}

import { MINUTE_MS } from '../../time/range.ts';
import { formatClock } from '../../units/clock.ts';
import { valueText } from '../../units/format-value.ts';
import { requestsText } from '../../watch/check-limiter.ts';
import type { LimiterFact } from '../facts/fleet.ts';
import type { AlertFacts } from '../facts.ts';
import { levelsOf } from '../step-alert.ts';
import { redisRefusal } from './explained.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** The window in which decisions are counted. */
const WINDOW_MS = 5 * MINUTE_MS;
/** Refused commands make a limiter fail open, and are told of by themselves: that needs two looks. */
const HOLD_MS = MINUTE_MS;

/** The rate limiter lets requests pass because it could not ask. */
export const limiterOpen: AlertRule = {
  id: 'limiter_open',
  group: 'Responses',
  severity: 'critical',
  reads: 'Decisions of the rate limiters on all machines, over five minutes.',
  words: () =>
    `Fires when a limiter has let a request pass in 5 min because it could not ask, and that has stood for 1 min. With a machine silent it is not over. Held back while Redis refuses commands, which is told of by itself, and for the 5 min after it. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'See whether Redis answers the app: its mode and errors stand on Now.',
      command: 'redis-cli -u "$REDIS_URL" PING',
    },
    {
      text: 'Find out how much goes through: compare responses with the hour before, and watch the database.',
      command: 'npm run -s afterwatch -- status',
    },
    {
      text: 'Until Redis is back let the limiter count on each machine, or turn the costliest routes off: nothing else holds callers back now.',
      command: null,
    },
  ],
  chart: () => 'limiter',
  find: (facts) => {
    const { limiter } = facts.fleet;
    return [
      findingOf({
        value: seenValue(limiter),
        levels: levelsOf(1, HOLD_MS),
        title:
          limiter === null
            ? 'The rate limiter lets requests pass unasked'
            : `${requestsText(limiter.failedOpen)} passed the rate limiter in 5 min because it could not ask`,
        detail: 'Callers over their limit are not held back.',
        means: limiter === null ? [] : meansOf(limiter),
        inhibitedBy: reasonOf(facts),
      }),
    ];
  },
};

/** With a machine missing the count is a lower bound: enough to fire, never enough to be over. */
function seenValue(limiter: LimiterFact | null): number | null {
  if (limiter === null) return null;
  return limiter.isPartial && limiter.failedOpen < 1 ? null : limiter.failedOpen;
}

function meansOf({ failedOpen, limited, allowed, isPartial }: LimiterFact): AlertFinding['means'] {
  const all = failedOpen + limited + allowed;
  const share = all > 0 ? `, ${valueText(failedOpen / all, 'ratio')} of all decisions` : '';
  return [
    {
      what: 'Passed unasked',
      text: `${count(failedOpen)} in 5 min${share}${isPartial ? ', a machine is silent' : ''}`,
    },
    { what: 'Still turned away', text: `${count(limited)} in 5 min` },
  ];
}

function reasonOf(facts: AlertFacts): string | null {
  const refusal = redisRefusal(facts);
  if (refusal !== null) return refusal;
  if (facts.fleet.redisRefused) return 'Redis has refused commands in these minutes';
  const { mode, nowMs } = facts;
  // What was counted before Redis answered again is in the window still.
  const isNew =
    mode?.mode === 'active' && mode.sinceMs !== null && nowMs - mode.sinceMs < WINDOW_MS + MINUTE_MS;
  return isNew
    ? `Redis is in use again since ${formatClock(mode.sinceMs)}, the 5 min before still count`
    : null;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

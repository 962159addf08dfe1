import { MINUTE_MS } from '../../time/range.ts';
import { formatDuration } from '../../units/duration.ts';
import { valueText } from '../../units/format-value.ts';
import type { UnaccountedFact } from '../facts/fleet.ts';
import type { AlertSettings } from '../settings.ts';
import { levelsOf } from '../step-alert.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** A reconnect or the edge of a window lasts some seconds; what lasts a minute is somebody. */
const HOLD_MS = MINUTE_MS;
const LEVELS = levelsOf(1, HOLD_MS);

/** Redis executes commands that no known machine sent. */
export const redisUnaccounted: AlertRule = {
  id: 'redis_unaccounted',
  group: 'Redis',
  severity: 'warning',
  reads:
    'The same commands as Redis and as your machines count them, over the last 1 to 10 min by how often both are visited. What watchers send is left out.',
  words: ({ unaccounted: { shareAtLeast, perMinuteAtLeast } }) =>
    `Fires when for 1 min at least ${valueText(shareAtLeast, 'ratio')} of the GETs at Redis, and ${count(perMinuteAtLeast)}/min or more, were sent by no known machine, and that is more than the two counts may be off by. Not judged while a machine is silent, or answers and does not count. ${COMMON_WORDS}`,
  runbook: (place) => [
    {
      text: 'List who is connected: an address that is none of your machines is the sender.',
      command: 'redis-cli -u "$REDIS_URL" CLIENT LIST',
    },
    flyStep(
      place,
      'Look for a machine that is not watched: an older release, another process group.',
      'fly machine list',
    ),
    { text: 'See whether staging or a job runs with the REDIS_URL of production.', command: null },
    {
      text: 'If nobody knows the sender, the URL has leaked: give Redis a new password, then set REDIS_URL anew.',
      command: null,
    },
  ],
  chart: () => 'redis_gets',
  find: ({ fleet: { unaccounted: fact } }, settings) => [
    findingOf({
      value: fact === null ? null : seenValue(fact, settings),
      levels: LEVELS,
      title: fact === null ? 'Commands at Redis come from somewhere else' : titleOf(fact),
      detail: fact === null ? null : detailOf(fact),
      means: fact === null ? [] : meansOf(fact),
    }),
  ],
};

/** 1 from where it is worth a person on. A rest that the counts may be off by never is. */
function seenValue(
  { atServer, fromMachines, bound, isPartial }: UnaccountedFact,
  { unaccounted: { shareAtLeast, perMinuteAtLeast } }: AlertSettings,
): number | null {
  if (isPartial) return null;
  const rest = atServer - fromMachines;
  if (atServer <= 0 || rest <= 0) return 0;
  const score = Math.min(rest / atServer / shareAtLeast, rest / perMinuteAtLeast);
  return rest > bound ? score : Math.min(score, 0.99);
}

function titleOf({ what, atServer, fromMachines, machines }: UnaccountedFact): string {
  const rest = Math.round(atServer) - Math.round(fromMachines);
  const fleet = machines === 1 ? 'your machine' : `your ${machines} machines`;
  return `${count(rest)} ${what}/min come from somewhere else: ${count(atServer)}/min at Redis, ${count(fromMachines)}/min from ${fleet}`;
}

function detailOf({ windowMs, bound }: UnaccountedFact): string {
  return `Counted over ${formatDuration(windowMs)}, to within ±${count(Math.ceil(bound))}/min. A stale machine, staging, a leaked URL or reconnect attempts send what no machine counts.`;
}

function meansOf({ atServer, fromMachines }: UnaccountedFact): AlertFinding['means'] {
  const rest = Math.max(0, atServer - fromMachines);
  const share = atServer > 0 ? `, ${valueText(rest / atServer, 'ratio')} of what Redis executes` : '';
  return [
    { what: 'Unknown sender', text: `${count(rest)}/min${share}` },
    {
      what: 'In a day',
      text: `${valueText(rest * 1_440, 'commands')} commands, and each of them counts where Redis bills them`,
    },
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

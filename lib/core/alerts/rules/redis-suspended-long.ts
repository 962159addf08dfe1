import { formatStamp } from '../../units/clock.ts';
import { formatDuration } from '../../units/duration.ts';
import { levelsOf } from '../step-alert.ts';
import { suspensionMeans } from './redis-means.ts';
import { resumeSteps } from './redis-runbook.ts';
import { type AlertRule, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

/** Redis is suspended on purpose and has been for longer than the team expects. */
export const redisSuspendedLong: AlertRule = {
  id: 'redis_suspended_long',
  group: 'Redis',
  severity: 'warning',
  reads: 'The fleet’s Redis mode and since when it holds.',
  words: ({ suspendedForMs }) =>
    `Fires when Redis has been suspended on purpose for more than ${formatDuration(suspendedForMs)}. ${COMMON_WORDS}`,
  runbook: resumeSteps,
  chart: () => 'redis_by_machine',
  find: ({ mode, fleet, nowMs }, { suspendedForMs }) => {
    const holds = modeValue(mode, (now) => now === 'suspended_by_us');
    const sinceMs = mode?.sinceMs ?? null;
    const value = holds === 1 ? (sinceMs === null ? null : nowMs - sinceMs) : holds;
    return [
      findingOf({
        value,
        levels: levelsOf(suspendedForMs),
        title: `Redis has been suspended for more than ${formatDuration(suspendedForMs)}`,
        detail: `On purpose, since ${formatStamp(sinceMs)}. Rate limits are counted per machine, and shared caches stay empty.`,
        means: suspensionMeans({ mode, fleet }, 'suspended_by_us'),
      }),
    ];
  },
};

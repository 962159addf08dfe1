import { suspensionMeans } from './redis-means.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertRule, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

/** Machines of one app disagree on whether Redis is in use. */
export const redisMixed: AlertRule = {
  id: 'redis_mixed',
  group: 'Redis',
  severity: 'warning',
  reads: 'Each machine’s Redis mode.',
  words: () => `Fires when machines of one app are in different Redis modes. ${COMMON_WORDS}`,
  runbook: (place) => [
    {
      text: 'Where this is a return by stages, wait for its first stage: it stands in the banner with what it saw.',
      command: null,
    },
    flyStep(place, 'Bring the machines back that are still off.', 'fly secrets deploy'),
    flyStep(
      place,
      'Or suspend it on all again: set the word true, never the digest that a list of secrets shows.',
      'fly secrets set SUSPEND_REDIS=true',
    ),
  ],
  chart: () => 'redis_by_machine',
  find: ({ mode, fleet }) => {
    const off = mode?.machines.filter((machine) => machine.mode === 'suspended_by_us') ?? [];
    const on = mode?.machines.filter((machine) => machine.mode === 'active') ?? [];
    return [
      findingOf({
        value: modeValue(mode, (now) => now === 'mixed'),
        title: titleOf(on.length, off.length),
        detail: `Rate limits are counted per machine, so callers can get up to ${off.length + 1}× the limit.`,
        means: suspensionMeans({ mode, fleet }, 'mixed'),
        source:
          off.length > 0 && off.length <= 3 ? `suspended on ${off.map(({ name }) => name).join(', ')}` : null,
      }),
    ];
  },
};

function titleOf(on: number, off: number): string {
  if (on === 1 && off === 1) return 'Mixed modes: Redis is active on one machine, suspended on the other';
  return `Mixed modes: Redis is active on ${on} ${on === 1 ? 'machine' : 'machines'}, suspended on ${off}`;
}

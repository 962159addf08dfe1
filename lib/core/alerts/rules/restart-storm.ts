import { SECOND_MS } from '../../time/range.ts';
import type { MachineFact } from '../facts/fleet.ts';
import { levelsOf } from '../step-alert.ts';
import { rollingReason } from './explained.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

const NAMED = 3;
/** Machines show a deploy before its platform lists it: in this time it is noticed, and its starts are no longer counted. */
const NOTICED_MS = 90 * SECOND_MS;

/** Processes begin again and again. */
export const restartStorm: AlertRule = {
  id: 'restart_storm',
  group: 'Machines',
  severity: 'critical',
  reads: 'Starts of the processes of all machines in ten minutes, without the one that each deploy brings.',
  words: ({ restartsAtLeast }) =>
    `Fires at ${restartsAtLeast} starts in 10 min over all machines that no deploy has explained 90 s later. The one start that each deploy brings to each machine is not counted. Over below half of that; with a machine silent it is not over. ${COMMON_WORDS}`,
  runbook: (place) => [
    flyStep(
      place,
      'See why processes ended: out of memory, a crash, or a check that failed.',
      'fly machine list',
    ),
    flyStep(place, 'Read the last lines before an end.', 'fly logs'),
    flyStep(
      place,
      'If it began with a deploy, go back: its image is in the list of releases.',
      'fly releases --image',
    ),
    ...(place.flyApp === null
      ? [
          {
            text: 'Read the last lines of the process and the reason that its supervisor gives.',
            command: null,
          },
        ]
      : []),
  ],
  chart: () => 'restarts',
  find: (facts, { restartsAtLeast }) => {
    const { machines } = facts.fleet;
    const counted = machines.filter(({ restarts }) => (restarts ?? 0) > 0).sort(mostFirst);
    const sum = counted.reduce((all, { restarts }) => all + (restarts ?? 0), 0);
    return [
      findingOf({
        value: seenValue(machines, sum, restartsAtLeast),
        levels: levelsOf(restartsAtLeast, NOTICED_MS),
        title: titleOf(Math.round(sum), counted),
        detail:
          'Each start loses what the process held: caches, counts of its limiter, requests on their way.',
        source: counted.length === 0 ? null : placeOf(counted),
        inhibitedBy: sum >= restartsAtLeast ? rollingReason(facts) : null,
        means: counted
          .slice(0, NAMED)
          .map(({ name, restarts }) => ({ what: name, text: `${starts(restarts ?? 0)} in 10 min` })),
      }),
    ];
  },
};

function mostFirst(a: MachineFact, b: MachineFact): number {
  return (b.restarts ?? 0) - (a.restarts ?? 0) || (a.name < b.name ? -1 : 1);
}

/** With a machine silent the sum is a lower bound: enough to fire, never enough to be over. */
function seenValue(machines: readonly MachineFact[], sum: number, trigger: number): number | null {
  if (sum >= trigger) return sum;
  const isPartial = machines.some(({ silent, parked }) => silent && !parked);
  const isTold = machines.some(({ restarts }) => restarts !== null);
  return isPartial || !isTold ? null : sum;
}

function titleOf(sum: number, counted: readonly MachineFact[]): string {
  const where = counted.length === 1 ? ` of ${counted[0]?.name}` : ` on ${counted.length} machines`;
  return counted.length === 0 ? 'Restarts' : `${sum} ${sum === 1 ? 'restart' : 'restarts'}${where} in 10 min`;
}

function placeOf(counted: readonly MachineFact[]): string {
  const rest = counted.length - NAMED;
  const names = counted.slice(0, NAMED).map(({ name }) => name);
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function starts(count: number): string {
  const whole = Math.round(count);
  return whole === 1 ? '1 start' : `${whole} starts`;
}

import { formatDuration } from '../../units/duration.ts';
import type { MachineFact } from '../facts/fleet.ts';
import { levelsOf } from '../step-alert.ts';
import { rollingReason } from './explained.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

const NAMED = 3;

/** Machines that run do not run the same. */
export const versionSkew: AlertRule = {
  id: 'version_skew',
  group: 'Machines',
  severity: 'warning',
  reads: 'The release that each running machine tells, or that its platform tells of it.',
  words: ({ skewForMs }) =>
    `Fires when machines have run different releases for ${formatDuration(skewForMs)}. Parked machines do not count. Held back while a deploy rolls. While a machine is silent, machines that agree do not end it. ${COMMON_WORDS}`,
  runbook: (place) => [
    flyStep(
      place,
      'See which machine was left behind, and whether it is kept aside on purpose.',
      'fly machine list',
    ),
    flyStep(place, 'Find the image of the release that all should run.', 'fly releases --image'),
    flyStep(
      place,
      'Bring the ones left behind to it: IMAGE is the image found before.',
      'fly deploy --strategy rolling --image "$IMAGE"',
    ),
    { text: 'A machine that is kept aside on purpose: silence this until the watch ends.', command: null },
  ],
  chart: () => null,
  find: (facts, { skewForMs }) => {
    const running = facts.fleet.machines.filter(({ parked }) => !parked);
    const told = running.filter(isTold);
    const releases = [...new Set(told.map(({ release }) => release))]
      .map((release) => ({ release, own: told.filter((machine) => machine.release === release) }))
      .sort((a, b) => b.own.length - a.own.length || (a.release < b.release ? 1 : -1));
    return [
      findingOf({
        value: seenValue(running, releases.length),
        levels: levelsOf(1, skewForMs),
        title: `Version skew: ${releases.map(({ release, own }) => `${release} on ${placeOf(own)}`).join(', ')}`,
        detail:
          'Callers get one or the other, and a claim about the new release is told from the machines that run it only.',
        inhibitedBy: rollingReason(facts),
        means: releases.map(({ release, own }) => ({
          what: release,
          text: `${own.length} of ${running.length} machines`,
        })),
      }),
    ];
  },
};

function isTold(machine: MachineFact): machine is MachineFact & { release: string } {
  return machine.release !== null;
}

/** Two releases that are told are two, whoever is silent; that all agree is not known while one is. */
function seenValue(running: readonly MachineFact[], releases: number): number | null {
  if (releases > 1) return 1;
  return releases === 0 || running.some(({ silent }) => silent) ? null : 0;
}

function placeOf(machines: readonly MachineFact[]): string {
  return machines.length > NAMED
    ? `${machines.length} machines`
    : machines.map(({ name }) => name).join(', ');
}

import type { MachineFact } from '../facts/fleet.ts';
import type { AlertFacts } from '../facts.ts';
import { shellWord } from './command-words.ts';
import { rollingReason, silentReason } from './explained.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertFinding, type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';

/** A machine answers and says that it does not serve, or its platform says so. */
export const machineUnhealthy: AlertRule = {
  id: 'machine_unhealthy',
  group: 'Machines',
  severity: 'critical',
  reads: 'Each machine’s health endpoint, and the checks of its platform.',
  words: () =>
    `Fires when a machine’s own health endpoint says that it fails, or when Fly has not called it well for 3 min. A machine that is parked is well; one that gives no answer is told of as a source. Held back while a deploy rolls over the machines. ${COMMON_WORDS}`,
  runbook: (place) => [
    flyStep(place, 'See which check fails, and what it says.', 'fly checks list'),
    flyStep(place, 'Read what the machine wrote last.', `fly logs --machine ${shellWord(place.subject)}`),
    flyStep(
      place,
      'If it does not recover by itself, begin it again.',
      `fly machine restart ${shellWord(place.subject)}`,
    ),
    {
      text: 'Look at what it needs: Redis, the database and its memory stand on Now and on Metrics.',
      command: null,
    },
  ],
  chart: () => 'responses',
  find: (facts) => facts.fleet.machines.map((machine) => findingFor(machine, facts)),
};

function findingFor(machine: MachineFact, facts: AlertFacts): AlertFinding {
  const { name, failing, release, silent } = machine;
  const { machines } = facts.fleet;
  const serving = machines.filter(({ healthy, parked }) => healthy === true && !parked).length;
  const running = machines.filter(({ parked }) => !parked).length;
  return findingOf({
    subject: name,
    value: seenValue(machine),
    title: `${name} is unhealthy`,
    detail: asSentence(failing ?? ''),
    source: release === null ? name : `${name} · ${release}`,
    inhibitedBy: silent ? silentReason(name) : rollingReason(facts),
    means: [{ what: 'Still well', text: `${serving} of ${running} machines` }],
  });
}

function seenValue({ healthy, parked }: MachineFact): number | null {
  if (parked) return 0;
  return healthy === null ? null : healthy ? 0 : 1;
}

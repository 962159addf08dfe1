import type { BreakerFact } from '../facts/fleet.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Half open is on its way: no reason to call anybody, and none to call it over. */
const HALF_OPEN = 0.5;
const NAMED = 3;

/** The app has stopped to call something that it needs, because that failed too often. */
export const breakerOpen: AlertRule = {
  id: 'breaker_open',
  group: 'Responses',
  severity: 'critical',
  reads: 'The circuit breakers of every machine, one alert for each integration.',
  words: () =>
    `Fires when the circuit breaker of an integration is open on any machine. Half open neither fires nor ends it; it is over once the breaker is closed on all of them. ${COMMON_WORDS}`,
  runbook: ({ subject }) => [
    {
      text: `See whether ${subject} itself answers: its status page first, then one call by hand from a machine.`,
      command: null,
    },
    { text: 'Look for the errors that opened it in the logs of the machines named here.', command: null },
    {
      text: 'It closes by itself once calls succeed again. If only one machine has it open, look at that machine’s network first.',
      command: null,
    },
  ],
  chart: () => 'breaker',
  find: ({ fleet: { breakers } }) => {
    const integrations = [...new Set(breakers.map(({ integration }) => integration))];
    return integrations.map((integration) =>
      findingFor(
        integration,
        breakers.filter((one) => one.integration === integration),
      ),
    );
  },
};

function findingFor(integration: string, breakers: readonly BreakerFact[]): AlertFinding {
  const open = breakers.filter(({ state }) => state === 'open').map(({ machine }) => machine);
  return findingOf({
    subject: integration,
    value: seenValue(breakers),
    title:
      open.length === breakers.length
        ? `Circuit breaker open: ${integration} is not called any more`
        : `Circuit breaker open: ${integration} is not called from ${open.length} of ${breakers.length} machines`,
    detail: 'Calls fail at once until it tries again by itself.',
    source: open.length === 0 ? null : named(open),
    means: [
      { what: 'Open', text: `${open.length} of ${breakers.length} machines` },
      ...stateText(breakers, 'half_open', 'Trying again'),
      ...stateText(breakers, 'unknown', 'Not known'),
    ],
  });
}

/** Closed only where every machine says so. */
function seenValue(breakers: readonly BreakerFact[]): number | null {
  const has = (state: BreakerFact['state']): boolean => breakers.some((one) => one.state === state);
  if (has('open')) return 1;
  if (has('unknown')) return null;
  return has('half_open') ? HALF_OPEN : 0;
}

function stateText(
  breakers: readonly BreakerFact[],
  state: BreakerFact['state'],
  what: string,
): { what: string; text: string }[] {
  const own = breakers.filter((one) => one.state === state).map(({ machine }) => machine);
  return own.length === 0 ? [] : [{ what, text: named(own) }];
}

function named(machines: readonly string[]): string {
  const rest = machines.length - NAMED;
  return machines.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** We ourselves stay away from a source because what watching may cost today is used up. Quiet: nobody needs to act. */
export const observerPaused: AlertRule = {
  id: 'observer_paused',
  group: 'Sources',
  severity: 'info',
  reads: 'Our own ledger of what watching costs.',
  words: () =>
    `Stands, without counting as firing, while our own daily budget keeps us away from a source. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'See what each visit costs, and lengthen the interval of the dearest source in afterwatch.yml.',
      command: 'npm run -s afterwatch -- doctor',
    },
    { text: 'Otherwise nothing: visits go on at midnight UTC.', command: null },
  ],
  chart: () => 'source',
  find: ({ sources }) =>
    sources.map(({ id, kind, name, state }) => {
      const isPaused = state === 'paused_budget';
      return findingOf({
        subject: id,
        value: isPaused ? 1 : state === 'starting' || state === 'unknown' ? null : 0,
        title: `${name} is not watched: today’s budget is used up`,
        detail: 'Its rules are not evaluated meanwhile. A longer interval costs less.',
        source: `${kind} · ${name}`,
        inhibitedBy: isPaused ? 'our own budget, until midnight UTC' : null,
      });
    }),
};

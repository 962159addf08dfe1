import { rateText } from '../../modes/words.ts';
import { formatMoney } from '../../units/money.ts';
import type { BilledFact } from '../facts/fleet.ts';
import { levelsOf } from '../step-alert.ts';
import { LOOK_AT_CONFIG } from './redis-runbook.ts';
import { type AlertRule, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

/** Less than this is a stray client. Commands per minute. */
const LEVEL = 1;

/** Redis is suspended on purpose, and commands arrive at it and are billed all the same. */
export const redisBilled: AlertRule = {
  id: 'redis_billed',
  group: 'Redis',
  severity: 'warning',
  reads: 'Commands that Redis or its provider counts, without ours, and what machines count themselves.',
  words: () =>
    `Fires when at least ${LEVEL} command a minute arrives over 15 min at a Redis that is suspended on purpose. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'Failed connects: let the client of the suspended machines stay closed instead of trying again and again.',
      command: null,
    },
    {
      text: 'What nobody accounts for: look for a machine that still runs the old setting, staging, a worker or a script with the same address.',
      command: null,
    },
    LOOK_AT_CONFIG,
    {
      text: 'Where it cannot be found: give Redis another password, and see who asks for the new one.',
      command: null,
    },
  ],
  chart: () => 'redis_gets',
  find: ({ mode, fleet: { billed } }) => {
    const holds = modeValue(mode, (now) => now === 'suspended_by_us');
    return [
      findingOf({
        value: holds === 1 ? (billed?.perMinute ?? null) : holds,
        levels: levelsOf(LEVEL),
        title: titleOf(billed),
        detail: billed === null || billed.parts === '' ? null : `It is ${billed.parts}.`,
        means: meansOf(billed),
      }),
    ];
  },
};

function titleOf(billed: BilledFact | null): string {
  return billed === null
    ? 'Redis is suspended but still billed'
    : `Redis is suspended but still billed: ${rateText(billed.perMinute)} commands/min arrive`;
}

function meansOf(billed: BilledFact | null): { what: string; text: string }[] {
  if (billed === null) return [];
  const { usdPerDay } = billed;
  return [
    {
      what: 'Cost',
      text: usdPerDay === null ? 'no price is known here' : `${formatMoney(usdPerDay)}/day at list price`,
    },
    { what: 'Who sends them', text: billed.parts === '' ? 'nothing tells' : billed.parts },
  ];
}

import { MINUTE_MS } from '../../time/range.ts';
import { valueText } from '../../units/format-value.ts';
import type { PoolFact } from '../facts/limits.ts';
import type { AlertLevels } from '../step-alert.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Below nine tenths of the set share it is over: a pool that is busy every noon is not half empty at night. */
const CLEAR_SHARE = 0.9;

/** The database runs out of connections, now or at the next deploy. */
export const pool: AlertRule = {
  id: 'pool',
  group: 'Limits',
  severity: 'warning',
  reads:
    'Connections that the database counts, and the pool size of each machine, against what the database accepts.',
  words: ({ poolShareAtLeast }) =>
    `Fires when ${valueText(poolShareAtLeast, 'ratio')} of the connections that the database accepts are open, and apart from that when the pools of all machines could open as many while a rolling deploy runs, which adds the pool of one machine, or with as many machines as budget.maxMachines of the config says. Over below ${valueText(poolShareAtLeast * CLEAR_SHARE, 'ratio')}. ${COMMON_WORDS}`,
  runbook: ({ subject }) => [
    {
      text: 'See who holds the connections, and which of them are idle.',
      command: `psql "$DATABASE_URL" -c "select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc"`,
    },
    subject.endsWith(PEAK) || subject.endsWith(MOST)
      ? {
          text: 'Make the pool of each machine smaller, or put a pooler in front, before the next deploy or a machine more.',
          command: null,
        }
      : {
          text: 'Look for sessions that are idle in a transaction: they hold a connection and do nothing.',
          command: `psql "$DATABASE_URL" -c "select pid, now() - xact_start as age, state from pg_stat_activity where state like 'idle in%' order by 2 desc"`,
        },
  ],
  chart: () => 'db_connections',
  find: ({ limits: { pools } }, { poolShareAtLeast }) => {
    const levels: AlertLevels = {
      trigger: poolShareAtLeast,
      clear: poolShareAtLeast * CLEAR_SHARE,
      holdMs: 0,
      clearMs: 15 * MINUTE_MS,
    };
    return pools.flatMap((fact) => [
      usedFinding(fact, levels),
      peakFinding(fact, levels),
      ...mostFinding(fact, levels),
    ]);
  },
};

/** Ends the subject of what may happen at a deploy. */
const PEAK = '/deploy';
/** And of what may happen with the most machines. */
const MOST = '/max-scale';

function usedFinding(fact: PoolFact, levels: AlertLevels): AlertFinding {
  const { used, limit, source } = fact;
  return findingOf({
    subject: source,
    value: used === null || limit <= 0 ? null : used / limit,
    levels,
    title: `${count(used ?? 0)} of ${count(limit)} connections of ${source} are open${used === null ? '' : `, ${share(used, limit)}`}`,
    detail: 'At the limit new connections are refused, and requests fail.',
    source,
    means: meansOf(fact),
  });
}

function peakFinding(fact: PoolFact, levels: AlertLevels): AlertFinding {
  const { possible, limit, source } = fact;
  const most = possible === null ? null : possible.perMachine * (possible.machines + 1);
  return findingOf({
    subject: `${source}${PEAK}`,
    value: most === null || limit <= 0 ? null : most / limit,
    levels,
    title:
      most === null
        ? `Pools at a deploy against the limit of ${source}`
        : `Pools could open ${count(most)} of ${count(limit)} connections of ${source} during a rolling deploy, ${share(most, limit)}`,
    detail: 'Old and new machines hold their pools side by side while a deploy rolls.',
    source,
    means: meansOf(fact),
  });
}

/** Only where the team says how many machines may run. */
function mostFinding(fact: PoolFact, levels: AlertLevels): AlertFinding[] {
  const { possible, maxMachines, limit, source } = fact;
  if (maxMachines === null) return [];
  const most = possible === null ? null : possible.perMachine * maxMachines;
  return [
    findingOf({
      subject: `${source}${MOST}`,
      value: most === null || limit <= 0 ? null : most / limit,
      levels,
      title:
        most === null
          ? `Pools of all machines that may run against the limit of ${source}`
          : `Pools could open ${count(most)} of ${count(limit)} connections of ${source} with ${count(maxMachines)} machines, ${share(most, limit)}`,
      detail: 'So many machines may run, by budget.maxMachines of the config; each of them has a pool.',
      source,
      means: meansOf(fact),
    }),
  ];
}

function meansOf({ used, possible, maxMachines, limit }: PoolFact): AlertFinding['means'] {
  const now =
    used === null
      ? []
      : [{ what: 'Open now', text: `${count(used)} of ${count(limit)}, ${share(used, limit)}` }];
  if (possible === null) return now;
  const { machines, perMachine } = possible;
  const steady = machines * perMachine;
  const text = (most: number) => `${count(most)} of ${count(limit)}, ${share(most, limit)}`;
  return [
    ...now,
    { what: 'Pools, steady', text: `${count(perMachine)} × ${machines} = ${text(steady)}` },
    { what: 'Rolling deploy', text: text(steady + perMachine) },
    { what: 'Blue-green deploy', text: text(2 * steady) },
    ...(maxMachines === null
      ? []
      : [{ what: `${count(maxMachines)} machines`, text: text(perMachine * maxMachines) }]),
  ];
}

function share(part: number, limit: number): string {
  return limit <= 0 ? 'no limit known' : valueText(part / limit, 'ratio');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

import { short } from '../store/goals.ts';
import { printTable } from '../verdict/format.ts';
import { SERIES_A_MACHINE } from './fleet.ts';
import type { PeersOptions } from './options.ts';
import { betterPeers, judgeGoal, type PeersFigures, type PeersRow, rowsOf } from './table.ts';
import { INTERVAL_SECONDS } from './watching.ts';

interface Facts {
  date: string;
  machine: string;
  minutes: number;
  options: PeersOptions;
}

/** The comparison as a part of a page that reads well as it is. */
export function printPeersPart(figures: PeersFigures, { date, machine, minutes, options }: Facts): string {
  const rows = rowsOf(figures);
  const goals = rows.filter(({ goal }) => goal !== null);
  const met = goals.filter(({ goal }) => judgeGoal(goal) === 'met').length;
  const { samples, versions } = figures.holding;
  return [
    '## Beside Prometheus and VictoriaMetrics',
    '',
    `${met} of ${goals.length} goals are met. Measured on ${date} by \`npm run bench:peers -- --write\` in ${Math.ceil(minutes)} min on ${machine}: Prometheus ${versions.prometheus} with redis_exporter and postgres_exporter, VictoriaMetrics ${versions.victoria} with the same two, all from Debian, each with the settings that it comes with, all at the same time on the same machine.`,
    '',
    `- **Watching**: a Redis, a PostgreSQL and ${options.machines} machines of ${SERIES_A_MACHINE} series, every ${INTERVAL_SECONDS} s; user and system time of each whole process tree over ${options.windows} stretches of ${options.seconds} s, the median of them, after ${options.settle} s of settling. Ours is the product as built, pages and alerts too, on SQLite. The exporters tell of more than ours keeps, so look at the CPU for the same targets as well. What happens once an hour or rarer (our packing, their compaction) falls outside.`,
    `- **Holding**: ${samples.toLocaleString('en')} samples of 1,300 series at ${INTERVAL_SECONDS} s, the very same numbers in all three, checked by the answers; Prometheus in the fewest blocks that promtool makes, VictoriaMetrics after a forced merge, ours packed. Bytes are those of all files, without the write-ahead logs of the peers and without the freed pages that the write-ahead rows of ours leave behind, which stand in a line of their own: they are a few MB, however much is kept.`,
    `- **Asking** over HTTP: the median of ${options.rounds} rounds in turning order, ${options.repeats} calls each, over windows of 24 h that move. q1: one gauge as least, mean and greatest of 5 min (Prometheus needs three calls, VictoriaMetrics one \`rollup\`; \`/api/query\` gives the mean). q2: the rates of 36 counters, by 5 min, where ours reads blocks; from samples by 288 s, 300 points. q3: the newest sample of all series. Ours is asked twice: \`/api/query\` of the product, and the store behind a bare HTTP server.`,
    '',
    printTable({
      title: 'Ratios',
      note: 'Under 1 is better for ours.',
      head: [
        'what',
        'unit',
        'ours',
        'Prometheus',
        'VictoriaMetrics',
        'ours : Prometheus',
        'ours : VictoriaMetrics',
        'goal',
        '',
      ],
      rows: rows.map(cellsOf),
    }).replace('## ', '### '),
    ...printWhys(rows),
  ].join('\n');
}

function cellsOf(row: PeersRow): string[] {
  const { name, unit, ours, prometheus, victoria, goal } = row;
  return [
    name,
    unit,
    ...[ours, prometheus, victoria].map(short),
    ratio(ours, prometheus),
    ratio(ours, victoria),
    goal?.words ?? '',
    judgeGoal(goal),
  ];
}

function ratio(ours: number | null, theirs: number | null): string {
  return ours === null || theirs === null || theirs <= 0 ? '–' : (ours / theirs).toFixed(2);
}

/** Who is better where, and why, a reason once. */
function printWhys(rows: readonly PeersRow[]): string[] {
  const whys = new Map<string, string[]>();
  for (const row of rows) {
    const better = betterPeers(row);
    if (better.length === 0) continue;
    const heads = whys.get(row.why) ?? [];
    whys.set(row.why, [...heads, `${row.name} (${better.join(' and ')})`]);
  }
  if (whys.size === 0) return ['No peer is better in any line.', ''];
  const lines = [...whys].map(([why, names]) => `- ${names.join('; ')}. ${why}`);
  return ['### Where a peer is better, and why', '', ...lines, ''];
}

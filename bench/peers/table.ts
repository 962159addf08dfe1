import type { Question } from '../store/questions.ts';
import type { Asked } from './askers.ts';
import type { Holding } from './holding.ts';
import type { Rival, Watching } from './watching.ts';

/** All that was measured in one run. */
export interface PeersFigures {
  watching: Record<Rival, Watching>;
  holding: Holding;
}

/** One line of the table. A figure is null where it was not measured or does not exist. */
export interface PeersRow {
  name: string;
  unit: string;
  ours: number | null;
  prometheus: number | null;
  victoria: number | null;
  /** What ours was to be, and whether it is; null for a line without a goal. */
  goal: Goal | null;
  /** Why a peer may be better, for the lines where it is. */
  why: string;
}

export interface Goal {
  words: string;
  /** Ours divided by what it may be at most, for every part of the goal: all of them at most 1. */
  shares: readonly (number | null)[];
}

const WHY = {
  bytes:
    'A peer keeps samples and an index. Ours keeps 5-minute blocks, and the time, duration and outcome of every visit, besides the samples.',
  samples:
    'VictoriaMetrics packs up to 8,192 values of a series together, ours at most an hour of them: a shorter stretch is packed anew and deleted without touching the rest, and pays for its beginning each time.',
  question:
    'Ours is one JavaScript process: a question goes from the main thread to the thread that owns the database and back, and is unpacked and summed there by one core. Both peers are compiled, and use all cores.',
  product:
    'The product does more than the question: it asks who is calling, counts requests against a limit, reads the visits of the day to say where numbers are missing and why, and sends every series by itself where the peers send one sum.',
  idle: 'What Next takes to hand a request to a route and its answer back; every line through `/api/query` holds it.',
  newest:
    'Ours writes the newest sample of every series as JSON on one core; the work is the text, not the look-up.',
  cpu: 'Ours opens a connection for every visit (a kept one would stay with one worker of several and hide the others), parses each page in JavaScript, makes every visit durable within a quarter of a second, and judges alerts, modes and deploys after each tick; the peers keep their connections, parse in compiled code and write to disk once in some seconds.',
  rss: 'Node with Next and React takes most of it before the first sample: ours draws its own pages, a peer leaves that to another program.',
} as const;

const perSample = (bytes: number, { samples }: Holding): number => bytes / samples;

/** `most` as a share: 1 is just kept, more is missed; null where either is not known. */
const shareOf = (value: number | null, most: number | null): number | null =>
  value === null || most === null || most <= 0 ? null : value / most;

/** Every line, in the order of the page. */
export function rowsOf({ watching, holding }: PeersFigures): PeersRow[] {
  const { weight, answers } = holding;
  const bytes = {
    ours: perSample(holding.bytes.ours, holding),
    prometheus: perSample(holding.bytes.prometheus, holding),
    victoria: perSample(holding.bytes.victoria, holding),
  };
  const samplesAlone = perSample(weight.samples, holding);
  const of = (read: (one: Watching) => number): Record<Rival, number> => ({
    ours: read(watching.ours),
    prometheus: read(watching.prometheus),
    victoria: read(watching.victoria),
  });
  const cpu = of(({ cpuMsPer1000 }) => cpuMsPer1000);
  const rss = of(({ rssMb }) => rssMb);
  const time = (question: Question, name: Asked): number | null => answers[question][name]?.p50 ?? null;
  const tail = (question: Question, name: Asked): number | null => answers[question][name]?.p95 ?? null;
  const peersOf = (question: Question, read = time) => ({
    prometheus: read(question, 'prometheus'),
    victoria: read(question, 'victoria'),
  });
  const asked = (
    name: string,
    question: Question,
    who: 'store' | 'product',
    goal: (ours: number | null) => Goal | null,
  ): PeersRow => ({
    name,
    unit: 'ms',
    ours: time(question, who),
    ...peersOf(question),
    goal: goal(time(question, who)),
    why: question === 'q3' ? WHY.newest : who === 'product' ? WHY.product : WHY.question,
  });
  const likeVictoria =
    (question: Question, most?: number) =>
    (ours: number | null): Goal => ({
      words: most === undefined ? '≤ VictoriaMetrics' : `≤ VictoriaMetrics, ≤ ${most} ms`,
      shares: [
        shareOf(ours, time(question, 'victoria')),
        ...(most === undefined ? [] : [shareOf(ours, most)]),
      ],
    });
  const tails = (name: string, question: Question, who: 'store' | 'product'): PeersRow => ({
    ...{ name, unit: 'ms', ours: tail(question, who), ...peersOf(question, tail), goal: null },
    why: '',
  });
  return [
    {
      name: 'bytes per sample, samples and blocks together',
      unit: 'B',
      ...bytes,
      goal: {
        words: '≤ VictoriaMetrics, ≤ 1.0',
        shares: [shareOf(bytes.ours, bytes.victoria), shareOf(bytes.ours, 1)],
      },
      why: WHY.bytes,
    },
    {
      name: '… as the file lies, with the freed pages of rows that waited to be packed',
      unit: 'B',
      ...{ ours: perSample(weight.lying, holding), prometheus: null, victoria: null },
      ...{ goal: null, why: '' },
    },
    {
      name: '… samples alone',
      unit: 'B',
      ...bytes,
      ours: samplesAlone,
      goal: { words: '≤ 0.9', shares: [shareOf(samplesAlone, 0.9)] },
      why: WHY.samples,
    },
    {
      name: 'the least answer of each over HTTP: that it is ready, p50',
      unit: 'ms',
      ours: holding.idleMs.product ?? null,
      prometheus: holding.idleMs.prometheus ?? null,
      victoria: holding.idleMs.victoria ?? null,
      goal: null,
      why: WHY.idle,
    },
    asked('q1 through `/api/query`, mean only, p50', 'q1', 'product', likeVictoria('q1')),
    tails('… p95', 'q1', 'product'),
    asked('q1, the store over bare HTTP, p50', 'q1', 'store', likeVictoria('q1')),
    tails('… p95', 'q1', 'store'),
    asked('q2 through `/api/query`, 36 lines, p50', 'q2', 'product', likeVictoria('q2', 4.5)),
    tails('… p95', 'q2', 'product'),
    asked('q2, the store over bare HTTP, one sum, p50', 'q2', 'store', likeVictoria('q2', 4.5)),
    tails('… p95', 'q2', 'store'),
    asked('q2 from samples through `/api/query`, p50', 'q2 raw', 'product', (ours) => ({
      words: '≤ Prometheus',
      shares: [shareOf(ours, time('q2 raw', 'prometheus'))],
    })),
    asked('q2 from samples, the store over bare HTTP, p50', 'q2 raw', 'store', (ours) => ({
      words: '≤ Prometheus',
      shares: [shareOf(ours, time('q2 raw', 'prometheus'))],
    })),
    tails('… p95', 'q2 raw', 'store'),
    asked('q3, newest of all series over bare HTTP, p50', 'q3', 'store', (ours) => ({
      words: '≤ a tenth of both',
      shares: (['prometheus', 'victoria'] as const).map((name) =>
        shareOf(ours, (time('q3', name) ?? Number.NaN) / 10),
      ),
    })),
    {
      name: 'q3 in the process itself, p50',
      ...{ unit: 'ms', ours: holding.latestMs, prometheus: null, victoria: null },
      goal: { words: '≤ 1 ms', shares: [holding.latestMs] },
      why: '',
    },
    {
      name: 'CPU per 1,000 samples, scrape to kept',
      unit: 'ms',
      ...cpu,
      goal: {
        words: '≤ half of Prometheus with its exporters, ≤ 13 ms',
        shares: [shareOf(cpu.ours, cpu.prometheus / 2), shareOf(cpu.ours, 13)],
      },
      why: WHY.cpu,
    },
    {
      name: 'CPU for the same targets',
      unit: '% of a core',
      ...of(({ cpuShare }) => 100 * cpuShare),
      goal: null,
      why: WHY.cpu,
    },
    {
      name: 'samples kept',
      unit: 'per s',
      ...of(({ samplesPerSecond }) => samplesPerSecond),
      goal: null,
      why: '',
    },
    {
      name: 'RSS while it watches, exporters with it; ours with its dashboard',
      unit: 'MB',
      ...rss,
      goal: {
        words: '≤ 180 MB',
        shares: [shareOf(rss.ours, 180)],
      },
      why: WHY.rss,
    },
    {
      name: '… the stretch: no more than Prometheus with its exporters, without a dashboard',
      unit: 'MB',
      ...rss,
      goal: { words: '≤ 154 MB', shares: [shareOf(rss.ours, 154)] },
      why: WHY.rss,
    },
    {
      name: 'RSS after the questions, the whole set on disk',
      unit: 'MB',
      ours: holding.rssMb.ours,
      prometheus: holding.rssMb.prometheus,
      victoria: holding.rssMb.victoria,
      goal: null,
      why: WHY.rss,
    },
    {
      name: '… our store alone, in a process of its own',
      unit: 'MB',
      ours: holding.rssMb.store,
      prometheus: holding.rssMb.prometheus,
      victoria: holding.rssMb.victoria,
      goal: null,
      why: WHY.rss,
    },
  ];
}

/** `met`, `missed by ×1.4` (the worst part), or that a part was not measured. Nothing without a goal. */
export function judgeGoal(goal: Goal | null): string {
  if (goal === null) return '';
  const known = goal.shares.filter((share) => share !== null && Number.isFinite(share));
  const worst = Math.max(...known.map(Number));
  if (known.length > 0 && worst > 1) return `missed by ×${worst.toFixed(2)}`;
  return known.length < goal.shares.length || known.length === 0 ? 'not measured' : 'met';
}

/** Peers that are better than ours in a line: less is better in all that have a `why`. */
export function betterPeers({ ours, prometheus, victoria, why }: PeersRow): string[] {
  if (why === '' || ours === null) return [];
  return [
    ...(prometheus !== null && prometheus < ours ? ['Prometheus'] : []),
    ...(victoria !== null && victoria < ours ? ['VictoriaMetrics'] : []),
  ];
}

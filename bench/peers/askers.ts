import { setTimeout as wait } from 'node:timers/promises';
import type { TimeRange } from '@/lib/core/time/range.ts';
import {
  BLOCK_STEP_MS,
  type Level,
  type Newest,
  type Question,
  type Rate,
  SAMPLE_STEP_MS,
} from '../store/questions.ts';
import { COUNTER, GAUGE, METRICS, REDIS_ID } from '../store/synthetic.ts';
import { type Gist, seriesKey } from './compare.ts';

/** Who is asked: our store over bare HTTP, our product as built, and the peers. */
export const ASKED = ['store', 'product', 'prometheus', 'victoria'] as const;
export type Asked = (typeof ASKED)[number];

export interface Asker {
  name: Asked;
  /** Where the least is answered, that all is well: what an answer costs before anything is asked. Null: nowhere. */
  idleUrl: string | null;
  /** Asks over HTTP and gives the raw answers; null for a question that it has no address for. */
  ask(question: Question, range: TimeRange): Promise<readonly string[]> | null;
  gist(question: Question, answers: readonly string[]): Gist;
}

/** Reads all of an answer. A limit of requests is waited for: the caller asks anew and does not count it. */
export async function read(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url);
    const text = await answer.text();
    if (answer.ok) return text;
    if (answer.status !== 429)
      throw new Error(`bench: ${url} answered ${answer.status}: ${text.slice(0, 300)}`);
    await wait(1000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

function gistOf(points: readonly (readonly [startMs: number, value: number | null])[]): Gist {
  return new Map(points.flatMap(([startMs, value]) => (value === null ? [] : [[startMs, value] as const])));
}

/** The store behind nothing but an HTTP server: one answer holds least, mean and greatest. */
export function askStore(port: number): Asker {
  return {
    name: 'store',
    idleUrl: null,
    ask: async (question, { startMs, endMs }) => [
      await read(`http://127.0.0.1:${port}/${encodeURIComponent(question)}?start=${startMs}&end=${endMs}`),
    ],
    gist: (question, [text = 'null']) => {
      // Our own answers, of the shapes that `questions.ts` names.
      const answer: unknown = JSON.parse(text);
      switch (question) {
        case 'q1':
          return gistOf((answer as Level[]).map(([atMs, , mean]) => [atMs, mean]));
        case 'q2':
        case 'q2 raw':
          return gistOf(answer as Rate[]);
        case 'q3':
          return new Map(
            (answer as Newest[]).map(({ metric, target, labels, value }) => [
              seriesKey(metric, { target, ...labels }),
              value,
            ]),
          );
        default:
          return question satisfies never;
      }
    },
  };
}

interface ProductAnswer {
  series: { points: [atMs: number, value: number | null][] }[];
}

/** `GET /api/query` of the product: guard, limits, gaps and all. It has no address for the newest of all series. */
export function askProduct(baseUrl: string): Asker {
  return {
    name: 'product',
    idleUrl: `${baseUrl}/api/ready`,
    ask: (question, { startMs, endMs }) => {
      if (question === 'q3') return null;
      const query = new URLSearchParams({
        metric: question === 'q1' ? GAUGE : COUNTER,
        as: question === 'q1' ? 'value' : 'rate',
        target: REDIS_ID,
        start: String(startMs),
        end: String(endMs),
        step: `${(question === 'q2 raw' ? SAMPLE_STEP_MS : BLOCK_STEP_MS) / 1000}s`,
      });
      return read(`${baseUrl}/api/query?${query}`).then((text) => [text]);
    },
    gist: (_, [text = '']) => {
      const { series } = JSON.parse(text) as ProductAnswer;
      const sums = new Map<number, number>();
      for (const [atMs, value] of series.flatMap(({ points }) => points))
        if (value !== null) sums.set(atMs, (sums.get(atMs) ?? 0) + value);
      return sums;
    },
  };
}

interface PromAnswer {
  data: {
    result: {
      metric: Readonly<Record<string, string>>;
      value?: [atSeconds: number, value: string];
      values?: [atSeconds: number, value: string][];
    }[];
  };
}

/** Prometheus: a call for each of least, mean and greatest, one for the sum, one for the newest. */
export function askPrometheus(baseUrl: string): Asker {
  return promAsker(
    'prometheus',
    baseUrl,
    ['avg', 'min', 'max'].map((of) => `${of}_over_time(${GAUGE}[5m])`),
  );
}

/** VictoriaMetrics: its own `rollup` answers least, mean and greatest in one call, which is its best. */
export function askVictoria(baseUrl: string): Asker {
  return promAsker('victoria', baseUrl, [`rollup(${GAUGE}[5m])`]);
}

function promAsker(name: 'prometheus' | 'victoria', baseUrl: string, levels: readonly string[]): Asker {
  const range = (query: string, { startMs, endMs }: TimeRange, stepMs: number): Promise<string> => {
    // A point of theirs stands at the end of its window, one of ours at its start.
    const firstMs = Math.floor(startMs / stepMs) * stepMs + stepMs;
    const words = {
      query,
      start: String(firstMs / 1000),
      end: String(endMs / 1000),
      step: `${stepMs / 1000}`,
    };
    return read(`${baseUrl}/api/v1/query_range?${new URLSearchParams(words)}`);
  };
  return {
    name,
    idleUrl: `${baseUrl}/${name === 'prometheus' ? '-/ready' : 'health'}`,
    ask: async (question, asked) => {
      switch (question) {
        case 'q1': {
          const answers: string[] = [];
          for (const level of levels) answers.push(await range(level, asked, BLOCK_STEP_MS));
          return answers;
        }
        case 'q2':
          return [await range(`sum(rate(${COUNTER}[5m]))`, asked, BLOCK_STEP_MS)];
        case 'q2 raw':
          return [await range(`sum(rate(${COUNTER}[${SAMPLE_STEP_MS / 1000}s]))`, asked, SAMPLE_STEP_MS)];
        case 'q3': {
          const query = `{__name__=~"${METRICS.join('|')}"}`;
          const words = new URLSearchParams({ query, time: String(asked.endMs / 1000) });
          return [await read(`${baseUrl}/api/v1/query?${words}`)];
        }
        default:
          return question satisfies never;
      }
    },
    gist: (question, [text = '']) => {
      const { data } = JSON.parse(text) as PromAnswer;
      if (question === 'q3') {
        return new Map(
          data.result.map(
            ({ metric: { __name__: metric = '', ...labels }, value }) =>
              [seriesKey(metric, labels), Number(value?.[1])] as const,
          ),
        );
      }
      // `rollup` gives three series; the mean is the one that is told by its label.
      const one = data.result.find(({ metric }) => metric.rollup === 'avg') ?? data.result[0];
      const stepMs = question === 'q2 raw' ? SAMPLE_STEP_MS : BLOCK_STEP_MS;
      return gistOf((one?.values ?? []).map(([at, value]) => [at * 1000 - stepMs, Number(value)]));
    },
  };
}

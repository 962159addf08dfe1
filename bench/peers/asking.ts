import { DAY_MS } from '@/lib/core/time/range.ts';
import { median, quantile } from '../lib/measures.ts';
import { lastDayOf } from '../store/measure-store.ts';
import { BLOCK_STEP_MS, QUESTIONS, type Question } from '../store/questions.ts';
import { endOf, type SetShape } from '../store/synthetic.ts';
import { ASKED, type Asked, type Asker, read } from './askers.ts';
import { differ, type Gist } from './compare.ts';

/** Median over the rounds of each round's p50 and p95, in ms. */
export interface Times {
  p50: number;
  p95: number;
  /** Of one answer, all calls of a question together. */
  bytes: number;
}

export type Answers = Record<Question, Partial<Record<Asked, Times>>>;

const WARM = 3;

/** Asks everybody everything, in another order each round. Throws when they do not hold the same numbers. */
export async function measureAsking(
  askers: readonly Asker[],
  shape: SetShape,
  { rounds, repeats }: { rounds: number; repeats: number },
  log: (text: string) => void,
): Promise<Answers> {
  await compareAnswers(askers, shape);
  const rows = new Map<string, { p50: number; p95: number; bytes: number }[]>();
  for (let round = 0; round < rounds; round++) {
    const order = askers
      .map((_, i) => askers[(i + round) % askers.length])
      .filter((one) => one !== undefined);
    for (const asker of order) {
      for (const question of QUESTIONS) {
        const times = await timeAsker(asker, question, shape, { round, repeats });
        if (times === null) continue;
        const key = `${question} ${asker.name}`;
        rows.set(key, [...(rows.get(key) ?? []), times]);
      }
    }
    log(`asking: round ${round + 1} of ${rounds}`);
  }
  const answers: Answers = { q1: {}, q2: {}, 'q2 raw': {}, q3: {} };
  for (const question of QUESTIONS) {
    for (const name of ASKED) {
      const all = rows.get(`${question} ${name}`);
      if (all === undefined) continue;
      answers[question][name] = {
        p50: median(all.map(({ p50 }) => p50)),
        p95: median(all.map(({ p95 }) => p95)),
        bytes: median(all.map(({ bytes }) => bytes)),
      };
    }
  }
  return answers;
}

/** Median over the rounds of each round's p50, in ms: the least that each answers at all. */
export async function measureIdle(
  askers: readonly Asker[],
  { rounds, repeats }: { rounds: number; repeats: number },
): Promise<Partial<Record<Asked, number>>> {
  const rows = new Map<Asked, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, idleUrl } of askers) {
      if (idleUrl === null) continue;
      const took: number[] = [];
      for (let turn = -WARM; turn < repeats; turn++) {
        const startedMs = performance.now();
        await read(idleUrl);
        if (turn >= 0) took.push(performance.now() - startedMs);
      }
      rows.set(name, [...(rows.get(name) ?? []), quantile(took, 0.5)]);
    }
  }
  return Object.fromEntries([...rows].map(([name, all]) => [name, median(all)]));
}

/** As on a screen that lives on, no two questions ask for quite the same day. */
function dayOf(shape: SetShape, turn: number): { startMs: number; endMs: number } {
  const last = lastDayOf(shape);
  const room = Math.floor((last.startMs - shape.startMs) / BLOCK_STEP_MS) + 1;
  const backMs = ((turn * 7) % Math.max(1, room)) * BLOCK_STEP_MS;
  return { startMs: last.startMs - backMs, endMs: last.endMs - backMs };
}

async function timeAsker(
  asker: Asker,
  question: Question,
  shape: SetShape,
  { round, repeats }: { round: number; repeats: number },
): Promise<{ p50: number; p95: number; bytes: number } | null> {
  const took: number[] = [];
  let bytes = 0;
  for (let turn = -WARM; turn < repeats; turn++) {
    const range = rangeOf(question, shape, round * (repeats + WARM) + turn + WARM);
    const startedMs = performance.now();
    const asked = asker.ask(question, range);
    if (asked === null) return null;
    const answers = await asked;
    const ms = performance.now() - startedMs;
    if (turn < 0) continue;
    took.push(ms);
    bytes = answers.reduce((sum, text) => sum + text.length, 0);
  }
  return { p50: quantile(took, 0.5), p95: quantile(took, 0.95), bytes };
}

/** The newest samples are those at the very end of the set. */
function rangeOf(question: Question, shape: SetShape, turn: number): { startMs: number; endMs: number } {
  if (question !== 'q3') return dayOf(shape, turn);
  const endMs = endOf(shape);
  return { startMs: endMs - DAY_MS, endMs };
}

/** Throws when an engine does not answer from the same samples as our store. */
async function compareAnswers(askers: readonly Asker[], shape: SetShape): Promise<void> {
  for (const question of QUESTIONS) {
    const range = rangeOf(question, shape, 0);
    let ours: Gist | null = null;
    for (const asker of askers) {
      const answers = await asker.ask(question, range);
      if (answers === null) continue;
      const gist = asker.gist(question, answers);
      ours ??= gist;
      const fault = differ(ours, gist, question === 'q3');
      if (fault !== null) throw new Error(`bench: ${question}, ${asker.name} beside ours: ${fault}`);
    }
  }
}

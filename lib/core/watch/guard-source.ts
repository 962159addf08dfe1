import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, type TimeRange } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import type { GuardFacts, GuardFound, SourceGap } from './guard-types.ts';

/** So many blocks in a row without a number, and its source is out: 10 min. */
const SILENT_BLOCKS = 2;
/** Of these nobody is to blame: a database that sleeps answers nothing, and has nothing to count. */
const NO_FAULT = new Set(['asleep']);
/** We did not look ourselves. */
const NOT_LOOKED = new Set(['not_watched', 'not_watched_yet', 'before_retention', 'internal']);

const WORDS: Readonly<Record<string, string>> = {
  budget: 'paused: our own limit of what watching may cost is reached',
  limit: 'refuses more questions for a while',
  quota: 'has used up its quota',
  auth: 'refuses the login',
  grant: 'lacks a grant',
  timeout: 'gives no answer',
  network: 'is unreachable',
  http: 'answers with an error',
  parse: 'gives an answer that can’t be read',
};

/** Whether the number itself was measured: a silence of more than 10 min is a silence, not a fall. */
export function sourceGuard(facts: GuardFacts): GuardFound {
  const { measured, midMs, settledMs } = facts;
  if (settledMs === null) return {};
  const first = Math.max(0, Math.ceil((settledMs - midMs) / BLOCK_MS));
  const spans: GuardSpan[] = [];
  const quiet: TimeRange[] = [];
  let since = first;
  for (let i = first; i <= measured.length; i++) {
    if (i < measured.length && measured[i] !== true) continue;
    if (i - since >= SILENT_BLOCKS) {
      const silent = { startMs: midMs + since * BLOCK_MS, endMs: midMs + i * BLOCK_MS };
      const cause = causeOf(facts.gaps, silent.startMs, silent.endMs);
      if (cause !== null && NO_FAULT.has(cause.reason)) quiet.push(silent);
      else spans.push(silence(silent, cause, i < measured.length));
    }
    since = i + 1;
  }
  return { spans, quiet };
}

/** It is known once two blocks of it are over: looks before that were made without it. */
function silence({ startMs, endMs }: TimeRange, cause: SourceGap | null, isOver: boolean): GuardSpan {
  const isDown = cause !== null && !NOT_LOOKED.has(cause.reason);
  return {
    reason: isDown ? 'source_down' : 'no_data',
    fromMs: startMs + SILENT_BLOCKS * BLOCK_MS,
    toMs: isOver ? endMs : null,
    final: false,
    evidence: wordsOf(cause, startMs),
  };
}

/** The gap that covers most of a silence. */
function causeOf(gaps: readonly SourceGap[], startMs: number, endMs: number): SourceGap | null {
  const inside = (gap: SourceGap) => Math.min(gap.endMs, endMs) - Math.max(gap.startMs, startMs);
  return gaps
    .filter((gap) => inside(gap) > 0)
    .reduce<SourceGap | null>(
      (best, gap) => (best !== null && inside(best) >= inside(gap) ? best : gap),
      null,
    );
}

function wordsOf(cause: SourceGap | null, startMs: number): string {
  const since = `since ${formatClock(startMs)}`;
  if (cause === null) return `no numbers ${since}`;
  if (NOT_LOOKED.has(cause.reason)) return `nobody watched ${cause.source} ${since}`;
  return `${cause.source} ${WORDS[cause.reason] ?? 'gives no numbers'} ${since}`;
}

import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import { type CountBlock, isUsable } from '../verdict/blocks.ts';
import { requestsText } from './check-limiter.ts';
import type { GuardFacts, GuardFound, LimiterBlock } from './guard-types.ts';

/** A limiter that decides nothing for so long is off, where so many decisions had to be expected of the requests. */
const SILENT_BLOCKS = 3;
const LEAST_EXPECTED = 12;
const DAY_BLOCKS = DAY_MS / BLOCK_MS;

/**
 * Whether the limiter was there. What it lets pass because it cannot ask is limited by nobody: fewer 429s are no
 * success then. For what the limiter says of itself that is final; the 429s count again once it decides again.
 */
export function limiterGuard(facts: GuardFacts): GuardFound {
  const { subject, limiter, midMs, settledMs } = facts;
  if (subject.limiter === null) return {};
  if (limiter === null) return { notChecked: 'the app does not export app_limiter_decisions_total' };
  if (settledMs === null) return {};
  const isFinal = subject.limiter === 'own';
  const spans: GuardSpan[] = [];
  let first = Math.max(0, Math.ceil((settledMs - midMs) / BLOCK_MS));
  for (;;) {
    const off = firstOff(limiter.after, first, (from, to) => expectedIn(facts, from, to));
    if (off === null) return { spans };
    const back = limiter.after.findIndex((block, i) => i > off.index && enforces(block));
    const atMs = midMs + off.index * BLOCK_MS;
    const evidence =
      off.failedOpen > 0
        ? `the limiter let ${requestsText(off.failedOpen)} pass from ${formatClock(atMs)} on because it could not ask`
        : `the limiter has decided nothing since ${formatClock(midMs + off.since * BLOCK_MS)}`;
    const toMs = isFinal || back === -1 ? null : midMs + back * BLOCK_MS;
    spans.push({ reason: 'limiter_off', fromMs: atMs, toMs, final: isFinal, evidence });
    if (toMs === null) return { spans };
    first = back;
  }
}

/** Decisions that the requests of the blocks `[from, to]` would have asked for a day before; 0 where that is not known. */
function expectedIn({ limiter, requests }: GuardFacts, from: number, to: number): number {
  if (limiter === null || requests === null) return 0;
  const sum = (blocks: readonly CountBlock[]) =>
    blocks.reduce((total, block) => total + (isUsable(block) ? block.increase : 0), 0);
  const before = sum(requests.before.slice(-DAY_BLOCKS));
  return before === 0 ? 0 : (limiter.dayBefore / before) * sum(requests.after.slice(from, to + 1));
}

function firstOff(
  blocks: readonly LimiterBlock[],
  first: number,
  expected: (from: number, to: number) => number,
): { index: number; since: number; failedOpen: number } | null {
  let since = first;
  for (let index = first; index < blocks.length; index++) {
    const block = blocks[index] ?? null;
    if (block !== null && block.failedOpen > 0) return { index, since: index, failedOpen: block.failedOpen };
    if (block === null || block.decisions > 0) {
      since = index + 1;
      continue;
    }
    const isLong = index - since + 1 >= SILENT_BLOCKS;
    if (isLong && expected(since, index) >= LEAST_EXPECTED) return { index, since, failedOpen: 0 };
  }
  return null;
}

function enforces(block: LimiterBlock): boolean {
  return block !== null && block.failedOpen === 0 && block.decisions > 0;
}

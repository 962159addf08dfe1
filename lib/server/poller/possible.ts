import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';

const NAMED = 3;

/**
 * The result without numbers that cannot be: no finite ones, below 0, or too large to be told from their neighbours.
 * Nothing that is watched can be any of these, so the source, or what lies before it, is broken there; a notice says so.
 */
export function leaveOutImpossible(result: CollectResult): CollectResult {
  const samples = result.samples.filter(isPossible);
  const left = result.samples.length - samples.length;
  if (left === 0) return result;
  const names = [...new Set(result.samples.filter((one) => !isPossible(one)).map(({ metric }) => metric))];
  return { ...result, samples, notices: [...result.notices, noticeOf(left, names)] };
}

function isPossible({ value }: Sample): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function noticeOf(count: number, names: readonly string[]): Notice {
  const few = names.slice(0, NAMED).join(', ');
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return {
    code: 'impossible_values',
    text: `${count} of its numbers cannot be true (below 0, or beyond what can be counted) and were left out: ${few}${more}. See what writes them.`,
  };
}

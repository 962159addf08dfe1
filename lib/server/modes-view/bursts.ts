import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { StageWatch } from '@/lib/core/modes/stage-watch.ts';
import { WARM_UP_MS } from '@/lib/core/modes/stages.ts';
import { BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';
import { burstOf } from '@/lib/core/watch/check-limited.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { readClaimNumbers } from '../watch/numbers.ts';

/** Days that tell how many are usual, and what is least of them. */
const USUAL_DAYS = 14;
const LEAST_BLOCKS = DAY_MS / BLOCK_MS / 2;
const METRIC = 'http_responses_total';

interface Counts {
  before: readonly CountBlock[];
  after: readonly CountBlock[];
}

/**
 * The first burst of 429s and of 5xx after the warm-up of each of these starts (ms, ascending), against the days before
 * the first of them. One in the warm-up must not hide one after it.
 */
export async function readBursts(
  runtime: Runtime,
  scope: Scope,
  starts: readonly number[],
  untilMs: number,
): Promise<Pick<StageWatch, 'bursts' | 'counted' | 'burstsUnseen'>> {
  const [originMs] = starts;
  if (originMs === undefined) return unseen(null);
  const read = (status: string) => readCounts(runtime, scope, status, originMs, untilMs);
  const limited = await read('429');
  if (limited === null) return unseen('nobody counts 429s by their exact code');
  if (limited.before.filter(isUsable).length < LEAST_BLOCKS)
    return unseen('less than half a day tells how many 429s are usual');
  const kinds = [{ name: '429s', counts: limited }];
  for (const status of failuresOf(runtime, scope)) {
    const counts = await read(status);
    if (counts === null) return unseen(`responses ${status} can’t be held against before`);
    kinds.push({ name: `responses ${status}`, counts });
  }
  const midMs = Math.floor(originMs / BLOCK_MS) * BLOCK_MS;
  const bursts = starts.flatMap((startMs) => {
    const from = Math.max(0, Math.ceil((startMs + WARM_UP_MS - midMs) / BLOCK_MS));
    return kinds.flatMap(({ name, counts }) => {
      const burst = burstOf(counts.before, counts.after.slice(from), midMs + from * BLOCK_MS);
      return burst === null ? [] : [{ endMs: burst.endMs, what: `${name}: ${burst.what}` }];
    });
  });
  const counted = new Set(
    limited.after.flatMap((block, i) => (isUsable(block) ? [midMs + i * BLOCK_MS] : [])),
  );
  return { bursts, counted, burstsUnseen: null };
}

function unseen(why: string | null): Pick<StageWatch, 'bursts' | 'counted' | 'burstsUnseen'> {
  return { bursts: [], counted: new Set(), burstsUnseen: why };
}

/** Statuses of failure that any machine ever gave: what never came cannot burst. */
function failuresOf(runtime: Runtime, scope: Scope): string[] {
  const series = runtime.store.findSeries({ metric: METRIC, targetIds: targetIdsOf(runtime, scope, 'app') });
  const statuses = series.flatMap(({ labels }) =>
    /^5\d\d$/.test(labels.status ?? '') ? [labels.status] : [],
  );
  return [...new Set(statuses)].flatMap((status) => status ?? []).sort();
}

async function readCounts(
  runtime: Runtime,
  scope: Scope,
  status: string,
  originMs: number,
  untilMs: number,
): Promise<Counts | null> {
  const span = { originMs, days: USUAL_DAYS, untilMs };
  const found = await readClaimNumbers(runtime, scope, { metric: METRIC, labels: { status } }, span);
  if ('unmeasurable' in found || found.blocks.kind !== 'counts') return null;
  return { before: found.blocks.before, after: found.blocks.after };
}

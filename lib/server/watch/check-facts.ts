import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { ClaimVerdict, WatchCheck } from '@/lib/core/model/verdict.ts';
import { alignDown, BLOCK_MS } from '@/lib/core/time/range.ts';
import { buildChecks, type CheckedClaim } from '@/lib/core/watch/checks.ts';
import { targetOf } from '@/lib/core/watch/claim-target.ts';
import type { Runtime } from '../runtime.ts';
import { cutShared, readShared, settledOf } from './guard-facts.ts';
import { readClaimNumbers } from './numbers.ts';

/** Days that tell how many 429s are usual. */
const LIMITED_DAYS = 14;

export interface CheckLook {
  asOfMs: number;
  /** End of the watch. */
  endMs: number;
  settledMs?: number | null;
  /** Of the claims that count, by their id, as they stand at this look. */
  verdicts: Readonly<Record<string, ClaimVerdict>>;
  /** The list of the look before: what was seen at its moment stays, and what people signed. */
  kept?: readonly WatchCheck[];
  /** As for guards. */
  untilMs?: number;
}

/** The checklist of a watch, from what was stored up to `asOfMs`. Looks are made one after the other, each with the last list. */
export async function readChecks(runtime: Runtime, deploy: Deploy, look: CheckLook): Promise<WatchCheck[]> {
  const asOfMs = alignDown(look.asOfMs, BLOCK_MS);
  const untilMs = alignDown(Math.max(asOfMs, look.untilMs ?? asOfMs), BLOCK_MS);
  const { startMs: originMs, endMs, kind, release, rolled } = deploy;
  const midMs = alignDown(originMs, BLOCK_MS);
  const settledMs = look.settledMs === undefined ? settledOf(deploy) : look.settledMs;
  const shared = cutShared(await readShared(runtime, deploy, untilMs), { midMs, settledMs, asOfMs });
  const { modes, machines, limiter } = shared;
  const limited = await readLimited(runtime, deploy, untilMs);
  const length = Math.max(0, Math.floor((asOfMs - midMs) / BLOCK_MS));
  const facts = {
    ...{ originMs, midMs, asOfMs, endMs, kind, release, rolled, modes, machines, limiter },
    limited: limited && { before: limited.before, after: limited.after.slice(0, length) },
    settledMs,
    watchEndMs: look.endMs,
    claims: deploy.claims.flatMap((claim): CheckedClaim[] => {
      const verdict = Object.hasOwn(look.verdicts, claim.id) ? look.verdicts[claim.id] : undefined;
      if (verdict === undefined) return [];
      const target = targetOf(claim, { usual: verdict.before });
      return [{ id: claim.id, title: claim.text, target: 'why' in target ? null : target, verdict }];
    }),
  };
  return buildChecks(deploy, facts, look.kept);
}

/** 429s by their exact code, as the machines count them, or Fly; null where nobody does. */
async function readLimited(
  runtime: Runtime,
  deploy: Deploy,
  untilMs: number,
): Promise<Parameters<typeof buildChecks>[1]['limited']> {
  const span = { originMs: deploy.startMs, days: LIMITED_DAYS, untilMs };
  for (const metric of ['http_responses_total', 'fly_http_responses_total']) {
    const found = await readClaimNumbers(runtime, deploy, { metric, labels: { status: '429' } }, span);
    if ('unmeasurable' in found || found.blocks.kind !== 'counts') continue;
    const { before, after } = found.blocks;
    if ([...before, ...after].some((block) => block !== null)) return { before, after };
  }
  return null;
}

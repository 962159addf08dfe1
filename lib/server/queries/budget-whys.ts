import 'server-only';
import { BUDGET_PARTS, type BudgetPart, type BudgetView } from '@/lib/core/model/budget.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { TargetStatus } from '../poller/target-poller.ts';

type Why = { reason: string; fix: string | null };

const CONNECT = 'Connect Upstash or Neon under Settings: their APIs tell quotas and what is used of them.';

/** For each part without a row why there is none, and what would bring some. */
export function whysOf(
  rows: Pick<BudgetView, BudgetPart>,
  statuses: readonly TargetStatus[],
  isBilled: boolean,
): Partial<Record<BudgetPart, Why>> {
  const has = (kind: SourceKind): boolean => statuses.some(({ target }) => target.kind === kind);
  const empty = BUDGET_PARTS.filter((part) => rows[part].length === 0);
  return Object.fromEntries(empty.map((part) => [part, whyOf(part, has, isBilled)]));
}

function whyOf(part: BudgetPart, has: (kind: SourceKind) => boolean, isBilled: boolean): Why {
  const isTold = has('upstash') || has('neon');
  switch (part) {
    case 'limits':
      return isTold
        ? {
            reason: 'The providers that are connected tell no limit, so none can be told to run out.',
            fix: null,
          }
        : { reason: 'Nobody tells a limit here.', fix: CONNECT };
    case 'costs':
      return {
        reason: 'Nothing that is counted here is known to be paid by use.',
        fix: isTold ? null : CONNECT,
      };
    case 'plans':
      return { reason: 'No plan of a provider is known here.', fix: isTold ? null : CONNECT };
    case 'pools':
      return {
        reason: 'No database tells how many connections it takes.',
        fix: has('postgres') ? null : 'Set DATABASE_URL, and let your machines tell app_db_pool_max.',
      };
    case 'awake':
      return {
        reason: 'No database that could sleep is watched.',
        fix: has('neon') ? null : 'Connect Neon under Settings: its API tells when a compute is awake.',
      };
    case 'observer':
      return { reason: 'Nothing is watched here yet.', fix: null };
    case 'targets':
      return isBilled
        ? {
            reason: 'No watched deploy promises a rate of Redis commands.',
            fix: 'Send the summary of a deploy and confirm its claims.',
          }
        : {
            reason: 'Redis commands are not known to be billed here, so a target has no price.',
            fix: null,
          };
    default:
      return part satisfies never;
  }
}

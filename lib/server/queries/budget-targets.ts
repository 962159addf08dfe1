import 'server-only';
import type { Price } from '@/lib/core/budget/prices.ts';
import { targetCost } from '@/lib/core/budget/targets.ts';
import { baseSpan } from '@/lib/core/claims/bind/base-units.ts';
import type { Span } from '@/lib/core/claims/document.ts';
import type { BudgetTarget } from '@/lib/core/model/budget.ts';
import type { ClaimView } from '@/lib/core/model/claim.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { chooseRateWindow } from '@/lib/core/units/format-rate.ts';
import type { Runtime } from '../runtime.ts';
import { toClaimView } from '../watch/watch-view.ts';

/** So many of the latest watched deploys are reckoned. */
const MOST_DEPLOYS = 4;
const DAY_SECONDS = DAY_MS / SECOND_MS;
/** Counters whose every event is a command, whoever counts it. */
const COMMAND_METRICS: ReadonlySet<string> = new Set([
  'redis_commands_total',
  'redis_commands_processed_total',
  'redis_read_commands_total',
  'app_redis_commands_total',
  'upstash_commands_total',
  'upstash_net_commands_total',
  'upstash_day_requests_total',
  'upstash_month_requests_total',
]);

/**
 * What the promised levels of the latest deploys cost a day, beside the levels before and now, and what the summary said.
 * `price` null: nothing is billed by the command, and so nothing is reckoned.
 */
export async function readTargets(
  runtime: Runtime,
  scope: Scope,
  price: Price | null,
): Promise<BudgetTarget[]> {
  const { watches, deploys } = runtime;
  if (price === null || watches === undefined || deploys === undefined) return [];
  const watched = [...watches.linesNow(scope).keys()];
  const latest = deploys
    .listNow(scope)
    .filter(({ id }) => watched.includes(id))
    .sort((a, b) => b.startMs - a.startMs)
    .slice(0, MOST_DEPLOYS);
  const told = await Promise.all(
    latest.map(async ({ id }): Promise<BudgetTarget[]> => {
      const [deploy, record] = await Promise.all([deploys.get(id), watches.get(id)]);
      if (deploy === null || record === null) return [];
      const views = deploy.claims.flatMap((claim) => {
        const verdict = record.claims[claim.id];
        return verdict === undefined || !countsCommands(claim)
          ? []
          : [{ claim, view: toClaimView(runtime, scope, claim, verdict) }];
      });
      return targetsOf(deploy, views, price);
    }),
  );
  return told.flat();
}

function countsCommands({ metric, standing }: HeldClaim): boolean {
  return standing === 'confirmed' && metric !== null && COMMAND_METRICS.has(metric);
}

function targetsOf(
  deploy: Deploy,
  views: readonly { claim: HeldClaim; view: ClaimView }[],
  price: Price,
): BudgetTarget[] {
  const widest = (['commands', 'GETs'] as const)
    .map((all) => views.find(({ claim }) => wholeOf(claim) === all))
    .find((found) => found !== undefined);
  const stated = statedOf(deploy.claims);
  return views.flatMap(({ claim, view }) => {
    const { before, promised, measured } = view;
    if (before === null && promised === null && measured === null) return [];
    return [
      targetCost({
        deployId: deploy.id,
        release: deploy.release,
        claimId: claim.id,
        title: view.title,
        whole: claim === widest?.claim ? wholeOf(claim) : null,
        unit: 'commands',
        rateWindow: view.window ?? chooseRateWindow(before ?? promised?.value ?? null),
        before,
        promised: promised?.value ?? null,
        measured,
        // Money is said of all commands: it stands beside the claim that counts most of them.
        stated: claim === widest?.claim ? stated : null,
        price,
      }),
    ];
  });
}

/** What a claim counts where it is all commands or all GETs; null for a part of the app, and for other commands. */
function wholeOf({ metric, labels }: HeldClaim): 'commands' | 'GETs' | null {
  const { cmd = null, ...others } = labels;
  if (metric === null || Object.keys(others).length > 0) return null;
  if (metric === 'redis_read_commands_total' || cmd?.toLowerCase() === 'get') return 'GETs';
  return cmd === null ? 'commands' : null;
}

/** Dollars a day that the summary itself names before and after; null where it names no money by time. */
function statedOf(claims: readonly HeldClaim[]): BudgetTarget['stated'] {
  for (const { standing, unit, window, before, after } of claims) {
    if (standing === 'removed' || unit !== 'USD') continue;
    const beforeUsdPerDay = usdPerDayOf(before, window);
    const afterUsdPerDay = usdPerDayOf(after, window);
    if (beforeUsdPerDay !== null || afterUsdPerDay !== null) return { beforeUsdPerDay, afterUsdPerDay };
  }
  return null;
}

function usdPerDayOf(span: Span | null, window: string | null): number | null {
  const base = baseSpan(span, 'USD', window);
  return base === null || !base.perSecond ? null : ((base.low + base.high) / 2) * DAY_SECONDS;
}

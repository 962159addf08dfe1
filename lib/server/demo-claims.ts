import 'server-only';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import { DEMO_APP, DEMO_SCOPE } from './demo-link.ts';
import type { DeployBook } from './deploys/deploy-book.ts';
import type { EngineStep } from './engine/engine.ts';

/** Who confirms for the team of the demo. */
const BY = 'demo';

/** What the team makes of one claim of a summary. Claims that are not named here are left out. */
interface Decision {
  /** Words that only this claim has. */
  says: RegExp;
  edit: Partial<
    Pick<HeldClaim, 'text' | 'metric' | 'labels' | 'before' | 'after' | 'changePct' | 'unit' | 'window'>
  >;
}

/** The ratio that was promised, without the levels around it. */
const byRatio = (changePct: number) => ({ before: null, after: null, changePct, unit: null, window: null });
const SLOT_POLLS = { metric: 'app_worker_polls_total', labels: { family: 'due slots' } };
const getsOf = (component: string) => ({
  metric: 'app_redis_commands_total',
  labels: { cmd: 'get', component },
});

/**
 * By release: what the team keeps of what was read, in shorter words, and what it corrects. The summary of v1206 takes a
 * number of three hours for that of a day, so its team holds it to the percentage.
 */
const DECISIONS: Readonly<Record<string, readonly Decision[]>> = {
  v1203: [
    { says: /733K GETs\/hour/, edit: { text: 'Redis GETs fall from 733K to 24K an hour' } },
    { says: /195,680 queries\/day/, edit: { text: 'Database queries fall from 195,680 to 50,816 a day' } },
    { says: /\$352\/day/, edit: { text: 'Redis costs $11.52 a day instead of $352' } },
    {
      says: /1,440 queries\/day/,
      edit: { text: 'The slot worker asks 80\u00a0% less', ...SLOT_POLLS, ...byRatio(-80) },
    },
    { says: /connections per machine/, edit: { text: 'Pools shrink from 15 to 12 connections per machine' } },
    { says: /429 errors/, edit: {} },
  ],
  v1205: [
    { says: /stay at 0/, edit: {} },
    { says: /Error rate/, edit: {} },
  ],
  v1206: [
    { says: /1,525\/min/, edit: { text: 'Redis GETs fall by 95\u00a0%', ...byRatio(-95) } },
    { says: /limiter GETs/, edit: { text: 'Limiter GETs fall by 95\u00a0%', ...getsOf('limiter') } },
    { says: /breaker GETs/, edit: { text: 'Circuit-breaker GETs fall by 90\u00a0%', ...getsOf('breaker') } },
    {
      says: /quota-related GETs/,
      edit: {
        text: 'The quota check makes half as many GETs for each cache operation',
        metric: 'app_quota_gets_per_cache_operation',
        labels: {},
      },
    },
  ],
};

/** The claims of a deploy of the demo as its team confirms them; null for one that it does not know. */
export function demoClaims({ release, claims }: Pick<Deploy, 'release' | 'claims'>): HeldClaim[] | null {
  const decisions = Object.hasOwn(DECISIONS, release) ? DECISIONS[release] : undefined;
  if (decisions === undefined) return null;
  const left = [...decisions];
  return claims.flatMap((claim): HeldClaim[] => {
    // What one line says twice counts once.
    const at = left.findIndex(({ says }) => says.test(claim.text));
    const [decision] = at === -1 ? [] : left.splice(at, 1);
    return decision === undefined ? [] : [{ ...claim, ...decision.edit }];
  });
}

/** Confirms what the made-up team wrote, once for each of its deploys: nothing counts before a person confirms it. */
export class DemoConfirms implements EngineStep {
  readonly name = 'the demo’s team';

  constructor(private readonly deploys: Pick<DeployBook, 'listNow' | 'get' | 'confirm'>) {}

  async run(): Promise<void> {
    for (const row of this.deploys.listNow(DEMO_SCOPE)) {
      if (!row.summed || row.claims.confirmed > 0 || row.claims.all === 0) continue;
      const deploy = await this.deploys.get(row.id);
      if (deploy === null || deploy.confirmed !== null || deploy.app !== DEMO_APP) continue;
      const claims = demoClaims(deploy);
      if (claims !== null) await this.deploys.confirm(deploy.id, claims, BY);
    }
  }
}

import 'server-only';
import { endpointOf } from '@/lib/core/neon/host.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import type { Feature, SourceShape } from '@/lib/core/sources/source-kind.ts';
import type { Target } from '../config/types.ts';
import type { TargetStatus } from '../poller/target-poller.ts';

/** What a source's calls depend on, from its config and from what it has told so far. */
export function shapeOf({
  target,
  history,
  facts,
  budget,
}: Pick<TargetStatus, 'target' | 'history' | 'facts' | 'budget'>): SourceShape {
  const features: Feature[] = budget === null ? [] : ['metered'];
  return {
    kind: target.kind,
    intervalSeconds: history.intervalMs / 1_000,
    features: [...features, ...featuresOf(target, facts)],
    queries: target.kind === 'prometheus' ? target.queries.length : 0,
  };
}

function featuresOf(target: Target, facts: TargetStatus['facts']): readonly Feature[] {
  switch (target.kind) {
    case 'redis':
      return hasPassword(target.url.reveal()) ? ['login'] : [];
    case 'postgres':
      return endpointOf(target.url.reveal()) === null ? [] : ['sleeps'];
    case 'app':
      return [
        ...(target.metricsUrl === null ? [] : ['metrics_page' as const]),
        ...(target.healthUrl === null ? [] : ['health_page' as const]),
      ];
    case 'upstash':
      return target.database === null || !IS_ID.test(target.database) ? ['looked_up'] : [];
    case 'neon':
      return [
        ...(target.project === null ? ['looked_up' as const] : []),
        ...(isPaid(facts.plan) ? ['spending_limit' as const] : []),
      ];
    case 'fly':
    case 'prometheus':
    case 'logs':
      return [];
    default:
      return target satisfies never;
  }
}

/** Ids of Upstash are UUIDs; a name has to be looked up. */
const IS_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function hasPassword(url: string): boolean {
  return URL.canParse(url) && new URL(url).password !== '';
}

/** By the name of the plan as the source tells it. */
function isPaid(plan: string | undefined): boolean {
  return plan === NEON_PLANS.launch.name || plan === NEON_PLANS.scale.name;
}

import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope, SourceKind } from '@/lib/core/model/target.ts';
import type { Reading } from '../runtime.ts';
import { targetIdsOf } from './scope.ts';

/** One way of knowing how hard Redis is asked. */
export interface Rung {
  kind: SourceKind;
  metric: MetricName;
  labels: Labels;
  title: string;
  note: string | null;
}

/** Ways of knowing it, the best first. */
export const GETS_RUNGS: readonly [Rung, ...Rung[]] = [
  { kind: 'redis', metric: 'redis_commands_total', labels: { cmd: 'get' }, title: 'Redis GETs', note: null },
  {
    kind: 'app',
    metric: 'app_redis_commands_total',
    labels: { cmd: 'get' },
    title: 'Redis GETs',
    note: 'Counted by your machines: this Redis gives no counter by command.',
  },
  {
    kind: 'redis',
    metric: 'redis_read_commands_total',
    labels: {},
    title: 'Redis read commands',
    note: 'Inferred: this Redis counts reads together, GETs can’t be told apart.',
  },
];

/** The first rung that exists: what Redis counts by command, else what the machines count, else all reads together. */
export function redisGetsRung(runtime: Reading, scope: Scope): Rung {
  const exists = ({ kind, metric }: Rung): boolean => {
    const targetIds = targetIdsOf(runtime, scope, kind);
    return targetIds.length > 0 && runtime.store.findSeries({ metric, targetIds }).length > 0;
  };
  return GETS_RUNGS.find(exists) ?? GETS_RUNGS[0];
}

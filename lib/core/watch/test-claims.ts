import type { ParsedClaim } from '../claims/document.ts';
import { blankClaim } from '../deploys/draft.ts';

/** A claim on Redis GETs with some of its parts set. */
export function getsClaim(rest: Partial<ParsedClaim> = {}): ParsedClaim {
  return {
    ...blankClaim('Redis GETs', 1),
    metric: 'redis_commands_total',
    labels: { cmd: 'get' },
    confidence: 0.95,
    ...rest,
  };
}

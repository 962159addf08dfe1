import type { RedisMode } from '../../model/redis-mode.ts';
import { billedText } from '../../modes/arriving.ts';
import { rateLimits } from '../../modes/consequences.ts';
import { requestsText } from '../../watch/check-limiter.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertFinding } from './rule.ts';

/** What it means that Redis is out of use, in the words of the banner, as far as the facts of alerts tell. */
export function suspensionMeans(
  facts: Pick<AlertFacts, 'mode' | 'fleet'>,
  as: RedisMode,
): AlertFinding['means'] {
  const { limiter, billed } = facts.fleet;
  const passed = limiter === null ? 0 : limiter.failedOpen;
  return [
    { what: 'Rate limits', text: rateLimits({ mode: as, machines: facts.mode?.machines ?? [] }).text },
    {
      what: 'Limiter',
      text:
        limiter === null
          ? 'nothing tells what it lets pass'
          : passed > 0
            ? `${requestsText(passed)} let through unchecked in 5 min`
            : limiter.isPartial
              ? 'no request was seen let through unchecked in 5 min, but a machine is silent'
              : 'no request was let through unchecked in 5 min',
    },
    {
      what: 'Shared cache',
      text: as === 'mixed' ? 'not used where Redis is off' : 'not used, and cold when Redis comes back',
    },
    ...(billed === null || billed.perMinute < 1
      ? []
      : [{ what: 'Still billed', text: billedText(billed.perMinute, billed.usdPerDay, billed.parts) }]),
  ];
}

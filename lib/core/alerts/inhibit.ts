import type { SourceKind } from '../model/target.ts';
import type { WatchedSeries } from './facts/series.ts';
import type { AlertFacts, SourceFact } from './facts.ts';
import type { AlertRuleId } from './rules/rule.ts';

/** Rules that a sum with a part missing would set off: what they see is then no news of the app. */
const MUTED: readonly AlertRuleId[] = ['plateau', 'stall', 'drift'];

/** Who tells each series: the first kind of which there is a source. */
const TOLD_BY: Record<WatchedSeries, readonly SourceKind[]> = {
  redis_gets: ['redis', 'upstash', 'app'],
  db_queries: ['postgres', 'neon'],
  requests: ['app', 'prometheus', 'logs'],
  limited: ['app', 'prometheus', 'logs'],
  server_errors: ['app', 'prometheus', 'logs'],
  latency_p95: ['app', 'prometheus', 'logs'],
};

/** Why an alert about a series is held back: a source of that series gives nothing. Null when none is missing. */
export function missingSource(
  rule: AlertRuleId,
  subject: string,
  facts: Pick<AlertFacts, 'sources'>,
): string | null {
  if (!MUTED.includes(rule) || !isWatched(subject)) return null;
  const { sources } = facts;
  const kind = TOLD_BY[subject].find((told) => sources.some((source) => source.kind === told));
  const silent = sources.filter((source) => source.kind === kind && isSilent(source));
  const [first, ...more] = silent;
  if (first === undefined) return null;
  const names = more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
  return `nothing is known of ${names}, so a part of it is missing`;
}

function isWatched(subject: string): subject is WatchedSeries {
  return Object.hasOwn(TOLD_BY, subject);
}

/** The same that makes the rule on sources fire. */
function isSilent({ state, failures }: SourceFact): boolean {
  switch (state) {
    case 'down':
    case 'refused':
    case 'misconfigured':
      return true;
    case 'limited':
      return failures > 1;
    case 'ok':
    case 'asleep':
    case 'starting':
    case 'stale':
    case 'paused_budget':
    case 'not_configured':
    case 'unknown':
      return false;
    default:
      return state satisfies never;
  }
}

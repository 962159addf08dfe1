import type { AlertKind } from '../../model/alert.ts';
import type { RedisMode } from '../../model/redis-mode.ts';
import type { AlertFacts, SourceFact } from '../facts.ts';
import { type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';

/** A source gives no answer, or answers and cannot be read. */
export const sourceDown: AlertRule = {
  id: 'source_down',
  group: 'Sources',
  reads: 'The outcome of our visits to each source.',
  words: () =>
    `Fires when two visits in a row to a source have failed, or one was refused; not while it sleeps, and not while our own budget keeps us away. ${COMMON_WORDS}`,
  find: (facts) =>
    facts.sources.map((source) =>
      findingOf({
        subject: source.id,
        value: seenValue(source),
        kind: kindOf(source),
        title: titleOf(source),
        detail: asSentence(source.error ?? ''),
        source: `${source.kind} · ${source.name}`,
        inhibitedBy: reasonOf(source, facts),
      }),
    ),
};

/** Only what a visit found counts: a source that we did not get to is not down. */
function seenValue({ state, failures }: SourceFact): number | null {
  switch (state) {
    case 'ok':
    case 'asleep':
      return 0;
    case 'down':
    case 'refused':
    case 'misconfigured':
      return 1;
    case 'limited':
      // Providers say "too many" now and then; the next visit tells whether it is meant.
      return failures > 1 ? 1 : null;
    case 'starting':
    case 'stale':
    case 'paused_budget':
    case 'not_configured':
    case 'unknown':
      return null;
    default:
      return state satisfies never;
  }
}

/** No answer at all is missing data; an answer that we can't use is an error of the source. */
function kindOf({ errorKind }: SourceFact): AlertKind {
  return errorKind === 'timeout' || errorKind === 'network' ? 'no_data' : 'source_error';
}

function titleOf({ name, state, errorKind }: SourceFact): string {
  if (state === 'refused') return `${name} refuses our login`;
  if (state === 'limited') return `${name} limits our visits`;
  if (state === 'misconfigured') return `${name} can’t be read`;
  return errorKind === 'timeout' || errorKind === 'network'
    ? `${name} gives no answer`
    : `${name} answers with errors`;
}

const PROVIDER_MODES: readonly RedisMode[] = ['suspended_by_provider', 'quota_exhausted'];

/** A Redis that its provider has switched off is told of once, by the rule for that. */
function reasonOf({ kind }: SourceFact, { mode }: AlertFacts): string | null {
  if (kind !== 'redis' || mode === null || !PROVIDER_MODES.includes(mode.mode)) return null;
  return mode.mode === 'quota_exhausted'
    ? 'the Redis quota is used up'
    : 'Redis is suspended by its provider';
}

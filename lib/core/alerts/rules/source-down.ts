import type { AlertKind } from '../../model/alert.ts';
import type { SourceKind } from '../../model/target.ts';
import { MINUTE_MS } from '../../time/range.ts';
import { formatDuration } from '../../units/duration.ts';
import type { QuietLogFact } from '../facts/fleet.ts';
import type { AlertFacts, SourceFact } from '../facts.ts';
import { levelsOf } from '../step-alert.ts';
import { redisRefusal, rollingReason } from './explained.ts';
import { type AlertFinding, type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';

/** Visits that do not happen at all show for this long before anybody is told: a busy minute of our own is no news. */
const STALE_HOLD_MS = 5 * MINUTE_MS;

/** A source gives no answer, or answers and cannot be read. */
export const sourceDown: AlertRule = {
  id: 'source_down',
  group: 'Sources',
  severity: 'warning',
  reads: 'The outcome of our visits to each source, and the age of the last line of each log stream.',
  words: () =>
    `Fires when two visits in a row to a source have failed, or one was refused; when no visit has come about for ${formatDuration(STALE_HOLD_MS)} beyond its interval; and when a log stream is silent 3 times longer than ever in the day before. Not while a source sleeps, and not while our own budget keeps us away. Held back for machines while a deploy rolls. ${COMMON_WORDS}`,
  runbook: ({ subject, flyApp }) => [
    {
      text: 'Visit every source once, apart from the server: says what is wrong, and the command that mends it.',
      command: 'npm run -s afterwatch -- doctor',
    },
    ...(flyApp !== null && subject.split('/')[2] === 'app'
      ? [{ text: 'See whether the machine runs.', command: `fly machine list -a ${flyApp}` }]
      : []),
    { text: 'Its own page on Settings shows the exact calls and the rights that they need.', command: null },
  ],
  chart: () => 'source',
  find: (facts) =>
    facts.sources.map((source) => {
      const told = facts.fleet.quietLogs.find(({ id }) => id === source.id) ?? null;
      const quiet = told === null || told.usualMs === null ? null : { ...told, usualMs: told.usualMs };
      const value = seenValue(source);
      return findingOf({
        subject: source.id,
        // A silence of which nobody can say whether it is usual is neither news nor the end of any.
        value: quiet !== null ? 1 : told !== null && value === 0 ? null : value,
        levels: levelsOf(1, isOverdue(source) ? STALE_HOLD_MS : 0),
        kind: quiet === null ? kindOf(source) : 'no_data',
        title: quiet === null ? titleOf(source) : `${source.name} sends no lines`,
        detail: quiet === null ? asSentence(source.error ?? '') : quietDetail(quiet),
        source: `${source.kind} · ${source.name}`,
        inhibitedBy: reasonOf(source, facts),
        means: meansOf(source),
      });
    }),
};

/** No visit has failed; none has come about. */
function isOverdue({ state, failures }: SourceFact): boolean {
  return state === 'stale' && failures === 0;
}

function quietDetail({ ageMs, usualMs }: QuietLogFact & { usualMs: number }): string {
  return `The last line came ${formatDuration(ageMs)} ago; in the day before that it was never silent for longer than ${formatDuration(usualMs)}.`;
}

/** What is not told while a source is not read. */
function meansOf({ kind, failures }: SourceFact): AlertFinding['means'] {
  return [
    { what: 'Not told meanwhile', text: LIGHTS[kind] },
    ...(failures > 0 ? [{ what: 'Failed visits', text: `${failures} in a row` }] : []),
    { what: 'Other alerts', text: 'what reads it neither fires nor clears until it is back' },
  ];
}

const LIGHTS: Record<SourceKind, string> = {
  redis: 'commands, hit ratio and the Redis mode by its own word',
  upstash: 'billed commands, quota and cost',
  postgres: 'queries and connections',
  neon: 'awake time, compute quota',
  app: 'its responses, caches, limiter and release',
  fly: 'machines, releases and secrets by Fly’s word',
  prometheus: 'what the engine scrapes',
  logs: 'counts of log lines',
};

/** Only what a visit found counts: a source that we did not get to is not down. */
function seenValue(source: SourceFact): number | null {
  const { state, failures } = source;
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
    case 'stale':
      // One failed visit is none; the second one decides.
      return isOverdue(source) ? 1 : null;
    case 'starting':
    case 'paused_budget':
    case 'not_configured':
    case 'unknown':
      return null;
    default:
      return state satisfies never;
  }
}

/** No answer at all is missing data; an answer that we can't use is an error of the source. */
function kindOf(source: SourceFact): AlertKind {
  const { errorKind } = source;
  return isOverdue(source) || errorKind === 'timeout' || errorKind === 'network' ? 'no_data' : 'source_error';
}

function titleOf(source: SourceFact): string {
  const { name, state, errorKind } = source;
  if (isOverdue(source)) return `${name} has not been read for a while`;
  if (state === 'refused') return `${name} refuses our login`;
  if (state === 'limited') return `${name} limits our visits`;
  if (state === 'misconfigured') return `${name} can’t be read`;
  return errorKind === 'timeout' || errorKind === 'network'
    ? `${name} gives no answer`
    : `${name} answers with errors`;
}

/**
 * A Redis that its provider has switched off is told of once, by the rule for that; a machine that is replaced gives no
 * answer for a while.
 */
function reasonOf({ kind }: SourceFact, facts: AlertFacts): string | null {
  if (kind === 'app') return rollingReason(facts);
  return kind === 'redis' ? redisRefusal(facts) : null;
}

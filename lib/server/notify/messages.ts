import 'server-only';
import { createHash } from 'node:crypto';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { FollowUpState, StateChange, WatchRecord } from '@/lib/core/model/verdict.ts';
import { isDecided, standingText, verdictSentence } from '@/lib/core/watch/verdict-text.ts';
import { scrubText } from '../log/index.ts';
import type { Message } from './outbox.ts';

/** As much of a deploy as a message tells. */
export type ToldOf = Pick<Deploy, 'id' | 'release' | 'app' | 'environment' | 'claims'>;

/** With texts as long as these, the largest message is about 60 KB. */
const MOST_CHANGES = 50;
const MOST_CHARS = 600;

/**
 * A message for each look of a watch at which something was decided, from change number `from` on. Its id is made of the
 * deploy and that number, so that the same change told twice is the same message.
 */
export function changeMessages(
  deploy: ToldOf,
  record: WatchRecord,
  from: number,
  urlOf: (deployId: string) => string,
): Message[] {
  const looks = new Map<number, { first: number; changes: StateChange[] }>();
  /** How each claim stood before, so that a remark beside an unchanged state is told to nobody. */
  const stood = new Map<string | null, string>();
  for (const [index, change] of record.changes.entries()) {
    const stands = JSON.stringify([change.to, change.provisional, change.reason]);
    const isNew = stood.get(change.claimId) !== stands;
    stood.set(change.claimId, stands);
    if (index < from || !isNew || !isDecided(change.to)) continue;
    const look = looks.get(change.atMs);
    if (look === undefined) looks.set(change.atMs, { first: index, changes: [change] });
    else look.changes.push(change);
  }
  return [...looks].map(([atMs, { first, changes }]) => {
    const whole = changes.find(({ claimId }) => claimId === null);
    const about =
      whole === undefined ? `${changes.length} of its claims` : standingText({ ...whole, state: whole.to });
    return {
      id: idOf(`${record.deployId} change ${first}`),
      about: scrubText(`${deploy.release}: ${about}`).slice(0, 200),
      body: bodyOf('verdict.decided', atMs, {
        deploy: aboutDeploy(deploy, urlOf),
        verdict: verdictOf(deploy, record),
        changes: changes.slice(0, MOST_CHANGES).map((change) => changeOf(deploy, change)),
      }),
    };
  });
}

/** A message that the next review of a deploy is due. */
export function reviewMessage(
  deploy: ToldOf,
  dueMs: number,
  record: WatchRecord,
  urlOf: (id: string) => string,
): Message {
  return {
    id: idOf(`${deploy.id} review ${dueMs}`),
    about: scrubText(`${deploy.release}: next review is due`).slice(0, 200),
    body: bodyOf('review.due', dueMs, {
      deploy: aboutDeploy(deploy, urlOf),
      verdict: verdictOf(deploy, record),
    }),
  };
}

/** A message that a next step of a deploy is due. */
export function followUpMessage(
  deploy: ToldOf,
  followUp: FollowUpState & { dueMs: number },
  urlOf: (id: string) => string,
): Message {
  return {
    id: idOf(`${deploy.id} follow-up ${followUp.id} ${followUp.dueMs}`),
    about: scrubText(`${deploy.release}: a next step is due`).slice(0, 200),
    body: bodyOf('followup.due', followUp.dueMs, {
      deploy: aboutDeploy(deploy, urlOf),
      followUp: {
        id: followUp.id,
        text: told(followUp.text),
        owner: followUp.owner === null ? null : told(followUp.owner),
      },
    }),
  };
}

function aboutDeploy({ id, release, app, environment }: ToldOf, urlOf: (id: string) => string) {
  return { id, release: told(release), app, environment, url: urlOf(id) };
}

function verdictOf({ claims, release }: ToldOf, record: WatchRecord) {
  const { state, provisional, reason, override, closedMs } = record;
  const counted = claims.filter(({ standing }) => standing === 'confirmed');
  const sentence = verdictSentence({
    ...record,
    release,
    claims: counted.flatMap(({ id }) => record.claims[id]?.state ?? []),
    closed: closedMs !== null,
  });
  return {
    ...{ state, provisional, reason, sentence: told(sentence), closed: closedMs !== null },
    override:
      override === null
        ? null
        : { state: override.state, by: told(override.by), reason: told(override.reason) },
  };
}

function changeOf(
  { claims }: ToldOf,
  { atMs, claimId, from, to, provisional, reason, evidence }: StateChange,
) {
  const text = claims.find(({ id }) => id === claimId)?.text ?? null;
  return {
    ...{ at: iso(atMs), claimId, text: text === null ? null : told(text), from, to, provisional, reason },
    evidence: told(evidence),
  };
}

function bodyOf(
  type: 'verdict.decided' | 'review.due' | 'followup.due',
  atMs: number,
  data: unknown,
): string {
  return JSON.stringify({ type, timestamp: iso(atMs), data });
}

/** Text as it may leave the product: secrets were out before it was stored; what looks like one goes here at the latest. */
function told(text: string): string {
  const clean = scrubText(text);
  return clean.length > MOST_CHARS ? `${clean.slice(0, MOST_CHARS)}…` : clean;
}

/** `msg_` and 128 bits of the hash of what it tells. */
function idOf(what: string): string {
  return `msg_${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
}

function iso(atMs: number): string {
  return new Date(Math.min(Math.max(atMs, -8.64e15), 8.64e15)).toISOString();
}

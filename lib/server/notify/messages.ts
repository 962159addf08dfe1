import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { FollowUpState, StateChange, WatchRecord } from '@/lib/core/model/verdict.ts';
import { isDecided, standingText, verdictSentence } from '@/lib/core/watch/verdict-text.ts';
import { iso, type Message, messageOf, told } from './message.ts';

/** As much of a deploy as a message tells. */
export type ToldOf = Pick<Deploy, 'id' | 'release' | 'app' | 'environment' | 'claims'>;

const MOST_CHANGES = 50;

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
    const data = {
      deploy: aboutDeploy(deploy, urlOf),
      verdict: verdictOf(deploy, record),
      changes: changes.slice(0, MOST_CHANGES).map((change) => changeOf(deploy, change)),
    };
    return messageOf(
      `${record.deployId} change ${first}`,
      { type: 'verdict.decided', timestamp: iso(atMs), data },
      { about: `${deploy.release}: ${about}`, incident: deploy.id },
    );
  });
}

/** A message that the next review of a deploy is due. */
export function reviewMessage(
  deploy: ToldOf,
  dueMs: number,
  record: WatchRecord,
  urlOf: (id: string) => string,
): Message {
  const data = { deploy: aboutDeploy(deploy, urlOf), verdict: verdictOf(deploy, record) };
  return messageOf(
    `${deploy.id} review ${dueMs}`,
    { type: 'review.due', timestamp: iso(dueMs), data },
    { about: `${deploy.release}: next review is due`, incident: deploy.id },
  );
}

/** A message that a next step of a deploy is due. */
export function followUpMessage(
  deploy: ToldOf,
  followUp: FollowUpState & { dueMs: number },
  urlOf: (id: string) => string,
): Message {
  const { id, text, owner } = followUp;
  const data = {
    deploy: aboutDeploy(deploy, urlOf),
    followUp: { id, text: told(text), owner: owner === null ? null : told(owner) },
  };
  return messageOf(
    `${deploy.id} follow-up ${id} ${followUp.dueMs}`,
    { type: 'followup.due', timestamp: iso(followUp.dueMs), data },
    { about: `${deploy.release}: a next step is due`, incident: deploy.id },
  );
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

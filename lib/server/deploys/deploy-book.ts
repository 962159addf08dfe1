import 'server-only';
import { createHash, randomInt } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClaimsDocument } from '@/lib/core/claims/document.ts';
import { type KnownFacts, parseClaims } from '@/lib/core/claims/index.ts';
import type { Deploy, DeployOrigin, DeploySign, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import type { Store } from '../store/store.ts';
import { confirmAll, editClaims, proposeClaims, renewClaims } from './claims.ts';
import { cleanText } from './clean.ts';
import { type Answered, DeployShelf, type ShelfRow } from './deploy-shelf.ts';
import type { NewDeploy } from './new-deploy.ts';
import { chooseRelease, chooseStartMs, chooseTitle } from './read-facts.ts';
import { namesRelease, sameRelease } from './release-name.ts';
import { findSame, mergedKind } from './same-deploy.ts';

export interface DeployBookDeps {
  store: Pick<Store, 'getState' | 'putState'>;
  wallMs: () => number;
  /** What the app itself knows, for the audit of a summary. */
  known: (scope: Scope) => KnownFacts;
  /** Told of every deploy that is new. */
  onNew?: (deploy: Deploy) => void;
}

/** A deploy that somebody tells of. */
export interface Told {
  scope: Scope;
  deploy: NewDeploy;
  origin: Exclude<DeployOrigin, 'noticed'>;
  /** By what this request is known again; a request without either name may be told twice. */
  replay: Replay;
}

export interface Replay {
  sender: string;
  /** The sender's own key; under it only this body may come again. */
  key: string | null;
  /** Its signature: whoever sends it again, it is the same request. */
  signedAs: string | null;
  body: string | Uint8Array;
}

/** A deploy that gave itself away. */
export interface Noticed {
  scope: Scope;
  sign: DeploySign;
  release: string;
  kind: MarkKind;
  startMs: number;
  endMs: number | null;
  rolled: Deploy['rolled'];
  title: string;
}

/** `replay`: this very request was answered before. `merged`: it tells of a deploy that is known. */
export type Registered = { how: 'new' | 'merged' | 'replay'; deploy: Deploy } | { how: 'conflict' };

const PER_MINUTE = 60;
const ID_SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Every deploy that is known, and all that may be done to one. One a process; changes are made one after the other. */
export class DeployBook {
  readonly #shelf: DeployShelf;
  readonly #limiter = new RateLimiterMemory({ keyPrefix: 'deploys', points: PER_MINUTE, duration: 60 });
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: DeployBookDeps) {
    this.#shelf = new DeployShelf(deps.store);
  }

  /** Reads the lists of these scopes, so that pages find them in memory. */
  async load(scopes: readonly Scope[]): Promise<void> {
    for (const scope of scopes) await this.#shelf.rows(scope);
  }

  /** Deploys of a scope, oldest first. */
  list(scope: Scope): Promise<readonly ShelfRow[]> {
    return this.#shelf.rows(scope);
  }

  /** The same from memory, for what runs with every tick; empty before they were read. */
  listNow(scope: Scope): readonly ShelfRow[] {
    return this.#shelf.rowsInMemory(scope);
  }

  get(id: string): Promise<Deploy | null> {
    return this.#shelf.get(id);
  }

  /** What the app’s own sources say of the numbers that a summary of it relies on. */
  knownFacts(scope: Scope): KnownFacts {
    return this.deps.known(scope);
  }

  /** Counts a request of this sender; null when it may go on, else when to come again. */
  async takeTurn(sender: string): Promise<number | null> {
    try {
      await this.#limiter.consume(sender);
      return null;
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    }
  }

  /** Takes in what somebody tells. Durable when resolved. Throws `KnownError` for what cannot be a deploy. */
  register(told: Told): Promise<Registered> {
    return this.#inTurn(async () => {
      const marks = marksOf(told.replay, this.deps.wallMs());
      for (const { key, bodyHash } of marks) {
        const before = await this.#shelf.answered(key);
        const deploy = before === null ? null : await this.#shelf.get(before.deployId);
        if (before !== null && before.bodyHash !== bodyHash) return { how: 'conflict' };
        if (deploy !== null) return { how: 'replay', deploy };
      }
      const next = this.#read(told);
      const same = findSame(await this.#shelf.rows(told.scope), next);
      const known = same === null ? null : await this.#shelf.get(same.id);
      const deploy = known === null ? next : tell(known, next, told.deploy);
      await this.#shelf.put(
        deploy,
        marks.map((mark) => ({ ...mark, deployId: deploy.id })),
      );
      if (known === null) this.deps.onNew?.(deploy);
      return { how: known === null ? 'new' : 'merged', deploy };
    });
  }

  /** Takes in what was noticed; seen again it changes nothing but its end. Null when nothing was new in it. */
  notice(noticed: Noticed): Promise<{ isNew: boolean; deploy: Deploy } | null> {
    return this.#inTurn(async () => {
      const { scope, sign, release, kind, startMs, endMs, rolled, title } = noticed;
      const same = findSame(await this.#shelf.rows(scope), { release, kind, startMs, endMs, sign });
      const known = same === null ? null : await this.#shelf.get(same.id);
      if (known !== null) {
        const merged = spot(known, noticed);
        if (JSON.stringify(merged) === JSON.stringify(known)) return null;
        await this.#shelf.put(merged);
        return { isNew: false, deploy: merged };
      }
      const deploy: Deploy = {
        ...{ id: makeId(startMs), ...scope, release, kind, startMs, endMs, rolled },
        ...{ origin: 'noticed', sign, title, summary: '', document: null, claims: [], links: [] },
        ...{ createdMs: this.deps.wallMs(), confirmed: null },
      };
      await this.#shelf.put(deploy);
      this.deps.onNew?.(deploy);
      return { isNew: true, deploy };
    });
  }

  /** How far a rolling deploy has come. Nothing is written when it stands where it stood. */
  roll(id: string, at: Pick<Deploy, 'endMs' | 'rolled'>): Promise<void> {
    return this.#change(id, (deploy) => ({ ...deploy, endMs: at.endMs, rolled: at.rolled })).then(
      () => undefined,
    );
  }

  /** Claims as a person left them. Null when there is no such deploy; throws `KnownError` for claims that cannot be. */
  editClaims(id: string, claims: readonly HeldClaim[], by: string | null): Promise<Deploy | null> {
    return this.#change(id, (deploy) => {
      const held = editClaims(deploy.claims, claims);
      return { ...deploy, claims: held, confirmed: this.#confirmedBy(deploy, held, by) };
    });
  }

  /** Everything that waits is confirmed, after `claims` were taken over where they are given. As `editClaims` else. */
  confirm(id: string, claims: readonly HeldClaim[] | null, by: string | null): Promise<Deploy | null> {
    return this.#change(id, (deploy) => {
      const held = confirmAll(claims === null ? deploy.claims : editClaims(deploy.claims, claims));
      return { ...deploy, claims: held, confirmed: deploy.confirmed ?? { atMs: this.deps.wallMs(), by } };
    });
  }

  #confirmedBy(deploy: Deploy, held: readonly HeldClaim[], by: string | null): Deploy['confirmed'] {
    if (deploy.confirmed !== null || !held.some(({ standing }) => standing === 'confirmed'))
      return deploy.confirmed;
    return { atMs: this.deps.wallMs(), by };
  }

  #change(id: string, step: (deploy: Deploy) => Deploy): Promise<Deploy | null> {
    return this.#inTurn(async () => {
      const deploy = await this.#shelf.get(id);
      if (deploy === null) return null;
      const next = step(deploy);
      if (JSON.stringify(next) !== JSON.stringify(deploy)) await this.#shelf.put(next);
      return next;
    });
  }

  /** What is told, as a deploy of its own. Secrets go before anything is read. */
  #read({ scope, deploy: told, origin }: Told): Deploy {
    const nowMs = this.deps.wallMs();
    const { text: summary, count } = cleanText(told.summary ?? '');
    const isEmpty = summary.trim() === '';
    const parsed = isEmpty ? null : parseClaims(summary, { known: this.deps.known(scope) });
    const document: ClaimsDocument | null =
      parsed === null ? null : { ...parsed, redactions: parsed.redactions + count };
    const kind = told.kind ?? 'code';
    const startMs = told.time ?? chooseStartMs(document, nowMs);
    return {
      id: makeId(startMs),
      ...scope,
      release: chooseRelease(
        told.release === undefined ? null : cleanText(told.release).text,
        kind,
        document,
      ),
      kind,
      startMs,
      endMs: Math.max(startMs, told.end ?? startMs),
      rolled: null,
      origin,
      sign: null,
      title: chooseTitle(told.title === undefined ? null : cleanText(told.title).text, summary),
      summary: isEmpty ? '' : summary,
      document,
      claims: document === null ? [] : proposeClaims(document),
      links: [
        ...new Set([
          ...(told.links ?? []).map((link) => cleanText(link).text),
          ...(document?.deploy.links ?? []),
        ]),
      ].slice(0, 50),
      createdMs: nowMs,
      confirmed: null,
    };
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** A known deploy with what was told of it now. What was measured of its time stays; another summary is read anew. */
function tell(known: Deploy, next: Deploy, told: NewDeploy): Deploy {
  const isNewSummary = next.summary !== '' && next.summary !== known.summary;
  const isNoticed = known.sign !== null;
  return {
    ...known,
    ...named(known, next.release, namesRelease(next.release) && !namesRelease(known.release)),
    kind: told.kind === undefined ? known.kind : mergedKind(known.kind, told.kind, true),
    ...(isNoticed || told.time === undefined ? {} : { startMs: next.startMs, endMs: next.endMs }),
    origin: isNoticed && known.origin === 'noticed' ? next.origin : known.origin,
    title: told.title !== undefined || isNewSummary ? (next.title ?? known.title) : known.title,
    ...(isNewSummary
      ? {
          summary: next.summary,
          document: next.document,
          claims: next.document === null ? known.claims : renewClaims(next.document, known.claims),
        }
      : {}),
    links: [...new Set([...known.links, ...next.links])].slice(0, 50),
  };
}

/** A known deploy with what was noticed of it now. */
function spot(known: Deploy, seen: Noticed): Deploy {
  const isFirstSign = known.sign === null;
  // The machines know a release by the name that its platform gave it.
  const isBetterName =
    namesRelease(seen.release) &&
    !sameRelease(known.release, seen.release) &&
    (isFirstSign || !namesRelease(known.release));
  // Fly says what kind its releases are; machines only tell that something changed.
  const isBetterKind =
    known.sign === 'machine_version' && seen.sign === 'fly_release' && known.origin === 'noticed';
  return {
    ...known,
    ...named(known, seen.release, isBetterName),
    kind: isBetterKind ? seen.kind : isFirstSign ? known.kind : mergedKind(known.kind, seen.kind, false),
    // The first sign knows better than what was told when it began; a release knows better than a setting.
    ...(isFirstSign || isBetterName ? { startMs: seen.startMs, endMs: seen.endMs, rolled: seen.rolled } : {}),
    sign: known.sign ?? seen.sign,
    title: known.title ?? seen.title,
  };
}

/** The name of a deploy and its other names, once it is also known by `name`; words of what was noticed are no name. */
function named(known: Deploy, name: string, isBetter: boolean): Pick<Deploy, 'release' | 'aliases'> {
  const release = isBetter ? name : known.release;
  const others = [...(known.aliases ?? []), known.release, name].filter(
    (one) => namesRelease(one) && !sameRelease(one, release),
  );
  const aliases = others
    .filter((one, at) => others.findIndex((other) => sameRelease(other, one)) === at)
    .slice(0, 8);
  return aliases.length === 0 ? { release } : { release, aliases };
}

/** `20260409T175452-k3v9…`: in order of time, and no other can be guessed from it. */
function makeId(startMs: number): string {
  const stamp = new Date(startMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  const tail = Array.from({ length: 12 }, () => ID_SIGNS[randomInt(ID_SIGNS.length)]).join('');
  return `${stamp}-${tail}`;
}

function marksOf({ sender, key, signedAs, body }: Replay, atMs: number): Omit<Answered, 'deployId'>[] {
  const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
  const names = [
    ...(key === null ? [] : [`key ${key}`]),
    ...(signedAs === null ? [] : [`signed ${signedAs}`]),
  ];
  const bodyHash = hash(body);
  return names.map((name) => ({ key: hash(`${sender}\n${name}`), bodyHash, atMs }));
}

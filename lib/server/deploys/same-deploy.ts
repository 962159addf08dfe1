import 'server-only';
import type { DeploySign } from '@/lib/core/model/deploy.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { namesRelease, sameRelease, schemeOf } from './release-name.ts';

/** As much of a deploy as it is known by. */
export interface Known {
  release: string;
  /** Its other names; absent for none. */
  aliases?: readonly string[] | undefined;
  kind: MarkKind;
  startMs: number;
  endMs: number | null;
  /** What gave it away; null when it was only told. */
  sign: DeploySign | null;
}

/** A release that is told again within this time is the same one. */
const SAME_RELEASE_MS = 30 * DAY_MS;
/** What is noticed and what is told of it lie at most this far apart. */
const ABOUT_IT_MS = 2 * HOUR_MS;
/** A setting gives a release, and either may change the mode, within this time. */
const CAUSED_MS = 30 * MINUTE_MS;
/** Clocks differ, and visits come in their own order. */
const SLACK_MS = 2 * MINUTE_MS;

/** The deploy that `next` tells of, nearest in time; null when it is a new one. */
export function findSame<T extends Known>(known: readonly T[], next: Known): T | null {
  const fits = known.filter((one) => isSame(one, next));
  const apart = (one: Known) => Math.abs(one.startMs - next.startMs);
  return fits.reduce<T | null>(
    (best, one) => (best !== null && apart(best) <= apart(one) ? best : one),
    null,
  );
}

function isSame(known: Known, next: Known): boolean {
  const apartMs = Math.abs(known.startMs - next.startMs);
  const names = [known.release, ...(known.aliases ?? [])];
  const hasName = names.some((name) => sameRelease(name, next.release));
  const isTold = known.sign === null || next.sign === null;
  if (namesRelease(next.release) && names.some(namesRelease)) {
    if (hasName) return apartMs <= SAME_RELEASE_MS;
    // Fly counts releases where a pipeline tells the commit: one thing, unless it has a commit already.
    const isOther = names.some((name) => schemeOf(name) === schemeOf(next.release));
    return !isOther && isTold && known.sign !== next.sign && isAbout(known, next, apartMs);
  }
  // Words name no release: another suspension on another day is told in the same ones.
  if (known.sign === null && next.sign === null)
    return hasName && known.kind === next.kind && apartMs <= ABOUT_IT_MS;
  // The same sign twice is two events, unless it is the very same one, seen again.
  if (known.sign === next.sign) return hasName && apartMs <= SLACK_MS;
  return isTold ? isAbout(known, next, apartMs) : causes(known, next) || causes(next, known);
}

/** True when the one that was told may be about the one that was noticed. */
function isAbout(known: Known, next: Known, apartMs: number): boolean {
  const fits = areAlike(known.kind, next.kind) || causes(known, next) || causes(next, known);
  return fits && apartMs <= ABOUT_IT_MS;
}

const isSwitch = (kind: MarkKind): boolean => kind === 'suspend' || kind === 'resume';
const isSetting = (kind: MarkKind): boolean => kind === 'secret' || kind === 'config';

/** A person may call a suspension the setting that threw it, or the other way round. */
function areAlike(a: MarkKind, b: MarkKind): boolean {
  if (a === b || (isSetting(a) && isSetting(b))) return true;
  return (isSwitch(a) && isSetting(b)) || (isSwitch(b) && isSetting(a));
}

/** True when `effect` may be what `cause` did: a secret gives a release, and each of them may throw the switch. */
function causes(cause: Known, effect: Known): boolean {
  const fits = isSwitch(effect.kind)
    ? !isSwitch(cause.kind) && cause.kind !== 'scale'
    : cause.sign === 'secret_digest' && isSetting(effect.kind);
  const lastMs = (cause.endMs ?? cause.startMs) + CAUSED_MS;
  return fits && effect.startMs >= cause.startMs - SLACK_MS && effect.startMs <= lastMs;
}

/** What a change is called once both are known to be one: a switch says more than the secret that threw it. */
export function mergedKind(known: MarkKind, next: MarkKind, isTold: boolean): MarkKind {
  if (isTold) return next;
  const weight: Record<MarkKind, number> = { code: 5, suspend: 4, resume: 4, scale: 3, secret: 2, config: 1 };
  return weight[next] > weight[known] ? next : known;
}

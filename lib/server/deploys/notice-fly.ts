import 'server-only';
import { z } from 'zod';
import type { MarkKind } from '@/lib/core/model/view.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import type { FlyRelease } from '../collectors/fly/releases.ts';
import type { Noticed } from './deploy-book.ts';
import { landed, type Runs } from './landed.ts';

/** What was known of an app on Fly at the last look. A part that was never read is null. */
export const flyMemorySchema = z.object({
  /** The highest release that is told or was there at first sight. */
  release: z.number().nullable(),
  /** Digest of each secret by name. */
  secrets: z.record(z.string(), z.string().nullable()).nullable(),
  /** Release of each machine by id. */
  machines: z.record(z.string(), z.string().nullable()).nullable(),
  atMs: z.number(),
});
export type FlyMemory = z.output<typeof flyMemorySchema>;

type Seen = Omit<Noticed, 'scope'>;

/** A look longer ago than this says nothing of when a machine changed. */
const NEAR_MS = 5 * MINUTE_MS;
/** A release that no machine runs after so long never came. */
const STUCK_MS = 30 * MINUTE_MS;

/** What changed between two looks at an app on Fly. At first sight nothing has; the same look again finds nothing. */
export function lookAtFly(memory: FlyMemory | null, now: FlySnapshot): { memory: FlyMemory; seen: Seen[] } {
  const releases = lookAtReleases(memory, now);
  const secrets = lookAtSecrets(memory, now);
  const machines =
    now.machines === null
      ? (memory?.machines ?? null)
      : Object.fromEntries(now.machines.map(({ id, release }) => [id, release]));
  return {
    memory: { release: releases.highest, secrets: secrets.digests, machines, atMs: now.atMs },
    seen: [...releases.seen, ...secrets.seen],
  };
}

/** Which release runs on which machine; parked ones and those that Fly does not manage are left out. */
export function runsOf({ machines }: Pick<FlySnapshot, 'machines'>): Runs {
  return (machines ?? []).flatMap(({ id, state, release }) =>
    (state === 'started' || state === 'changing') && release !== null ? [{ name: id, release }] : [],
  );
}

function lookAtReleases(
  memory: FlyMemory | null,
  now: FlySnapshot,
): { highest: number | null; seen: Seen[] } {
  const { releases } = now;
  const known = memory?.release ?? null;
  if (releases === null || releases.length === 0) return { highest: known, seen: [] };
  const newest = Math.max(...releases.map(({ version }) => version));
  if (memory === null || known === null) return { highest: newest, seen: [] };
  const seen: Seen[] = [];
  let highest = known;
  const fresh = releases.filter(({ version }) => version > known).sort((a, b) => a.version - b.version);
  for (const release of fresh) {
    const verdict = judgeRelease(release, newest, now);
    // What may still come is looked at again, with all that follow it.
    if (verdict === 'waits') break;
    highest = release.version;
    if (verdict === 'never came') continue;
    const before = releases.find(({ version }) => version === release.version - 1) ?? null;
    seen.push(releaseSeen(release, before, memory, now));
  }
  return { highest, seen };
}

/** Fly's own word on a release is what its client last said: machines are believed first. */
function judgeRelease(
  { version, status, createdMs }: FlyRelease,
  newest: number,
  now: FlySnapshot,
): 'came' | 'waits' | 'never came' {
  if (now.machines === null) return status === 'failed' ? 'never came' : 'came';
  if (now.machines.some(({ release }) => release === `v${version}`)) return 'came';
  if (status === 'failed' || status === 'interrupted') return 'never came';
  // It came and went between two looks.
  if (version < newest && status === 'complete') return 'came';
  const isOld = now.atMs - createdMs > STUCK_MS;
  if (status === 'complete') return isOld || runsOf(now).length === 0 ? 'came' : 'waits';
  return isOld || version < newest ? 'never came' : 'waits';
}

function releaseSeen(
  release: FlyRelease,
  before: FlyRelease | null,
  memory: FlyMemory,
  now: FlySnapshot,
): Seen {
  const name = `v${release.version}`;
  const runs = runsOf(now);
  const isNow = now.atMs - memory.atMs <= NEAR_MS;
  // Its record is made before any machine changes: of both bounds the later one, so that what is called before is so.
  const startMs = isNow ? Math.max(release.createdMs, Math.min(memory.atMs, now.atMs)) : release.createdMs;
  const rolled = landed(runs, name);
  const isDone = rolled === null || rolled.done >= rolled.of;
  const words = release.description.trim();
  return {
    sign: 'fly_release',
    release: name,
    kind: kindOf(release, before),
    startMs,
    endMs: isDone
      ? isNow && rolled !== null && rolled.of > 1
        ? Math.max(startMs, now.atMs)
        : startMs
      : null,
    rolled,
    title: words === '' ? `Fly release ${name}` : `Fly release ${name}: ${words}`,
  };
}

function kindOf(release: FlyRelease, before: FlyRelease | null): MarkKind {
  if (/\bsecrets?\b/i.test(release.description)) return 'secret';
  if (/\bscal(?:e|ed|ing)\b/i.test(release.description)) return 'scale';
  const isSameImage = before !== null && before.imageRef !== null && before.imageRef === release.imageRef;
  return isSameImage ? 'config' : 'code';
}

function lookAtSecrets(
  memory: FlyMemory | null,
  now: FlySnapshot,
): { digests: FlyMemory['secrets']; seen: Seen[] } {
  const known = memory?.secrets ?? null;
  if (now.secrets === null) return { digests: known, seen: [] };
  const digests = Object.fromEntries(now.secrets.map(({ name, digest }) => [name, digest]));
  if (known === null) return { digests, seen: [] };
  const set = now.secrets.filter(({ name, digest }) => !Object.hasOwn(known, name) || known[name] !== digest);
  const gone = Object.keys(known).filter((name) => !Object.hasOwn(digests, name));
  if (set.length === 0 && gone.length === 0) return { digests, seen: [] };
  const times = set.flatMap(({ updatedMs }) =>
    updatedMs === null || updatedMs > now.atMs ? [] : [updatedMs],
  );
  const startMs = times.length === 0 ? now.atMs : Math.max(...times);
  const words = [
    ...changeWords(
      set.map(({ name }) => name),
      'set',
    ),
    ...changeWords(gone, 'removed'),
  ].join(', ');
  const title = `Secrets changed on Fly: ${words}`;
  return {
    digests,
    seen: [
      { sign: 'secret_digest', release: words, kind: 'secret', startMs, endMs: startMs, rolled: null, title },
    ],
  };
}

/** `SUSPEND_REDIS set`, `4 secrets removed`. */
function changeWords(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  return [names.length > 2 ? `${names.length} secrets ${what}` : `${names.join(' and ')} ${what}`];
}

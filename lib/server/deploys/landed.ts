import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { sameRelease } from './release-name.ts';

/** Which release runs where. */
export type Runs = readonly { name: string; release: string }[];

/** How many of the machines run this release or, where releases are numbered, a later one; null without machines. */
export function landed(runs: Runs, release: string): Deploy['rolled'] {
  if (runs.length === 0) return null;
  const wanted = numberOf(release);
  const done = runs.filter((one) => {
    const own = numberOf(one.release);
    return sameRelease(one.release, release) || (wanted !== null && own !== null && own > wanted);
  });
  return { done: done.length, of: runs.length };
}

function numberOf(release: string): number | null {
  const digits = /^v(\d{1,9})$/i.exec(release.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

import 'server-only';

/** A version or a commit: it names one release. Anything else is a few words for a change. */
const NAMES = [
  /^v?\d+(?:\.\d+){0,3}(?:[-+][\w.-]{1,64})?$/i,
  /^[0-9a-f]{7,40}$/i,
  /^[\w.-]{1,64}[-@]v?\d[\w.+-]*$/,
];

/** True for `v1203`, `1.4.2-rc.1`, a commit or `web-2026.04.09`; false for words. */
export function namesRelease(release: string): boolean {
  return NAMES.some((pattern) => pattern.test(release.trim()));
}

/** True when both mean the same release, however it is written: `v1203` and `1203`, a commit and its short form. */
export function sameRelease(a: string, b: string): boolean {
  const [one, other] = [plain(a), plain(b)];
  if (one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  // Seven digits alone could be a build number: a commit has a letter in it.
  return (
    /^[0-9a-f]{7,40}$/.test(short) &&
    /[a-f]/.test(short) &&
    /^[0-9a-f]{40}$/.test(long) &&
    long.startsWith(short)
  );
}

function plain(release: string): string {
  return release
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^v(?=\d)/, '');
}

/** How a release is written: a bare number as Fly counts, a version, a commit, or words for what has no release. */
export type Scheme = 'number' | 'version' | 'commit' | 'words';

/** Two names of one scheme that differ are two releases; of two schemes they may be one. */
export function schemeOf(release: string): Scheme {
  const name = release.trim();
  if (!namesRelease(name)) return 'words';
  if (/^v?\d{1,6}$/i.test(name)) return 'number';
  return /^[0-9a-f]{7,40}$/i.test(name) ? 'commit' : 'version';
}

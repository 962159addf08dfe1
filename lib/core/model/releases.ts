import type { MarkView } from './view.ts';

/** The releases among the marks, oldest first, each once. Small changes have no release of their own. */
export function releasesOf(marks: readonly MarkView[]): readonly string[] {
  const inOrder = [...marks].filter(({ minor }) => !minor).sort((a, b) => a.startMs - b.startMs);
  return [...new Set(inOrder.map(({ release }) => release))];
}

/** How many releases a machine is behind the newest; null when its version is none that we know. */
export function releasesBehind(version: string | null, releases: readonly string[]): number | null {
  const index = version === null ? -1 : releases.lastIndexOf(version);
  return index === -1 ? null : releases.length - 1 - index;
}

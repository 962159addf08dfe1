import { expect, it } from 'vitest';
import { releasesBehind, releasesOf } from './releases.ts';
import type { MarkView } from './view.ts';

function markOf(release: string, startMs: number, minor = false): MarkView {
  return {
    id: `${release} ${startMs}`,
    release,
    kind: 'code',
    startMs,
    endMs: startMs,
    rolled: null,
    minor,
    href: null,
  };
}

it('releases are told oldest first, each once, without small changes', () => {
  const marks = [markOf('v3', 30), markOf('v1', 10), markOf('SETTING', 15, true), markOf('v3', 35)];
  expect(releasesOf(marks)).toEqual(['v1', 'v3']);
});

it('a machine is behind by the releases since its own; an unknown version is behind nothing', () => {
  const releases = ['v1', 'v2', 'v3'];
  expect([...releases, 'dirty', null].map((version) => releasesBehind(version, releases))).toEqual([
    2,
    1,
    0,
    null,
    null,
  ]);
});

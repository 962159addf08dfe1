import { describe, expect, it } from 'vitest';
import { MARK_KINDS } from '@/lib/core/model/view.ts';
import { readTime, statedTime, writeTime } from './deploy-time.ts';
import { deploysHref, readDeploysAddress } from './deploys-address.ts';

const SCOPES = [
  { app: 'harbor', environment: 'production' },
  { app: 'harbor', environment: 'staging' },
];
const [FIRST = { app: '', environment: '' }] = SCOPES;

function read(href: string) {
  const params = new URL(href, 'http://x').searchParams;
  return readDeploysAddress((name) => params.get(name), SCOPES, FIRST);
}

describe('the address of the list of deploys', () => {
  it('comes back as it was written', () => {
    for (const scope of SCOPES) {
      for (const kind of [null, ...MARK_KINDS]) {
        expect(read(deploysHref({ scope, kind }, SCOPES))).toEqual({ address: { scope, kind }, remarks: [] });
      }
    }
  });

  it('shows all deploys, with a remark, where the kind or the app does not exist', () => {
    const { address, remarks } = read('/deploys?kind=party&env=moon');
    expect(address).toEqual({ scope: FIRST, kind: null });
    expect(remarks).toHaveLength(2);
  });

  it('leaves out what is the default', () => {
    expect(deploysHref({ scope: FIRST, kind: null }, SCOPES)).toBe('/deploys');
  });
});

describe('the time of a deploy', () => {
  const NOW_MS = Date.UTC(2026, 3, 9, 20, 0);

  it('is read as it is written, and an empty one is now', () => {
    const atMs = Date.UTC(2026, 3, 9, 17, 54, 52);
    expect(writeTime(atMs)).toBe('2026-04-09 17:54:52Z');
    expect(readTime(writeTime(atMs), NOW_MS)).toEqual({ atMs });
    expect(readTime('', NOW_MS)).toEqual({ atMs: NOW_MS });
  });

  it('far ahead, or no time at all, gives a sentence', () => {
    expect(readTime('2026-05-09 00:00', NOW_MS)).toHaveProperty('fault');
    expect(readTime('tomorrow', NOW_MS)).toHaveProperty('fault');
  });

  it('is taken from the summary only where it states the hour', () => {
    expect(statedTime('2026-04-09')).toBeNull();
    expect(statedTime('2026-04-09T17:54:52Z')).toBe(Date.UTC(2026, 3, 9, 17, 54, 52));
    expect(statedTime(null)).toBeNull();
  });
});

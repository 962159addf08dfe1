import { describe, expect, it } from 'vitest';
import { fleetMode, type RedisEvidence } from './fleet-mode.ts';

const redis = (over: Partial<RedisEvidence> = {}): RedisEvidence => ({
  name: 'main',
  state: 'ok',
  errorKind: null,
  commandsPerSecond: 10,
  ...over,
});

describe('Redis mode of a fleet', () => {
  it('machines that disagree are mixed, and what they say beats what INFO shows', () => {
    const mode = fleetMode(
      [redis()],
      [
        { name: 'a', suspended: true },
        { name: 'b', suspended: false },
        { name: 'c', suspended: null },
      ],
    );
    expect(mode).toMatchObject({ mode: 'mixed', quality: 'measured' });
    expect(mode.evidence).toContain('1 of 2');
  });

  it('INFO alone is inferred, never measured', () => {
    expect(fleetMode([redis()], [])).toMatchObject({ mode: 'active', quality: 'inferred' });
  });

  it('an answer without any traffic is unknown: PONG proves nothing', () => {
    expect(fleetMode([redis({ commandsPerSecond: 0 })], []).mode).toBe('unknown');
    expect(fleetMode([redis({ commandsPerSecond: null })], []).mode).toBe('unknown');
  });

  it('names what the server itself refuses', () => {
    expect(fleetMode([redis({ state: 'limited', errorKind: 'quota' })], []).mode).toBe('quota_exhausted');
    expect(fleetMode([redis({ state: 'limited', errorKind: 'limit' })], []).mode).toBe('throttled');
    expect(fleetMode([redis({ state: 'down', errorKind: 'network' })], []).mode).toBe('unreachable');
  });

  it('one failed visit is no mode, and neither is no source', () => {
    expect(fleetMode([redis({ state: 'stale', errorKind: 'timeout' })], []).mode).toBe('unknown');
    expect(fleetMode([], [])).toMatchObject({ mode: 'unknown', quality: 'unavailable' });
  });
});

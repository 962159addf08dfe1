import { describe, expect, it, test } from 'vitest';
import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { MachineEvidence, ProviderEvidence, RedisEvidence } from './evidence.ts';
import { evidenceText, fleetMode } from './fleet-mode.ts';

const redis = (over: Partial<RedisEvidence> = {}): RedisEvidence => ({
  name: 'main',
  state: 'ok',
  errorKind: null,
  refusal: null,
  commandsPerSecond: 10,
  arriving: null,
  ...over,
});

const machine = (name: string, over: Partial<MachineEvidence> = {}): MachineEvidence => ({
  name,
  suspended: null,
  asked: null,
  suspendedLines: null,
  commandsPerSecond: null,
  health: null,
  ...over,
});

const upstash = (state: ProviderEvidence['state']): ProviderEvidence => ({ name: 'upstash', state });
const green = { redis: 'passing', canGoRed: true } as const;
const alwaysGreen = { redis: 'passing', canGoRed: false } as const;
const quota = { mode: 'quota_exhausted', words: 'its monthly command quota is used up' } as const;
const silent = redis({ commandsPerSecond: null });
const idle = redis({ commandsPerSecond: 0 });

type Case = [
  name: string,
  evidence: [RedisEvidence[], MachineEvidence[], ProviderEvidence[]?],
  mode: RedisMode,
  quality: Quality,
];

const CASES: readonly Case[] = [
  ['nothing at all', [[], []], 'unknown', 'unavailable'],
  ['commands are counted', [[redis()], []], 'active', 'inferred'],
  ['INFO answers and nobody else asks: PONG proves nothing', [[idle], []], 'unknown', 'inferred'],
  ['INFO answers and nothing is counted yet', [[silent], []], 'unknown', 'unavailable'],
  ['one failed visit', [[redis({ state: 'stale', errorKind: 'timeout' })], []], 'unknown', 'unavailable'],
  ['our login is refused', [[redis({ state: 'refused', errorKind: 'auth' })], []], 'unknown', 'unavailable'],
  [
    'our own budget is used up',
    [[redis({ state: 'paused_budget', errorKind: 'budget' })], []],
    'unknown',
    'unavailable',
  ],
  ['a refused command', [[redis({ refusal: quota })], []], 'quota_exhausted', 'measured'],
  ['a refused visit', [[redis({ state: 'limited', errorKind: 'quota' })], []], 'quota_exhausted', 'measured'],
  ['no free connection', [[redis({ state: 'limited', errorKind: 'limit' })], []], 'throttled', 'measured'],
  [
    'the server says that its provider suspended it',
    [
      [
        redis({
          state: 'refused',
          errorKind: 'auth',
          refusal: { mode: 'suspended_by_provider', words: 'x' },
        }),
      ],
      [],
    ],
    'suspended_by_provider',
    'measured',
  ],
  [
    'the provider says suspended',
    [[redis({ state: 'down', errorKind: 'network' })], [], [upstash('suspended')]],
    'suspended_by_provider',
    'measured',
  ],
  [
    'the provider says passive and the server is gone',
    [[redis({ state: 'down', errorKind: 'network' })], [], [upstash('passive')]],
    'suspended_by_provider',
    'inferred',
  ],
  [
    'the provider says active: no proof that it answers',
    [[silent], [], [upstash('active')]],
    'unknown',
    'unavailable',
  ],
  [
    'the provider says suspended while it serves',
    [[redis()], [], [upstash('suspended')]],
    'active',
    'inferred',
  ],
  ['no answer twice', [[redis({ state: 'down', errorKind: 'network' })], []], 'unreachable', 'measured'],
  [
    'no answer to us, but the machines reach it',
    [
      [redis({ state: 'down', errorKind: 'network' })],
      [machine('a', { suspended: false, commandsPerSecond: 2 })],
    ],
    'active',
    'measured',
  ],
  [
    'all machines say so',
    [[redis()], [machine('a', { suspended: true }), machine('b', { suspended: true })]],
    'suspended_by_us',
    'measured',
  ],
  [
    'machines alone, no Redis source',
    [[], [machine('a', { suspended: true })]],
    'suspended_by_us',
    'measured',
  ],
  [
    'one of two',
    [[redis()], [machine('a', { suspended: true }), machine('b', { suspended: false })]],
    'mixed',
    'measured',
  ],
  [
    'mixed beats a quota',
    [[redis({ refusal: quota })], [machine('a', { suspended: true }), machine('b', { suspended: false })]],
    'mixed',
    'measured',
  ],
  [
    'a quota beats machines that say active',
    [[redis({ refusal: quota })], [machine('a', { suspended: false })]],
    'quota_exhausted',
    'measured',
  ],
  [
    'machines say active and it answers',
    [[idle], [machine('a', { suspended: false })]],
    'active',
    'measured',
  ],
  [
    'machines say active and nobody knows whether it answers',
    [[redis({ state: 'stale', errorKind: 'timeout' })], [machine('a', { suspended: false })]],
    'active',
    'inferred',
  ],
  ['a log line', [[idle], [machine('a', { suspendedLines: 3 })]], 'suspended_by_us', 'inferred'],
  [
    'its own word beats its log',
    [[redis()], [machine('a', { suspended: false, suspendedLines: 3 })]],
    'active',
    'measured',
  ],
  [
    'a word and a log line that differ by machine',
    [[redis()], [machine('a', { suspendedLines: 1 }), machine('b', { suspended: false })]],
    'mixed',
    'inferred',
  ],
  ['its own counter', [[], [machine('a', { commandsPerSecond: 1 })]], 'active', 'inferred'],
  ['a health part that passes', [[silent], [machine('a', { health: green })]], 'active', 'inferred'],
  [
    'a health part that cannot go red is no evidence',
    [[silent], [machine('a', { health: alwaysGreen })]],
    'unknown',
    'unavailable',
  ],
  [
    'a health part that fails',
    [[silent], [machine('a', { health: { redis: 'failing', canGoRed: true } })]],
    'unreachable',
    'inferred',
  ],
];

describe('Redis mode of a fleet', () => {
  test.each(CASES)('%s', (_name, [redises, machines, providers = []], mode, quality) => {
    const found = fleetMode({ redis: redises, machines, providers });
    expect(found).toMatchObject({ mode, quality });
    expect(found.evidence).not.toBe('');
  });

  it('names the machines that differ', () => {
    const { evidence } = fleetMode({
      redis: [redis()],
      machines: [machine('a', { suspended: true }), machine('b', { suspended: false }), machine('c')],
      providers: [],
    });
    expect(evidence).toBe('1 of 2 machines says that Redis is suspended: a');
  });

  it('counts the silent ones, and never as suspended', () => {
    const { evidence } = fleetMode({
      redis: [],
      machines: [machine('a', { suspended: true }), machine('b')],
      providers: [],
    });
    expect(evidence).toBe('1 machine says that Redis is suspended, 1 machine tells nothing');
  });
});

describe('what does not fit the mode is said', () => {
  const suspended = [machine('a', { suspended: true }), machine('b', { suspended: true })];

  it('traffic that arrives though all machines say suspended', () => {
    const arriving = { perMinute: 310, what: 'GETs' } as const;
    const found = fleetMode({ redis: [redis({ arriving })], machines: suspended, providers: [] });
    expect(evidenceText(found)).toBe(
      'all 2 machines say that Redis is suspended; 2 machines say suspended, yet 310 GETs/min arrive at main',
    );
  });

  it('nothing is said while it is too early to tell, or of a stray command', () => {
    for (const arriving of [null, { perMinute: 0.4, what: 'GETs' } as const]) {
      const found = fleetMode({ redis: [redis({ arriving })], machines: suspended, providers: [] });
      expect(found.contradictions).toEqual([]);
    }
  });

  it('a machine whose own counter moves', () => {
    const found = fleetMode({
      redis: [],
      machines: [machine('a', { suspended: true, commandsPerSecond: 0.2 })],
      providers: [],
    });
    expect(found.contradictions).toEqual([
      'a says suspended, yet it counts 12 Redis commands/min of its own',
    ]);
  });

  it('a wish that the process read as no: not suspended though asked', () => {
    const found = fleetMode({
      redis: [redis()],
      machines: [
        machine('a', { suspended: false, asked: true }),
        machine('b', { suspended: false, asked: false }),
      ],
      providers: [],
    });
    expect(found.mode).toBe('active');
    expect(found.askedInVain).toEqual(['a']);
    expect(evidenceText(found)).toContain('not suspended though asked: a');
    expect(found.machines.get('a')?.evidence).toContain('though its settings ask to suspend it');
  });

  it('a quota that is used up beside a suspension', () => {
    const found = fleetMode({ redis: [redis({ refusal: quota })], machines: suspended, providers: [] });
    expect(found.mode).toBe('suspended_by_us');
    expect(found.contradictions).toEqual(['main refuses commands: its monthly command quota is used up']);
  });

  it('a provider that says suspended while commands are served', () => {
    const found = fleetMode({ redis: [redis()], machines: [], providers: [upstash('suspended')] });
    expect(found.contradictions[0]).toBe(
      'upstash lists the database as suspended, yet main serves 600 commands/min',
    );
  });
});

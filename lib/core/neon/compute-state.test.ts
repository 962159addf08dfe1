import { describe, expect, test } from 'vitest';
import { computeState, suspendAfterSeconds } from './compute-state.ts';

describe('computeState', () => {
  test.each([
    ['init', null, false, 'starting'],
    ['init', 'active', false, 'starting'],
    ['init', 'idle', false, 'stopping'],
    ['idle', null, false, 'asleep'],
    ['idle', 'active', false, 'starting'],
    ['active', null, false, 'active'],
    ['active', 'idle', false, 'stopping'],
    ['active', 'active', false, 'starting'],
    ['idle', null, true, 'disabled'],
    ['active', null, true, 'disabled'],
    ['Active', null, false, 'unknown'],
    ['paused', null, false, 'unknown'],
    ['active', 'hibernating', false, 'unknown'],
    ['', null, false, 'unknown'],
  ] as const)('%s, pending %s, disabled %s is %s', (current, pending, disabled, state) => {
    expect(computeState({ current, pending, disabled })).toBe(state);
  });
});

describe('suspendAfterSeconds', () => {
  test('0 is the default of five minutes, -1 and computes above 16 CU never sleep', () => {
    expect(suspendAfterSeconds(0, 2)).toBe(300);
    expect(suspendAfterSeconds(60, null)).toBe(60);
    expect(suspendAfterSeconds(604_800, 16)).toBe(604_800);
    expect(suspendAfterSeconds(-1, 2)).toBeNull();
    expect(suspendAfterSeconds(300, 18)).toBeNull();
  });
});

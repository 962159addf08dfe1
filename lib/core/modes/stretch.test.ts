import { describe, expect, it } from 'vitest';
import type { RedisMode } from '../model/redis-mode.ts';
import type { ModeChange } from './mode-book.ts';
import { stretchOf } from './stretch.ts';

const change = (atMs: number, mode: RedisMode, machines: Record<string, RedisMode> = {}): ModeChange => ({
  ...{ atMs, mode, machines },
  quality: 'measured',
  evidence: '',
});
const OFF = 'suspended_by_us';

describe('the stretch in which Redis is out of use', () => {
  it('is none while Redis was always in use, or nothing ever told', () => {
    expect(stretchOf([])).toBeNull();
    expect(stretchOf([change(1, 'active'), change(2, 'unknown'), change(3, 'throttled')])).toBeNull();
  });

  it('begins with the first machine that stopped, and is whole with the last one', () => {
    expect(stretchOf([change(1, 'active'), change(5, 'mixed'), change(6, OFF)])).toEqual({
      ...{ startMs: 5, isFirstLook: false, byUs: true, wholeMs: 6 },
      ...{ firstMs: null, firstMachines: [], allMs: null },
    });
  });

  it('says that it was there at the first look', () => {
    expect(stretchOf([change(1, OFF)])).toMatchObject({ startMs: 1, isFirstLook: true });
    expect(stretchOf([change(1, 'active'), change(2, OFF)])).toMatchObject({ isFirstLook: false });
  });

  it('keeps its beginning through times in which nothing tells', () => {
    const changes = [change(1, 'active'), change(2, OFF), change(3, 'unreachable'), change(4, OFF)];
    expect(stretchOf(changes)).toMatchObject({ startMs: 2, wholeMs: 2 });
  });

  it('names the first machines that came back, and when all had', () => {
    const back = change(7, 'mixed', { a: 'active', b: OFF, c: OFF });
    const more = change(8, 'mixed', { a: 'active', b: 'active', c: OFF });
    const until = [change(1, 'active'), change(2, OFF), back, more];
    expect(stretchOf(until)).toMatchObject({ startMs: 2, firstMs: 7, firstMachines: ['a'], allMs: null });
    expect(stretchOf([...until, change(9, 'active')])).toMatchObject({ firstMs: 7, allMs: 9 });
  });

  it('that ends on all machines at once has no first machine before them', () => {
    const changes = [change(1, 'active'), change(2, OFF), change(5, 'active', { a: 'active', b: 'active' })];
    expect(stretchOf(changes)).toMatchObject({ firstMs: 5, firstMachines: ['a', 'b'], allMs: 5 });
  });

  it('takes the return back when Redis is suspended whole again, and starts the next one anew', () => {
    const mixed = (atMs: number) => change(atMs, 'mixed', { a: 'active', b: OFF });
    const again = [change(1, 'active'), change(2, OFF), mixed(3), change(4, OFF)];
    expect(stretchOf(again)).toMatchObject({ startMs: 2, firstMs: null, firstMachines: [] });
    expect(stretchOf([...again, mixed(6)])).toMatchObject({ startMs: 2, firstMs: 6 });
    const over = [...again, change(6, 'active'), change(9, OFF)];
    expect(stretchOf(over)).toMatchObject({ startMs: 9, firstMs: null, allMs: null });
  });

  it('of a part of the machines has no return by stages: Redis was always in use somewhere', () => {
    const changes = [change(1, 'active'), change(2, 'mixed', { a: 'active', b: OFF }), change(5, 'active')];
    expect(stretchOf(changes)).toMatchObject({ startMs: 2, wholeMs: null, firstMs: null, allMs: 5 });
  });

  it('of a provider is not ours, until we suspend it too', () => {
    const theirs = [change(1, 'active'), change(2, 'quota_exhausted')];
    expect(stretchOf(theirs)).toMatchObject({ byUs: false, wholeMs: 2 });
    expect(stretchOf([...theirs, change(3, OFF)])).toMatchObject({ byUs: true, startMs: 2 });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { AddressChange, NowAddress } from './address.ts';
import { type Command, createCommandRegistry } from './commands.ts';
import { type NowCommandInput, nowCommands } from './now-commands.ts';
import { freezeWindow } from './window-moves.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40);
const scope = { app: 'harbor', environment: 'production' };
const staging = { app: 'harbor', environment: 'staging' };
const live: NowAddress = {
  scope,
  window: { kind: 'live', name: '6h' },
  comparison: null,
  isLocal: false,
  scale: 'level',
  asTable: false,
  hasMarks: true,
};
const seen = { startMs: NOW_MS - 6 * HOUR_MS, endMs: NOW_MS };
const frozen: NowAddress = { ...live, window: freezeWindow(live.window, seen) };

function commandsOf(over: Partial<NowCommandInput> = {}) {
  let now = over.address ?? live;
  const calls = { copyLink: vi.fn(), pollNow: vi.fn(), open: vi.fn() };
  const go = (change: AddressChange): void => {
    now = change(now);
  };
  const registry = createCommandRegistry();
  const nowMs = () => NOW_MS;
  registry.offer(
    'now',
    nowCommands({
      address: live,
      current: () => now,
      scopes: [scope, staging],
      seen,
      nowMs,
      go,
      ...calls,
      ...over,
    }),
  );
  const find = (keys: string): Command | undefined => registry.list().find((one) => one.keys === keys);
  return { ...calls, list: registry.list(), find, current: () => now };
}

describe('the commands of the Now page', () => {
  it('have an id and a title each, and no key twice', () => {
    for (const address of [live, frozen]) {
      const { list } = commandsOf({ address });
      const keys = list.flatMap((one) => (one.keys === null ? [] : [one.keys]));
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
      expect(new Set(list.map(({ title }) => title)).size).toBe(list.length);
    }
  });

  it.each([
    ['f', live, frozen],
    ['.', frozen, live],
    ['-', live, { ...live, window: { kind: 'live', name: '24h' } }],
    ['u', live, { ...live, isLocal: true }],
    ['l', live, { ...live, scale: 'index' }],
    ['l', { ...live, scale: 'log' }, live],
    ['v', live, { ...live, asTable: true }],
    ['v', { ...live, asTable: true }, live],
  ] as const)('%s leads from one address to the next', (keys, address, next) => {
    const { find, current } = commandsOf({ address: address as NowAddress });
    find(keys)?.run();
    expect(current()).toEqual(next);
  });

  it('all count when they follow each other before the page is drawn again, and say what holds then', () => {
    const { find, current } = commandsOf();
    for (const keys of ['l', 'u', 'l', 'v', 'f']) find(keys)?.run();
    expect(current()).toEqual({ ...frozen, scale: 'log', isLocal: true, asTable: true });
    expect([find('l')?.says?.(), find('u')?.says?.(), find('v')?.says?.()]).toEqual([
      'Axis: logarithmic',
      'Times in the local zone',
      'Tables',
    ]);
  });

  it('open the controls of the header', () => {
    const { find, open } = commandsOf();
    find('t')?.run();
    find('c')?.run();
    expect(open.mock.calls).toEqual([['time-range'], ['compare']]);
  });

  it('copy the link as it is, and on request what is seen now', () => {
    const { find, list, copyLink } = commandsOf();
    find('y')?.run();
    list.find(({ id }) => id === 'copy-seen')?.run();
    expect(copyLink.mock.calls).toEqual([[live], [frozen]]);
  });

  it('are only there when they would change something', () => {
    const ids = (address: NowAddress) => commandsOf({ address }).list.map(({ id }) => id);
    expect(ids(live)).toEqual(expect.arrayContaining(['freeze', 'poll', 'copy-seen']));
    expect(ids(live)).not.toContain('now');
    expect(ids(live)).not.toContain('compare-none');
    expect(ids(frozen)).toContain('now');
    for (const id of ['freeze', 'poll', 'copy-seen']) expect(ids(frozen)).not.toContain(id);
    const longest: NowAddress = {
      ...live,
      window: { kind: 'fixed', name: '6h', startMs: NOW_MS - 90 * DAY_MS, endMs: NOW_MS },
    };
    expect(ids(longest)).not.toContain('zoom-out');
  });

  it('say which choice holds now', () => {
    const chosen = commandsOf({ address: { ...live, comparison: 'week' } }).list.filter(
      (one) => one.isChosen,
    );
    expect(chosen.map(({ id }) => id)).toEqual([
      'range-6h',
      'compare-week',
      'scale-level',
      'scope-harbor/production',
    ]);
  });

  it('offer scopes only where there are two', () => {
    const { list } = commandsOf({ scopes: [scope] });
    expect(list.filter(({ group }) => group === 'App')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { endMaintenance, planMaintenance } from './alert-acts.ts';
import { EMPTY_ALERTS } from './alert-book.ts';
import {
  type Maintenance,
  MOST_MAINTENANCE,
  maintenanceFault,
  maintenanceOf,
  toMaintenanceViews,
} from './maintenance.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);
const window = (over: Partial<Maintenance> = {}): Maintenance => ({
  ...{ id: 'a', startMs: NOW_MS, endMs: NOW_MS + HOUR_MS, reason: 'cache is moved', rules: [] },
  ...{ by: null, createdMs: NOW_MS, ...over },
});

describe('maintenance windows', () => {
  it('hold from their first instant to before their last, for their rules only', () => {
    const all = window();
    const some = window({ rules: ['quota', 'cost'] });
    const runs = (one: Maintenance, rule: 'quota' | 'http_429', atMs: number) =>
      maintenanceOf([one], rule, atMs) !== null;
    expect(
      [NOW_MS - 1, NOW_MS, NOW_MS + HOUR_MS - 1, NOW_MS + HOUR_MS].map((ms) => runs(all, 'http_429', ms)),
    ).toEqual([false, true, true, false]);
    expect([runs(some, 'quota', NOW_MS), runs(some, 'http_429', NOW_MS)]).toEqual([true, false]);
  });

  it('of several the one that lasts longest is named', () => {
    const long = window({ id: 'b', endMs: NOW_MS + 2 * HOUR_MS });
    for (const windows of [
      [window(), long],
      [long, window()],
    ])
      expect(maintenanceOf(windows, 'http_429', NOW_MS)?.id).toBe('b');
  });

  it.each([
    [{ endMs: NOW_MS }, 'ends before it begins'],
    [{ startMs: NOW_MS - 2 * HOUR_MS, endMs: NOW_MS }, 'over already'],
    [{ endMs: NOW_MS + 7 * DAY_MS + 1 }, 'at most 7 days'],
    [{ startMs: NOW_MS + 400 * DAY_MS, endMs: NOW_MS + 401 * DAY_MS }, 'within a year'],
  ])('refuse %j and say why', (over, says) => {
    expect(maintenanceFault(window(over), [], NOW_MS)).toContain(says);
  });

  it('may be up to fifty, without those that are over', () => {
    const planned = Array.from({ length: MOST_MAINTENANCE }, (_, i) => window({ id: `w${i}` }));
    expect(maintenanceFault(window(), planned.slice(1), NOW_MS)).toBeNull();
    expect(maintenanceFault(window(), planned, NOW_MS)).toContain('50 windows');
    const over = planned.map((one) => ({ ...one, startMs: NOW_MS - DAY_MS, endMs: NOW_MS }));
    expect(maintenanceFault(window({ endMs: NOW_MS + 7 * DAY_MS }), over, NOW_MS)).toBeNull();
  });

  it('are listed by their beginning, with whether they run, until they are over', () => {
    const later = window({ id: 'later', startMs: NOW_MS + HOUR_MS, endMs: NOW_MS + 2 * HOUR_MS });
    const over = window({ id: 'over', startMs: NOW_MS - HOUR_MS, endMs: NOW_MS });
    const views = toMaintenanceViews([later, over, window()], NOW_MS);
    expect(views.map(({ id, isRunning }) => [id, isRunning])).toEqual([
      ['a', true],
      ['later', false],
    ]);
  });

  it('are planned beside others, ended one by one, and never ended twice', () => {
    const book = planMaintenance(
      planMaintenance(EMPTY_ALERTS, window(), NOW_MS),
      window({ id: 'b' }),
      NOW_MS,
    );
    const ended = endMaintenance(book, 'a', NOW_MS);
    expect(ended?.maintenance.map(({ id }) => id)).toEqual(['b']);
    expect(ended && endMaintenance(ended, 'a', NOW_MS)).toBeNull();
    expect(endMaintenance(book, 'a', NOW_MS + HOUR_MS)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_STATES } from '../model/alert.ts';
import { HOUR_MS } from '../time/range.ts';
import { ALERTS_TABS, inOrder, listAlerts } from './alert-groups.ts';
import type { AlertRow } from './alerts-view.ts';
import { ALERT_GROUPS } from './rules/rule.ts';
import { alertViewOf } from './test-views.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);

function rowOf(over: Partial<AlertRow> & Pick<AlertRow, 'id'>): AlertRow {
  return {
    ...alertViewOf({ sinceMs: NOW_MS - HOUR_MS, ...over }),
    rule: 'http_429',
    group: 'Responses',
    deployHref: null,
    deployAtMs: null,
    spark: [],
    ...over,
  };
}

const ids = (rows: readonly AlertRow[]) => rows.map(({ id }) => id);

describe('the list of alerts', () => {
  it('puts what one deploy did together, and the rest by what it is about, the most urgent group first', () => {
    const { groups } = listAlerts(
      [
        rowOf({ id: 'quiet', group: 'Sources', state: 'pending' }),
        rowOf({ id: 'second', release: 'v1206', group: 'Redis', state: 'pending', deployHref: '/d' }),
        rowOf({ id: 'first', release: 'v1206', deployHref: '/d', deployAtMs: 7 }),
        rowOf({ id: 'held', group: 'Sources', inhibitedBy: 'Redis is suspended' }),
      ],
      'open',
      null,
      NOW_MS,
    );
    expect(groups.map(({ title, deploy, rows }) => [title, deploy, ids(rows)])).toEqual([
      ['v1206', { href: '/d', atMs: 7 }, ['first', 'second']],
      ['Sources', null, ['quiet', 'held']],
    ]);
  });

  it('a release that is called like a group is no part of it', () => {
    const rows = [rowOf({ id: 'a', release: 'Redis' }), rowOf({ id: 'b', group: 'Redis' })];
    expect(listAlerts(rows, 'open', null, NOW_MS).groups).toHaveLength(2);
  });

  it('shows the newest of what is over under what is open, and the chosen one always', () => {
    const over = Array.from({ length: 9 }, (_, i) =>
      rowOf({ id: `over ${i}`, state: 'resolved', sinceMs: NOW_MS - i * HOUR_MS }),
    );
    const { resolved, unlisted } = listAlerts(over, 'open', 'over 8', NOW_MS);
    expect(ids(resolved)).toEqual(['over 0', 'over 1', 'over 2', 'over 3', 'over 4', 'over 8']);
    expect(unlisted).toBe(3);
    expect(ids(listAlerts(over.toReversed(), 'resolved', null, NOW_MS).resolved)).toEqual(ids(over));
  });

  it('lists each alert at most once, and every open one on the first tab', () => {
    const row = fc.record({
      state: fc.constantFrom(...ALERT_STATES),
      group: fc.constantFrom(...ALERT_GROUPS),
      release: fc.option(fc.constantFrom('v1', 'v2', 'Redis')),
      inhibitedBy: fc.option(fc.constant('held')),
      sinceMs: fc.integer({ min: 0, max: NOW_MS }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.constantFrom(...ALERTS_TABS), (overs, tab) => {
        const rows = overs.map((over, i) => rowOf({ id: String(i), ...over }));
        const listing = listAlerts(rows, tab, null, NOW_MS);
        const listed = ids(inOrder(listing));
        expect(new Set(listed).size).toBe(listed.length);
        const open = ids(rows.filter(({ state }) => state !== 'resolved' && state !== 'inactive'));
        expect(listed.filter((id) => open.includes(id)).sort()).toEqual(tab === 'open' ? open.sort() : []);
        const over = rows.filter(({ state }) => state === 'resolved').length;
        if (tab === 'open') expect(listing.resolved.length + listing.unlisted).toBe(over);
      }),
    );
  });
});

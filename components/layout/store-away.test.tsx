import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { unwrap } from '@/lib/client/failure.ts';
import { tellOutage } from '@/lib/client/store-outage.ts';
import { outageText, StoreAway } from './store-away.tsx';

const OUTAGE = { sinceMs: Date.UTC(2026, 3, 9, 12, 3), waiting: 36, lost: 0 };

afterEach(() => {
  cleanup();
  tellOutage(null);
});

it('says since when, and what becomes of what is read meanwhile, as long as answers say so', () => {
  render(<StoreAway drawn={null} />);
  expect(screen.getByRole('status').textContent).toBe('');
  act(() => void unwrap({ ok: true, data: 1, outage: OUTAGE }));
  expect(screen.getByRole('status').textContent).toContain('Store away');
  expect(screen.getByRole('status').textContent).toContain(
    'The store can’t be reached since 12:03Z. Only the latest hour or two can be shown. What is read meanwhile ' +
      'waits in memory (36 visits) and is kept once it is back; a restart of this server would lose it.',
  );
  const refused = { ok: false as const, error: { code: 'too_many' as const, message: 'wait' } };
  act(() => expect(() => unwrap(refused)).toThrow('wait'));
  expect(screen.getByRole('status').textContent).toContain('Store away');
  act(() => void unwrap({ ok: true, data: 2 }));
  expect(screen.getByRole('status').textContent).toBe('');
});

it('counts what is lost as well, and says nothing of waiting where nothing waits', () => {
  expect(outageText({ ...OUTAGE, waiting: 1, lost: 2 })).toMatch(/\(1 visit\).*2 visits found no room/);
  expect(outageText({ ...OUTAGE, waiting: 0 })).not.toContain('waits');
});

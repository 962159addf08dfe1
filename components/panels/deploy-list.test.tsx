import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { WatchLine } from '@/lib/core/model/verdict.ts';
import type { WatchedDeployLine } from '@/lib/core/model/watch.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { FIRST_DEPLOY_MS } from '../fixtures/evening.ts';
import { DeployList } from './deploy-list.tsx';

afterEach(cleanup);

function watchOf(over: Partial<WatchLine> = {}): WatchLine {
  return {
    deployId: 'a',
    state: 'met',
    provisional: true,
    reason: null,
    met: 3,
    of: 5,
    closed: false,
    overridden: false,
    ...over,
  };
}

function show(watch: WatchLine | null, over: Partial<WatchedDeployLine> = {}): HTMLElement {
  const deploy: WatchedDeployLine = {
    id: 'a',
    release: 'v1203',
    kind: 'code',
    startMs: FIRST_DEPLOY_MS,
    endMs: FIRST_DEPLOY_MS,
    rolled: null,
    title: null,
    origin: 'api',
    sign: null,
    claims: { confirmed: 5, all: 5 },
    auditErrors: 0,
    watch,
    ...over,
  };
  render(<DeployList deploys={[deploy]} asOfMs={FIRST_DEPLOY_MS + 3 * HOUR_MS} />);
  return screen.getByRole('row', { name: /v1203/ });
}

describe('a deploy in the list', () => {
  it('says where it stands, provisional or not, how many claims are met, and since when', () => {
    const row = show(watchOf());
    expect(within(row).getByText('Met').parentElement?.textContent).toContain('provisional');
    expect(row.textContent).toContain('3 of 5 met');
    expect(row.textContent).toContain('T+03:00');
    expect(row.textContent).not.toContain('over');
  });

  it('says why it cannot be told, and that it is over', () => {
    const row = show(
      watchOf({ state: 'cant_tell', provisional: false, reason: 'interrupted', closed: true }),
    );
    expect(within(row).getByText('interrupted')).toBeTruthy();
    expect(row.textContent).toContain('3 of 5 met, over');
  });

  it('shows that a person says something else, never instead of what was measured', () => {
    const row = show(watchOf({ state: 'missed', provisional: false, overridden: true }));
    expect(within(row).getByText('Missed')).toBeTruthy();
    expect(within(row).getByText('overridden')).toBeTruthy();
  });

  it('without a watch has no verdict, and says how many claims wait', () => {
    const row = show(null, { claims: { confirmed: 1, all: 4 } });
    expect(row.textContent).toContain('3 of 4 claims not confirmed');
    expect(row.textContent).not.toMatch(/ met/);
  });

  it('that promises nothing says so', () => {
    expect(show(null, { claims: { confirmed: 0, all: 0 } }).textContent).toContain('nothing promised');
  });
});

import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SuspensionView } from '@/lib/core/model/suspension.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { STORY_NOW_MS, SUSPENDED_MS } from '../fixtures/evening.ts';
import {
  mixedView,
  providerView,
  stagedView,
  suspendedView,
  unknownPartsView,
} from '../fixtures/suspension.ts';
import { SuspensionPanel } from './suspension-panel.tsx';
import { suspensionLine } from './suspension-words.ts';

afterEach(cleanup);

const AN_HOUR_ON = SUSPENDED_MS + HOUR_MS;
const lineOf = (view: SuspensionView, nowMs = AN_HOUR_ON) => suspensionLine(view, { nowMs, zone: 'UTC' });

function show(suspension: SuspensionView | null, nowMs = AN_HOUR_ON) {
  const onCopy = vi.fn();
  render(<SuspensionPanel suspension={suspension} nowMs={nowMs} onCopy={onCopy} />);
  return onCopy;
}

describe('the line of the banner', () => {
  it('says since when, by which deploy and until when', () => {
    expect(lineOf(suspendedView())).toBe(
      'Redis is suspended on purpose since 20:34Z by v1205, until 10 Apr 17:34Z',
    );
    const expected = suspendedView({ plannedEndMs: null });
    expect(lineOf(expected)).toBe(
      'Redis is suspended on purpose since 20:34Z by v1205, expected until 10 Apr 20:34Z',
    );
  });

  it('says that its end is past, and writes the day where it is another one', () => {
    const later = SUSPENDED_MS + DAY_MS + 2 * HOUR_MS;
    expect(lineOf(suspendedView(), later)).toBe(
      'Redis is suspended on purpose since 9 Apr 20:34Z by v1205; its review was due at 17:34Z',
    );
    expect(lineOf(suspendedView({ plannedEndMs: null }), later)).toMatch(
      /; longer than expected, which was until 20:34Z$/,
    );
  });

  it('does not make up who, since when or until when', () => {
    expect(lineOf(unknownPartsView())).toBe(
      'Redis is suspended on purpose, nobody knows since when, nobody told by which deploy',
    );
    expect(lineOf({ ...suspendedView(), sinceIsFirstLook: true })).toContain('at least since 20:34Z');
    expect(lineOf(providerView())).toBe('The Redis quota is used up since 20:34Z: commands are refused');
  });

  it('says where it is used again', () => {
    expect(lineOf(mixedView(), STORY_NOW_MS)).toBe(
      'Redis is used by 1 of 2 machines, and suspended on 9185e2bc since 20:34Z by v1205, until 10 Apr 17:34Z',
    );
  });
});

describe('the banner', () => {
  it('is not there while Redis is simply in use', () => {
    show(null);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('is one line with its state, closed until somebody opens it', () => {
    show(suspendedView());
    const banner = screen.getByRole('region', { name: 'Redis out of use' });
    expect(within(banner).getAllByText('Suspended')[0]).toBeTruthy();
    const details = banner.querySelector('details');
    expect(details?.open).toBe(false);
    expect(details?.querySelector('summary')?.textContent).toContain('Redis is suspended on purpose');
  });

  it('tells each consequence with its number and what it was read from', () => {
    show(suspendedView());
    const rowOf = (what: string) =>
      screen.getByText(what).parentElement?.textContent?.replaceAll('\u00a0', ' ');
    expect(rowOf('Rate limits')).toContain('up to 2× what you set (inferred)');
    expect(rowOf('Database')).toContain('18.2K/h queries, 8.15K/h before (+123 %)');
    expect(rowOf('Jobs')).toContain('14.0/h dropped');
    expect(rowOf('Still billed')).toContain('44/min, $0.13/day: failed connects 41/min, unknown (get) 3/min');
    expect(rowOf('Still billed')).toContain('without ours');
  });

  it('says that nothing tells, and what would, in place of a 0', () => {
    show(unknownPartsView());
    const list = screen.getByText('Jobs').closest('dl');
    expect(list?.textContent).toContain('nothing tells of dropped jobs');
    expect(list?.textContent).toContain('no machine tells app_jobs_dropped_total now');
    expect(list?.textContent).not.toMatch(/\b0\b/);
  });

  it('shows every stage with its state and evidence, and what to do next with its command', () => {
    const onCopy = show(mixedView(), STORY_NOW_MS);
    const stages = screen.getAllByRole('listitem').filter((item) => item.closest('ol') !== null);
    expect(stages.map((item) => item.textContent?.slice(0, 24))).toEqual([
      'PassedOne machine: 3d8dd',
      'WaitingAll machineswaits',
      'WaitingA day on all mach',
    ]);
    expect(stages[0]?.textContent).toContain('24.0K GETs/h, at most 36.7K/h are allowed');
    expect(screen.getByText('Deploy v1206 to 9185e2bc: this lists its image.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Copy the command' }));
    expect(onCopy).toHaveBeenCalledExactlyOnceWith('fly releases --image -a harbor');
  });

  it.each([
    ['running', 'Running', 'blocks of 5 min seen'],
    ['failed', 'Failed', '429s: 40 in 15 m, usual are 0.2, seen at 22:20Z'],
    ['blocked', 'Can’t tell', 'GETs were not counted'],
  ] as const)('a stage that is %s says so with its reason', (state, word, evidence) => {
    show(stagedView(state), STORY_NOW_MS);
    const first = screen.getAllByRole('listitem').find((item) => item.closest('ol') !== null);
    expect(first?.textContent).toContain(word);
    expect(first?.textContent).toContain(evidence);
  });

  it('that was read a while ago says of when it is, and asks for the newest when it is opened', () => {
    const onToggle = vi.fn();
    const old = { ...suspendedView(), detailsAtMs: AN_HOUR_ON - 120_000 };
    const { container } = render(<SuspensionPanel suspension={old} nowMs={AN_HOUR_ON} onToggle={onToggle} />);
    expect(screen.getByText('What follows is as of 21:32Z.')).toBeTruthy();
    const details = container.querySelector('details');
    if (details === null) throw new Error('the banner cannot be opened');
    details.open = true;
    fireEvent(details, new Event('toggle'));
    expect(onToggle).toHaveBeenLastCalledWith(true);
    cleanup();
    show({ ...old, detailsAtMs: AN_HOUR_ON - 30_000 });
    expect(screen.queryByText(/^What follows is as of/)).toBeNull();
  });

  it('shows a command that cannot be copied as text', () => {
    render(<SuspensionPanel suspension={suspendedView()} nowMs={AN_HOUR_ON} />);
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByText(/^fly secrets set SUSPEND_REDIS=false --stage/)).toBeTruthy();
  });
});

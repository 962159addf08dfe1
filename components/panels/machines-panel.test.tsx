import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { machineOf, STORY_NOW_MS, storyView } from '../fixtures/story.ts';
import { MachinesPanel } from './machines-panel.tsx';

afterEach(cleanup);
const common = { nowMs: STORY_NOW_MS };
const columns = () => screen.getAllByRole('columnheader').map((heading) => heading.textContent);
const bare = {
  version: null,
  mode: null,
  health: 'unknown',
  requestsPerSecond: null,
  restarts24h: null,
  startedAtMs: null,
  localCache: null,
  getsPerRequest: null,
} as const;

describe('machines', () => {
  it('show in a line each what they run, in which mode, how they are and what they carry', () => {
    const releases = ['v1203', 'v1205', 'v1206'];
    render(<MachinesPanel machines={storyView().machines} releases={releases} {...common} />);
    const row = screen.getByRole('row', { name: /9185e2bc/ });
    const cells = within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent?.replaceAll('\u00a0', ' '));
    expect(cells).toEqual([
      'Versionv1205 one behind',
      'Redis modeSuspended since 20:34Z',
      'HealthPassing',
      'Traffic1.61 % 16.8/min',
      'Restarts, 24 h1 up 4 h 16 m',
      'Local cache11.7 of 50 MB',
      'GETs per request0',
    ]);
    expect(within(screen.getByRole('row', { name: /3d8dd7a1/ })).queryByText(/behind/)).toBeNull();
  });

  it('have no column that none of them fills', () => {
    render(
      <MachinesPanel
        machines={[machineOf({ ...bare, version: 'v1' }), machineOf({ ...bare, id: 'b' })]}
        {...common}
      />,
    );
    expect(columns()).toEqual(['Machine', 'Version']);
  });

  it('show a dash, read aloud as no data, where one of them does not tell', () => {
    render(
      <MachinesPanel machines={[machineOf(), machineOf({ ...bare, id: 'b', name: 'b' })]} {...common} />,
    );
    expect(columns()).toHaveLength(8);
    const row = screen.getByRole('row', { name: /^b/ });
    expect(within(row).getAllByText('no data')).toHaveLength(6);
    expect(row.textContent).not.toMatch(/\b0\b/);
  });

  it('have no share of the traffic while one does not tell: there is no whole', () => {
    render(
      <MachinesPanel machines={[machineOf(), machineOf({ id: 'b', requestsPerSecond: null })]} {...common} />,
    );
    expect(screen.queryByText(/%/)).toBeNull();
    expect(screen.getByText('1.03K/min')).toBeTruthy();
  });

  it('that do not answer say so in place of the health they told last', () => {
    render(<MachinesPanel machines={[machineOf({ state: 'down', health: 'passing' })]} {...common} />);
    expect(screen.getByText('Down')).toBeTruthy();
    expect(screen.queryByText('Passing')).toBeNull();
  });

  it('say that the summary counted on another number of them, only where it did', () => {
    const machines = [machineOf(), machineOf({ id: 'b', version: 'v1205' })];
    const { rerender } = render(<MachinesPanel machines={machines} assumed={3} {...common} />);
    expect(screen.getByText('2 run, the summary assumed 3')).toBeTruthy();
    rerender(<MachinesPanel machines={machines} assumed={2} {...common} />);
    expect(screen.getByText('2 of 2 answer, 2 versions run')).toBeTruthy();
  });

  it('of an unknown release are behind nothing', () => {
    render(<MachinesPanel machines={[machineOf({ version: 'dirty' })]} releases={['v1']} {...common} />);
    expect(screen.queryByText(/behind/)).toBeNull();
  });

  it('in trouble stand first, and a long list is cut on request only', () => {
    const many = Array.from({ length: 30 }, (_, i) => machineOf({ id: `${i}`, name: `m${i}` }));
    render(
      <MachinesPanel
        machines={[...many, machineOf({ id: 'x', name: 'broken', state: 'down' })]}
        {...common}
      />,
    );
    expect(screen.getAllByRole('rowheader')[0]?.textContent).toContain('broken');
    fireEvent.click(screen.getByRole('button', { name: 'Show all 31 machines' }));
    expect(screen.getAllByRole('rowheader')).toHaveLength(31);
  });

  it('none: says how to watch some', () => {
    render(<MachinesPanel machines={[]} {...common} />);
    expect(screen.getByText(/APP_METRICS_URLS/)).toBeTruthy();
  });

  it('keep their last good rows under an error, and beside a word when they are stale', () => {
    const { rerender } = render(
      <MachinesPanel machines={[machineOf()]} {...common} state={{ kind: 'error', text: 'answers 503' }} />,
    );
    expect(screen.getByText('answers 503')).toBeTruthy();
    expect(screen.getByRole('row', { name: /3d8dd7a1/ })).toBeTruthy();
    rerender(<MachinesPanel machines={[machineOf()]} {...common} state={{ kind: 'stale', detail: '6 m' }} />);
    expect(screen.getByText('Stale')).toBeTruthy();
    expect(screen.getByRole('row', { name: /3d8dd7a1/ })).toBeTruthy();
  });

  it('loading: says so and shows no row', () => {
    render(<MachinesPanel machines={[]} {...common} state={{ kind: 'loading' }} />);
    expect(screen.getByText('Loading')).toBeTruthy();
    expect(screen.queryByRole('row')).toBeNull();
  });
});

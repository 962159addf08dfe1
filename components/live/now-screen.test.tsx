import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { firstMinuteView, storyView, troubledView } from '../fixtures/story.ts';
import { NowScreen } from './now-screen.tsx';

afterEach(cleanup);

const idle = { run: () => {}, isRunning: false, failure: null };

function show(over: Partial<Parameters<typeof NowScreen>[0]> = {}) {
  const view = over.view ?? storyView();
  const onGo = vi.fn();
  render(
    <NowScreen
      view={view}
      address={{ range: '6h', scope: view.scope }}
      receivedAtMs={null}
      onGo={onGo}
      poll={idle}
      {...over}
    />,
  );
  return onGo;
}

describe('the Now page', () => {
  it('has one sentence, then two hero charts, two small ones, machines and sources', () => {
    show();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('24.0K GETs an hour');
    expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual([
      'Redis GETs',
      'Database queries',
      '429 responses',
      'Cache hit ratio',
      'Machines',
      'Sources',
    ]);
    expect(screen.getAllByRole('slider')).toHaveLength(4);
  });

  it('shows mode, scope, ages and range in its header', () => {
    show();
    const header = within(screen.getByRole('banner'));
    expect(header.getByText('Mixed').textContent).toBe('Mixed since 22:12Z');
    expect(header.getByRole('list', { name: 'Age of each source' }).textContent).toContain(
      'machines 48\u00a0s',
    );
    expect(header.getByRole('link', { current: true }).textContent).toBe('6h');
  });

  it('changes range and scope without leaving the page, but leaves a new tab to the browser', () => {
    const onGo = show();
    const link = screen.getByRole('link', { name: '24h' });
    expect(link.getAttribute('href')).toBe('/?range=24h');
    fireEvent.click(link);
    expect(onGo).toHaveBeenLastCalledWith({
      range: '24h',
      scope: { app: 'harbor', environment: 'production' },
    });
    fireEvent.change(screen.getByRole('combobox', { name: 'App and environment' }), {
      target: { value: 'harbor · staging' },
    });
    expect(onGo).toHaveBeenLastCalledWith({ range: '6h', scope: { app: 'harbor', environment: 'staging' } });
    onGo.mockClear();
    link.addEventListener('click', (event) => event.preventDefault());
    fireEvent.click(link, { ctrlKey: true });
    expect(onGo).not.toHaveBeenCalled();
  });

  it('offers no scope to choose when there is only one', () => {
    show({ view: firstMinuteView() });
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('visits every source on request, and says so while it does', () => {
    const run = vi.fn();
    show({ poll: { ...idle, run } });
    fireEvent.click(screen.getByRole('button', { name: 'Poll now' }));
    expect(run).toHaveBeenCalledOnce();
    cleanup();
    show({ poll: { ...idle, isRunning: true } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Polling…' }).disabled).toBe(true);
  });

  it('in its first minute says what it waits for and what is not configured', () => {
    show({ view: firstMinuteView() });
    expect(screen.getByText('Sample 1 of 2, first rate in 30 s')).toBeTruthy();
    expect(screen.getByText('No Postgres is configured')).toBeTruthy();
    expect(screen.getByRole('complementary', { name: 'Demo' })).toBeTruthy();
    expect(screen.getByText('No machine is watched.')).toBeTruthy();
  });

  it('says what of the address it could not show', () => {
    show({ remarks: ['“2x” is no time range here; shown: the last 1h.'] });
    expect(screen.getByText(/no time range here/)).toBeTruthy();
  });

  it('has no style attribute in what the server sends, in any state', () => {
    for (const view of [storyView(), firstMinuteView(), troubledView()]) {
      const html = renderToString(
        <NowScreen
          view={view}
          address={{ range: '6h', scope: view.scope }}
          receivedAtMs={1}
          onGo={() => {}}
          poll={idle}
        />,
      );
      expect(html).not.toMatch(/\sstyle=/);
    }
  });
});

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigReads } from '@/lib/client/use-config-view.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { emptyConfig, misreadConfig, storyConfig, untoldConfig, wideConfig } from '../fixtures/config.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { ConfigLive } from './config-live.tsx';

const SCOPE = { app: 'harbor', environment: 'production' };

function show(
  initial: ConfigView,
  answer: ConfigReads['readConfig'] = async () => ({ ok: true, data: initial }),
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const asked: unknown[] = [];
  const readConfig: ConfigReads['readConfig'] = (input) => {
    asked.push(input);
    return answer(input);
  };
  render(
    <QueryClientProvider client={client}>
      <CommandCenter>
        <ConfigLive
          initial={initial}
          initialAddress={{ scope: SCOPE, isLocal: false }}
          actions={{ readConfig }}
        />
      </CommandCenter>
    </QueryClientProvider>,
  );
  return { asked };
}
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
const row = (name: string) => screen.getByRole('row', { name: new RegExp(`^${name}`) });

beforeEach(() => window.history.replaceState(null, '', '/config'));
afterEach(cleanup);

describe('the Config page', () => {
  it('a digest in place of a value: what was set, what was read and what is seen stand beside each other', () => {
    show(misreadConfig());
    expect(heading()).toContain(
      'SUSPEND_REDIS does not run as it was meant: what was set, what its processes read and what its machines do show it.',
    );
    const cells = within(row('SUSPEND_REDIS')).getAllByRole('cell');
    expect(cells[0]?.textContent).toContain('looks like a digest by v1204, 19:22Z');
    expect(cells[1]?.textContent).toContain('false looks like a digest');
    expect(cells[1]?.textContent).toContain('60.9K Redis commands in 5 min');
    const wrong = within(screen.getByRole('list', { name: 'What is wrong with SUSPEND_REDIS' }));
    expect(wrong.getAllByRole('listitem').map((item) => item.textContent?.split(' ')[0])).toEqual([
      'Looks',
      'Asked',
      'Looks',
      'Traffic',
      'Traffic',
    ]);
    expect(screen.getByText('fly secrets set SUSPEND_REDIS=true -a harbor')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'v1204' }).getAttribute('href')).toBe('/deploys/d5');
  });

  it('one machine of two: the state of the secret and the skew of the machines are said', () => {
    show(storyConfig());
    expect(heading()).toContain('No setting was misread that we can see; one needs a look: SUSPEND_REDIS.');
    expect(heading()).toContain(
      '2 releases run: v1206 on 3d8dd7a1, v1205 on 9185e2bc. v1203 counts on 3 machines; 2 run.',
    );
    expect(row('SUSPEND_REDIS').textContent).toContain('Partial on some machines');
    const machines = within(screen.getByRole('region', { name: 'Machines' }));
    expect(machines.getByText(/2 run, 3 assumed/)).toBeTruthy();
    expect(machines.getByText(/30 → 24 connections/)).toBeTruthy();
    expect(machines.getByText(/No claim of v1206 names a number of machines/)).toBeTruthy();
  });

  it('a setting that reads as written says so in words, not in colour alone', () => {
    show(storyConfig());
    expect(row('LIMITER_SYNC_SECONDS').textContent).toContain('set, read as written');
    expect(row('LIMITER_SYNC_SECONDS').textContent).toContain('nothing tells');
  });

  it('what is only set at the platform stands apart, and claims nothing', () => {
    show(storyConfig());
    expect(
      screen.getByText(/4 more settings are only known as set: no machine says how it read them/),
    ).toBeTruthy();
  });

  it('where nothing tells, it says what would, with the code to copy', () => {
    show(untoldConfig());
    expect(heading()).toContain('Can’t tell whether what runs is what was meant');
    const untold = within(screen.getByRole('region', { name: 'Not told' }));
    expect(untold.getAllByRole('listitem')).toHaveLength(2);
    expect(untold.getByRole('button', { name: 'Copy the code for app_setting_info' })).toBeTruthy();
    expect(screen.getByText(/No setting is known/)).toBeTruthy();
  });

  it('a machine that gives no answer is not known, with the reason; nothing is drawn as well', () => {
    show(wideConfig());
    fireEvent.click(screen.getAllByRole('button', { name: 'Show all 9 machines' })[0] as HTMLElement);
    const cells = within(row('SUSPEND_REDIS')).getAllByRole('cell');
    expect(cells).toHaveLength(10);
    expect(cells[8]?.textContent).toContain('Not known it does not answer');
    expect(screen.getByText('How many run is not known, 3 assumed')).toBeTruthy();
  });

  it('without anything watched it says where to begin', () => {
    show(emptyConfig());
    expect(screen.getByText('No machine is known.')).toBeTruthy();
    expect(screen.getByText(/No setting is known/)).toBeTruthy();
  });

  it('follows by ticks of one read, and keeps the last good view when one fails', async () => {
    const quick = { ...misreadConfig(), refreshMs: 20 };
    let ticks = 0;
    const { asked } = show(quick, async () => {
      ticks += 1;
      return ticks === 1
        ? { ok: true, data: { ...storyConfig(), refreshMs: 20 } }
        : { ok: false, error: { code: 'internal', message: 'The server does not answer.' } };
    });
    await waitFor(() => expect(heading()).toContain('one needs a look'));
    expect(await screen.findByRole('button', { name: /try again/i })).toBeTruthy();
    expect(heading()).toContain('one needs a look');
    expect(asked[0]).toEqual(SCOPE);
  });

  it('u changes the zone, and the address keeps it', () => {
    show(storyConfig());
    fireEvent.keyDown(document.body, { key: 'u', code: 'KeyU' });
    expect(window.location.search).toBe('?tz=local');
  });

  it('a scope that is not watched is said', () => {
    window.history.replaceState(null, '', '/config?app=nowhere');
    show(storyConfig());
    expect(screen.getByText(/“nowhere” is not watched here; shown: harbor · production\./)).toBeTruthy();
  });
});

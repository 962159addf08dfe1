import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SettingsActions } from '@/lib/client/use-settings.ts';
import { NO_ACTS } from '@/lib/core/budget/acts.ts';
import { SOURCE_KINDS, type SourceKind } from '@/lib/core/model/target.ts';
import type { BackfillView, SettingsView, SourceSettingView } from '@/lib/core/sources/settings-view.ts';
import { writeSource } from '@/lib/core/sources/write-yaml.ts';
import { SettingsLive } from './settings-live.tsx';

vi.setConfig({ testTimeout: 30_000 });
// The document of these tests has no size, and so nothing to scroll.
Element.prototype.scrollIntoView = () => {};
afterEach(cleanup);

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40);

function source(given: Partial<SourceSettingView> = {}): SourceSettingView {
  const kind = given.kind ?? 'redis';
  return {
    id: `harbor/production/${kind}/main`,
    scope: { app: 'harbor', environment: 'production' },
    kind,
    name: 'main',
    address: 'cache.internal:6379',
    state: 'ok',
    ageMs: 4_000,
    error: null,
    fix: null,
    notices: [],
    shape: { kind, intervalSeconds: 300, features: ['metered'], queries: 0 },
    costToday: { ...NO_ACTS, commands: 120, connects: 1 },
    costADay: { ...NO_ACTS, commands: 288 },
    budget: { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 },
    facts: [['version', 'redis 7.0.15']],
    lit: [true, false, true, true, true, true],
    backfill: null,
    ...given,
  };
}

function viewOf(...sources: readonly SourceSettingView[]): SettingsView {
  const present = new Set(sources.map(({ kind }) => kind));
  const missing = SOURCE_KINDS.filter((kind) => !present.has(kind));
  return {
    ...{ asOfMs: NOW_MS, demo: false, sources, missing },
    ...{ receivers: [], heartbeat: null, refreshMs: 60_000 },
    data: { engine: 'sqlite', bytes: 3_100_000, series: 412, role: 'alone', fault: null },
  };
}

type TestAnswer = Awaited<ReturnType<SettingsActions['testSource']>>;

/** A server that answers as it is told, and writes down what it was asked. */
function serve(view: SettingsView, answer?: TestAnswer) {
  const asked: unknown[] = [];
  const good: TestAnswer = {
    ok: true,
    data: {
      id: 'harbor/production/redis/main',
      atMs: NOW_MS,
      durationMs: 12,
      state: 'ok',
      error: null,
      notices: [],
      metrics: [
        { metric: 'redis_commands_total', unit: 'commands', samples: 9, value: null },
        { metric: 'redis_connected_clients', unit: 'connections', samples: 1, value: 45 },
      ],
      spent: { ...NO_ACTS, commands: 1 },
    },
  };
  const actions: SettingsActions = {
    readSettings: async () => ({ ok: true, data: view }),
    testSource: async (input) => {
      asked.push(input);
      return answer ?? good;
    },
    testReceiver: async (input) => {
      asked.push(input);
      return { ok: true, data: { ok: true, text: 'hooks.slack.com:443 took the test message in 80 ms.' } };
    },
    checkSource: async (input) => {
      asked.push(input);
      return { ok: true, data: { ...writeSource(input.kind, input.values), faults: [] } };
    },
  };
  return { actions, asked };
}

function page(view: SettingsView, actions: SettingsActions, kind: SourceKind = 'redis') {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return (
    <QueryClientProvider client={client}>
      <SettingsLive
        initial={view}
        initialKind={kind}
        actions={actions}
        tokens={<p>the tokens</p>}
        shares={<p>the shares</p>}
      />
    </QueryClientProvider>
  );
}

function show(view: SettingsView, answer?: TestAnswer, kind?: SourceKind) {
  const server = serve(view, answer);
  render(page(view, server.actions, kind));
  return server;
}

const sources = () => within(screen.getByRole('region', { name: 'Sources' }));

describe('the sources', () => {
  it('tell what watching costs in acts, in money, and against its cap', () => {
    show(viewOf(source()));
    const line = sources().getByText(/today, about/).textContent ?? '';
    expect(line).toContain(
      '120 commands, 1 connect today, about 288 commands a day, $0.000576 a day at list price',
    );
    expect(line).toContain('our cap is 500 commands and connects a day');
  });

  it('tell exact calls, the least rights, and which panels have had a number', () => {
    show(viewOf(source()));
    const calls = within(sources().getByRole('table'));
    expect(calls.getByRole('row', { name: /^INFO/ }).textContent).toMatch(/every 5.m288$/);
    expect(sources().getByText(/ACL SETUSER watcher/)).toBeTruthy();
    expect(sources().getByText('Redis mode · no number yet')).toBeTruthy();
    expect(sources().getByText('redis 7.0.15')).toBeTruthy();
  });

  it('name a missing right and the command that mends it, without a test', () => {
    const message = 'postgres: main refused; as an admin run: GRANT pg_monitor TO "watcher"';
    show(viewOf(source({ kind: 'postgres', state: 'misconfigured', error: { kind: 'grant', message } })));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('main cannot be read');
    const buttons = sources().getAllByRole('button', { name: 'Copy the command for main' });
    expect(buttons).toHaveLength(1);
    expect(sources().getByText('GRANT pg_monitor TO "watcher"')).toBeTruthy();
  });

  it('are tested one at a time, and say what was read and sent', async () => {
    const { asked } = show(viewOf(source(), source({ id: 'harbor/production/redis/other', name: 'other' })));
    fireEvent.click(screen.getByRole('button', { name: 'Test main' }));
    const result = within(await screen.findByRole('region', { name: 'Test of main' }));
    expect(result.getByText('10 samples of 2 metrics')).toBeTruthy();
    expect(result.getByText(/sent 1 command$/)).toBeTruthy();
    expect(result.getByText('45')).toBeTruthy();
    expect(asked).toContainEqual({ id: 'harbor/production/redis/main' });
    fireEvent.click(result.getByRole('button', { name: 'Done' }));
    expect(screen.queryByRole('region', { name: 'Test of main' })).toBeNull();
  });

  it('say why a test was not made', async () => {
    const message = 'It was tested a moment ago. Test it again in 12 s.';
    show(viewOf(source()), { ok: false, error: { code: 'too_many', message } });
    fireEvent.click(screen.getByRole('button', { name: 'Test main' }));
    expect((await screen.findByRole('alert')).textContent).toBe(`Not tested: ${message}`);
  });
});

describe('a provider’s memory', () => {
  const withBackfill = (backfill: BackfillView) =>
    viewOf(source({ kind: 'upstash', name: 'usage', backfill }));

  it('has a bar while it is read', () => {
    show(withBackfill({ kind: 'running', share: 0.437 }));
    const bar = screen.getByRole('progressbar', { name: 'History of usage' });
    expect(bar.getAttribute('aria-valuenow')).toBe('43');
    expect(bar.querySelectorAll('rect')[1]?.getAttribute('width')).toBe('43%');
  });

  it.each<[string, BackfillView, RegExp]>([
    ['waits', { kind: 'waiting' }, /read after the first good visit; it remembers 7 days/],
    [
      'is done',
      { kind: 'done', atMs: NOW_MS, series: 12, fromMs: Date.UTC(2026, 3, 2) },
      /back to 2 Apr 00:00Z, 12 series/,
    ],
    ['held nothing', { kind: 'done', atMs: NOW_MS, series: 0, fromMs: null }, /it remembered nothing/],
    ['failed', { kind: 'failed', atMs: NOW_MS, text: 'gave 500' }, /tried again within the hour: gave 500/],
  ])('%s, in words and without a bar', (_, backfill, text) => {
    show(withBackfill(backfill));
    expect(sources().getByText(text)).toBeTruthy();
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('is no line of a source without one', () => {
    show(viewOf(source()));
    expect(screen.queryByText('History:')).toBeNull();
  });
});

describe('kinds that nobody has configured', () => {
  it('say what they would light up and the lines that bring them', () => {
    show(viewOf(source()));
    const missing = within(screen.getByRole('region', { name: 'Not configured' }));
    expect(missing.getAllByRole('heading', { level: 3 })).toHaveLength(SOURCE_KINDS.length - 1);
    expect(missing.getByText(/429 responses, Machines, Releases landing/)).toBeTruthy();
    expect(missing.getByText(/kind: fly/).textContent).toContain('token: $' + '{FLY_API_TOKEN}');
    fireEvent.click(missing.getByRole('button', { name: 'Connect Fly.io' }));
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Kind' }).value).toBe('fly');
  });
});

describe('the form', () => {
  const field = (name: RegExp | string) => screen.getByRole<HTMLInputElement>('textbox', { name });

  it('writes lines at once and has them read by the server’s config', async () => {
    const { asked } = show(viewOf());
    fireEvent.change(field('Name, optional'), { target: { value: 'main-cache' } });
    expect(screen.getByText(/name: main-cache/)).toBeTruthy();
    await screen.findByText('Sound', {}, { timeout: 15_000 });
    await expect
      .poll(() => asked.at(-1), { timeout: 15_000 })
      .toEqual({
        kind: 'redis',
        values: { name: 'main-cache', host: '', user: '', secret: 'REDIS_URL', tls: '' },
      });
  });

  it('never sends or writes what may be a credential', async () => {
    vi.useFakeTimers();
    try {
      const { asked } = show(viewOf());
      fireEvent.change(field('Variable with the address or password'), {
        target: { value: 'redis://u:hunter2@cache:6379' },
      });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(JSON.stringify(asked)).not.toContain('hunter2');
      expect(screen.getByText(/and never what it holds/)).toBeTruthy();
      expect(document.querySelectorAll('pre')).not.toHaveLength(0);
      for (const pre of document.querySelectorAll('pre')) expect(pre.textContent).not.toContain('hunter2');
    } finally {
      vi.useRealTimers();
    }
  });

  it('says what is needed before it writes anything', () => {
    show(viewOf(), undefined, 'app');
    expect(screen.getByText(/as soon as every needed field is filled in/)).toBeTruthy();
  });
});

it('is whole in the first HTML, without an inline style', () => {
  const view = viewOf(source({ kind: 'upstash', backfill: { kind: 'running', share: 0.5 } }));
  const html = renderToString(page(view, serve(view).actions));
  expect(html).toContain('role="progressbar"');
  expect(html).toContain('Connect a source');
  expect(html).not.toMatch(/ style=/);
});

describe('the receivers', () => {
  it('are tested from here, and what came of it is told beside them', async () => {
    const receiver = {
      ...{
        name: 'oncall',
        kind: 'slack' as const,
        address: 'hooks.slack.com:443',
        topics: ['alerts' as const],
      },
      ...{
        waiting: 0,
        oldestMs: null,
        delivered: 0,
        lastDeliveredMs: null,
        lastError: null,
        nextTryMs: null,
      },
      givenUp: [],
    };
    const { asked } = show({ ...viewOf(source()), receivers: [receiver] });
    fireEvent.click(screen.getByRole('button', { name: 'Send a test to oncall' }));
    await screen.findByText(/Test arrived: hooks\.slack\.com:443 took/);
    expect(asked).toContainEqual({ name: 'oncall' });
  });
});

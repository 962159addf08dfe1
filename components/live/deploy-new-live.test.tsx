import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeployActions, DeployInput } from '@/lib/client/deploy-actions.ts';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import type { NewDeployView } from '@/lib/core/deploys/deploys-view.ts';
import { DeployNewLive } from './deploy-new-live.tsx';

vi.setConfig({ testTimeout: 30_000 });
// The document of these tests has no size, and so nothing to scroll.
Element.prototype.scrollIntoView = () => {};
beforeEach(() => window.sessionStorage.clear());
afterEach(cleanup);

const VIEW: NewDeployView = {
  asOfMs: Date.UTC(2026, 3, 9, 20, 0),
  scopes: [
    { app: 'harbor', environment: 'production', known: {}, sources: ['redis'] },
    { app: 'harbor', environment: 'staging', known: {}, sources: [] },
  ],
};
const TEXT = [
  '# Release v1203',
  '',
  '- Redis GETs: 733K/hour → 24K/hour',
  '- Database queries: 195,680/day → 50,816/day',
  '',
  '## Next 24 hours',
  '- [ ] Check the error rate',
].join('\n');

type Answer = Awaited<ReturnType<DeployActions['registerDeploy']>>;

const FORECAST = 'Can be told about 1 h after the deploy, from the 14 days before it.';

function serve(answer: Answer) {
  const asked: DeployInput[] = [];
  const forecast: ParsedClaim[][] = [];
  return {
    asked,
    forecast,
    actions: {
      readForecasts: async ({ claims }: { claims: ParsedClaim[] }) => {
        forecast.push(claims);
        const told = claims.map(({ id }) => ({
          claimId: id,
          text: FORECAST,
          decidableAfterMs: 3_600_000,
          baselineDays: 14,
          baseline: 'measured' as const,
        }));
        return { ok: true as const, data: told };
      },
      registerDeploy: async (input: DeployInput) => {
        asked.push(input);
        return answer;
      },
    },
  };
}

const REFUSED: Answer = { ok: false, error: { code: 'internal', message: 'The store is full.' } };

function page(actions: Pick<DeployActions, 'registerDeploy' | 'readForecasts'>) {
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  return (
    <QueryClientProvider client={client}>
      <DeployNewLive view={VIEW} actions={actions} />
    </QueryClientProvider>
  );
}

function show(answer: Answer = REFUSED) {
  const server = serve(answer);
  render(page(server.actions));
  return server;
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /Summary/ });
const list = () => within(screen.getByRole('region', { name: 'What was read' }));
const write = (text: string) => fireEvent.change(field(), { target: { value: text } });
const paste = (text: string) =>
  fireEvent.paste(field(), { clipboardData: { files: [], getData: () => text } });
const claim = async (name: RegExp) => list().findByRole('button', { name }, { timeout: 10_000 });

describe('a summary that is typed', () => {
  it('is read beside its lines, and a screen reader hears how much', async () => {
    show();
    write(TEXT);
    await claim(/Claim:.*Redis GETs/);
    expect(
      list()
        .getByText(/^2 claims, 1 check, /)
        .getAttribute('aria-live'),
    ).toBe('polite');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/^Two promises, one of them/);
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Release' }).value).toBe('v1203');
    expect(list().getByText(/Connect Postgres/)).toBeTruthy();
  });

  it('lights the lines of the chosen claim, and finds the claim of a line', async () => {
    show();
    write(TEXT);
    const gets = await claim(/Claim:.*Redis GETs/);
    act(() => gets.focus());
    expect(document.querySelectorAll('rect.fill-hover')).toHaveLength(1);
    fireEvent.keyDown(gets, { key: 'Escape' });
    expect(document.activeElement).toBe(field());
    const at = TEXT.indexOf('Database');
    field().setSelectionRange(at, at);
    fireEvent.keyDown(field(), { key: 'Enter', ctrlKey: true });
    expect(document.activeElement?.textContent).toContain('Database queries');
  });

  it('is kept in this tab until it is registered, without its secrets', async () => {
    show();
    write(`${TEXT}\nredis://user:hunter2hunter2@cache:6379`);
    await claim(/Redis GETs/);
    await screen.findByText('1 secret replaced');
    expect(field().value).not.toContain('hunter2');
    await expect.poll(() => window.sessionStorage.getItem('afterwatch_new_deploy')).toContain('733K');
    expect(window.sessionStorage.getItem('afterwatch_new_deploy')).not.toContain('hunter2');
    cleanup();
    show();
    await claim(/Redis GETs/);
    expect(field().value).toContain('733K/hour');
  });
});

describe('what can be told of a claim', () => {
  it('stands beside each one that can be measured, asked for in one call', async () => {
    const { forecast } = show();
    write(TEXT.replace('- Database', '- Redis SETs: 10K/hour → 5K/hour\n- Database'));
    await claim(/Claim:.*Redis SETs/);
    await waitFor(() => expect(list().getAllByText(FORECAST)).toHaveLength(2), { timeout: 10_000 });
    expect(forecast).toHaveLength(1);
    expect(forecast[0]).toHaveLength(2);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(
      /^Three promises, and 24 hours can settle two of them/,
    );
  });

  it('is gone as soon as the claim says something else, until it is asked for again', async () => {
    const { forecast } = show();
    write('- Redis GETs: 733K/hour → 24K/hour');
    await claim(/Redis GETs/);
    await list().findByText(FORECAST, undefined, { timeout: 10_000 });
    fireEvent.click(await claim(/Redis GETs/));
    fireEvent.change(list().getByLabelText('Promised'), { target: { value: '12K' } });
    expect(list().queryByText(FORECAST)).toBeNull();
    await list().findByText(FORECAST, undefined, { timeout: 10_000 });
    expect(forecast.at(-1)?.[0]?.after).toBe(12_000);
  });

  it('can be narrowed by hand, and what is no label changes nothing', async () => {
    const { forecast } = show();
    write('- Redis GETs: 733K/hour → 24K/hour');
    fireEvent.click(await claim(/Redis GETs/));
    const only = list().getByLabelText<HTMLInputElement>('Only where');
    expect(only.value).toBe('cmd=get');
    fireEvent.change(only, { target: { value: 'cmd' } });
    expect(list().getByText(/Write name=value/)).toBeTruthy();
    fireEvent.change(only, { target: { value: 'cmd=mget' } });
    expect(list().queryByText(/Write name=value/)).toBeNull();
    await waitFor(() => expect(forecast.at(-1)?.[0]?.labels).toEqual({ cmd: 'mget' }), { timeout: 10_000 });
  });
});

describe('a paste', () => {
  it('has its secrets replaced before it is shown', async () => {
    show();
    paste('Redis GETs: 10/s → 5/s\nredis-cli -a hunter2hunter2 PING');
    expect(field().value).not.toContain('hunter2');
    await screen.findByText('1 secret replaced');
  });

  it.each([
    ['of too much', 'x'.repeat(70_000), /Not pasted\. .*a summary can have 64 KB: 4\.4 KB/],
    ['of a binary', '\u0000\u0001\u0002PK', /is no text/],
    ['of blanks', '  \n ', /nothing but blanks/],
    ['of nothing', '', /no text to paste/],
  ])('%s gives a sentence and changes nothing', async (_, text, sentence) => {
    show();
    write('kept');
    paste(text);
    expect((await screen.findByRole('alert')).textContent).toMatch(sentence);
    expect(field().value).toBe('kept');
  });
});

describe('claims', () => {
  it('are edited, bound, removed and added', async () => {
    show();
    write(TEXT);
    fireEvent.click(await claim(/Claim:.*Database/));
    const item = within(
      list()
        .getByRole('button', { name: /Claim:.*Database/ })
        .closest('li') ?? document.body,
    );
    fireEvent.change(item.getByRole('textbox', { name: 'Promised' }), { target: { value: '60K' } });
    expect(item.getByText('edited')).toBeTruthy();
    const metric = item.getByRole<HTMLInputElement>('combobox', { name: 'Metric' });
    fireEvent.change(metric, { target: { value: 'redis commands processed' } });
    expect(metric.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(metric, { key: 'Enter' });
    expect(metric.value).toBe('redis_commands_processed_total');
    expect(item.getAllByText(/Bound by a person/).length).toBeGreaterThan(0);
    fireEvent.click(item.getByRole('button', { name: /^Remove/ }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/^One promise/);
    fireEvent.click(item.getByRole('button', { name: /^Take in again/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Add a claim' }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/^Three promises/);
  });
});

describe('the watch', () => {
  it('cannot start before there is a release and something to watch, and says so', async () => {
    show();
    const start = screen.getByRole<HTMLButtonElement>('button', { name: 'Start the watch' });
    expect(start.disabled).toBe(true);
    write('- Redis GETs: 733K/hour → 24K/hour');
    await claim(/Redis GETs/);
    expect(screen.getByText('Name the release: the summary does not.')).toBeTruthy();
  });

  it('is refused without a loss, and the same try again is the same hand-over', async () => {
    const { asked } = show();
    write(TEXT);
    await claim(/Redis GETs/);
    const start = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Start the watch' });
    await expect.poll(() => start().disabled).toBe(false);
    fireEvent.change(screen.getByRole('textbox', { name: 'Time' }), {
      target: { value: '2026-04-09 17:54Z' },
    });
    fireEvent.click(start());
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Not registered: The store is full. Nothing typed is lost.',
    );
    expect(field().value).toBe(TEXT);
    fireEvent.click(start());
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.key).toBe(asked[0]?.key);
    expect(asked[0]).toMatchObject({
      app: 'harbor',
      release: 'v1203',
      kind: 'code',
      time: Date.UTC(2026, 3, 9, 17, 54),
      summary: TEXT,
      confirm: true,
    });
    expect(asked[0]?.claims.map(({ standing }) => standing)).toEqual(['confirmed', 'confirmed']);
  });
});

it('is whole in the first HTML, without an inline style', () => {
  const html = renderToString(page(serve(REFUSED).actions));
  expect(html).toContain('Paste what this deploy promises');
  expect(html).not.toMatch(/ style=/);
});

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseClaims } from '@/lib/core/claims/index.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import type { DeployView } from '@/lib/server/queries/deploys.ts';
import { FIRST_DEPLOY_MS, STORY_NOW_MS } from '../fixtures/evening.ts';
import { watchOf } from '../fixtures/watch.ts';
import { detailOf, interruptedDetail, storyDetail, storyForecasts } from '../fixtures/watch-detail.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { installOverlays } from '../ui/test-overlays.ts';
import { DeployLive } from './deploy-live.tsx';

vi.setConfig({ testTimeout: 30_000 });
let removeOverlays: () => void;
beforeEach(() => {
  removeOverlays = installOverlays();
  window.localStorage.clear();
});
afterEach(() => {
  cleanup();
  removeOverlays();
});

const TEXT = [
  '# v1203',
  '',
  '- Redis GETs: 733K/hour → 24K/hour',
  '',
  '## Rollback',
  '',
  '```',
  'git revert HEAD',
  '```',
].join('\n');
const DOCUMENT = parseClaims(TEXT);

function viewOf(watch: WatchDetail | null, over: Partial<DeployView> = {}): DeployView {
  return {
    asOfMs: STORY_NOW_MS,
    deploy: {
      id: '20260409T175452-abcdefgh',
      app: 'harbor',
      environment: 'production',
      release: watch?.view.release ?? 'v1203',
      kind: 'code',
      startMs: FIRST_DEPLOY_MS,
      endMs: FIRST_DEPLOY_MS,
      rolled: null,
      origin: 'api',
      sign: null,
      title: 'Redis spike fix',
      summary: TEXT,
      document: DOCUMENT,
      claims: DOCUMENT.claims.map((claim) => ({ ...claim, standing: 'confirmed', edited: false })),
      links: [],
      createdMs: FIRST_DEPLOY_MS,
      confirmed: { atMs: FIRST_DEPLOY_MS, by: 'Ada' },
    },
    previous: null,
    next: null,
    together: [],
    watch,
    forecasts: [],
    ...over,
  };
}

/** A server that keeps what it was asked for, and tells of the watch as it is by then. */
function serve(first: WatchDetail | null, after: WatchDetail | null = first, refuses = false) {
  const asked: unknown[] = [];
  let isDone = false;
  const write = async (input: unknown) => {
    asked.push(input);
    if (refuses) return { ok: false, error: { code: 'not_found', message: 'It is gone.' } } as const;
    isDone = true;
    return { ok: true, data: { deployId: 'x' } } as const;
  };
  return {
    asked,
    actions: {
      readDeploy: async () => ({ ok: true, data: viewOf(isDone ? after : first) }) as const,
      saveClaims: async () => ({ ok: true, data: viewOf(first).deploy }) as const,
      confirmClaims: async () => ({ ok: true, data: viewOf(first).deploy }) as const,
      signCheck: write,
      unsignCheck: write,
      overrideVerdict: write,
      doFollowUp: write,
    },
  };
}

function show(view: DeployView, server = serve(view.watch)) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <CommandCenter>
        <DeployLive initial={view} sources={['redis']} actions={server.actions} />
      </CommandCenter>
    </QueryClientProvider>,
  );
  return server;
}

const isBefore = (a: Element, b: Element) =>
  Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
const region = (name: RegExp | string) => screen.getByRole('region', { name });
const dialog = (name: string) => within(screen.getByRole('dialog', { name }));
const type = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe('the page of a deploy that is watched', () => {
  it('has the way back before everything else once a claim has gone bad, and once only', () => {
    show(viewOf(interruptedDetail()));
    const back = region('Roll back');
    expect(isBefore(back, region(/^Watch of/))).toBe(true);
    expect(isBefore(back, region('Claims'))).toBe(true);
    expect(within(back).getByText('git revert HEAD')).toBeTruthy();
  });

  it('has the way back after the claims while nothing is bad', () => {
    show(viewOf(storyDetail()));
    expect(isBefore(region('Claims'), region('Roll back'))).toBe(true);
  });

  it('shows the parts in the order in which people ask', () => {
    show(viewOf(interruptedDetail()));
    const parts = [
      'Claims',
      'Checklist',
      'Before and after',
      'Machines converging',
      'History',
      'Audit',
      'Summary',
    ];
    const regions = parts.map((name) => region(name));
    for (const [n, one] of regions.entries()) {
      const next = regions[n + 1];
      if (next !== undefined) expect(isBefore(one, next)).toBe(true);
    }
  });

  it('before its first evaluation says that one is under way, and not that it promises nothing', () => {
    const watch = detailOf({ view: watchOf({ release: 'v1203' }) });
    show(viewOf(watch));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      'v1203 makes one promise. Its numbers are being looked at for the first time.',
    );
    expect(within(region('Claims')).getByText(/^The first look at them is under way/)).toBeTruthy();
  });

  it('without a watch says what it promises and when that can be told', () => {
    const [claim] = DOCUMENT.claims;
    const [forecast] = storyForecasts();
    if (claim === undefined || forecast === undefined) throw new Error('the fixture has a claim');
    show(viewOf(null, { forecasts: [{ ...forecast, claimId: claim.id }] }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/^v1203 makes one promise/);
    expect(within(region('Claims')).getByText(/^Can be told about 1 h after the deploy/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Override' })).toBeNull();
  });
});

it('an incident can be opened from a bad verdict, and where a person says another one that counts', () => {
  const offers = (watch: WatchDetail) => {
    show(viewOf(watch));
    const button = screen.queryByText('Open an incident');
    cleanup();
    return button !== null;
  };
  const said = { by: 'Ada', reason: 'The bill shows no fall.', atMs: STORY_NOW_MS };
  const of = (state: WatchDetail['view']['state'], override: WatchDetail['override'] = null) =>
    offers(detailOf({ view: watchOf({ state }), override }));
  expect(of('failing')).toBe(true);
  expect(of('met')).toBe(false);
  expect(of('failing', { ...said, state: 'met' })).toBe(false);
  expect(of('met', { ...said, state: 'missed' })).toBe(true);
});

describe('what a person does to a watch', () => {
  it('a line is signed by name and note, and this browser remembers the name', async () => {
    const signed = interruptedDetail();
    const after = {
      ...signed,
      checks: signed.checks.map((check) =>
        check.id === 'limits'
          ? { ...check, state: 'done' as const, signed: { by: 'Ada', atMs: STORY_NOW_MS, note: 'seen' } }
          : check,
      ),
    };
    const { asked } = show(viewOf(signed), serve(signed, after));
    fireEvent.click(screen.getByRole('button', { name: 'Sign: Limits still enforced' }));
    const send = dialog('Sign').getByRole<HTMLButtonElement>('button', { name: 'Sign' });
    expect(send.disabled).toBe(true);
    type(/What you saw/, ' seen ');
    type(/Your name/, ' Ada ');
    fireEvent.click(send);
    await screen.findByText(/Signed by Ada/);
    expect(asked).toEqual([
      { deployId: '20260409T175452-abcdefgh', by: 'Ada', checkId: 'limits', note: 'seen' },
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Sign' })).toBeNull());
    fireEvent.click(screen.getByRole('button', { name: 'Override' }));
    expect(dialog('Override the verdict').getByLabelText<HTMLInputElement>('Your name').value).toBe('Ada');
  });

  it('an override needs a verdict, a reason and a name', async () => {
    const detail = storyDetail();
    const { asked } = show(viewOf(detail));
    fireEvent.click(screen.getByRole('button', { name: 'Override' }));
    const send = () =>
      dialog('Override the verdict').getByRole<HTMLButtonElement>('button', { name: 'Override' });
    type(/Your name/, 'Ada');
    type(/Reason/, 'The bill says so.');
    expect(send().disabled).toBe(true);
    type(/^Verdict/, 'missed');
    expect(send().disabled).toBe(false);
    fireEvent.click(send());
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]).toMatchObject({ by: 'Ada', verdict: { state: 'missed', reason: 'The bill says so.' } });
  });

  it('what is refused keeps the dialog with what was typed, and says why', async () => {
    const detail = interruptedDetail();
    show(viewOf(detail), serve(detail, detail, true));
    fireEvent.click(screen.getByRole('button', { name: 'Sign: Limits still enforced' }));
    type(/What you saw/, 'seen');
    type(/Your name/, 'Ada');
    fireEvent.click(dialog('Sign').getByRole('button', { name: 'Sign' }));
    await screen.findByText('Not done: It is gone.');
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What you saw/).value).toBe('seen');
  });

  it('an override is withdrawn, and a follow-up is done by name', async () => {
    const detail = interruptedDetail({
      override: { state: 'met', by: 'Bob', reason: 'I say so', atMs: STORY_NOW_MS },
    });
    const { asked } = show(viewOf(detail));
    fireEvent.click(screen.getByRole('button', { name: 'Withdraw' }));
    type(/Your name/, 'Ada');
    fireEvent.click(dialog('Withdraw the override').getByRole('button', { name: 'Withdraw' }));
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]).toMatchObject({ by: 'Ada', verdict: null });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    fireEvent.click(screen.getByRole('button', { name: /^Change: Move the branding cache/ }));
    fireEvent.click(dialog('Follow-up').getByRole('checkbox', { name: 'Done' }));
    fireEvent.click(dialog('Follow-up').getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]).toMatchObject({ by: 'Ada', followUpId: 'f1', done: true, owner: 'Ines' });
  });

  it('m copies the verdict as Markdown', async () => {
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (text: string) => void copied.push(text) },
    });
    show(viewOf(interruptedDetail()));
    await act(async () => {
      fireEvent.keyDown(document.body, { key: 'm' });
    });
    await waitFor(() => expect(copied).toHaveLength(1));
    expect(copied[0]).toContain('v1203');
    expect(copied[0]).toContain('Database queries fall by 74.0');
    expect(copied[0]).toContain(window.location.href);
  });
});

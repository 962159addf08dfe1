import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, type NowAddress } from '@/lib/client/address.ts';
import { freezeWindow } from '@/lib/client/window-moves.ts';
import { firstMinuteView, storyView } from '../fixtures/story.ts';
import { installOverlays } from '../ui/test-overlays.ts';
import { NowHeader } from './now-header.tsx';

let removeOverlays = () => {};
beforeAll(() => {
  removeOverlays = installOverlays();
});
afterAll(() => removeOverlays());
// Roles are slow to find in a page of this size, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

afterEach(cleanup);

const story = storyView();
const live = { ...addressOf(story), window: { kind: 'live' as const, name: '6h' as const } };
const frozen: NowAddress = { ...live, window: freezeWindow(live.window, story.range) };

function show(over: Partial<Parameters<typeof NowHeader>[0]> = {}) {
  /** Hears where each change leads to. */
  const onGo = vi.fn<(next: NowAddress) => void>();
  const address = over.address ?? live;
  render(
    <NowHeader
      view={story}
      address={address}
      receivedAtMs={null}
      onGo={(change) => onGo(change(address))}
      {...over}
    />,
  );
  return onGo;
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
/** Comes with the first press, and this machine may be busy. */
const findField = (name: string) => screen.findByLabelText<HTMLInputElement>(name, {}, { timeout: 10_000 });

describe('the header', () => {
  it('shows mode, ages, and that the page is live', () => {
    show();
    const header = within(screen.getByRole('banner'));
    expect(header.getByText('Mixed').textContent).toBe('Mixed since 22:12Z');
    expect(header.getByRole('list', { name: 'Age of each source' }).textContent).toContain('machines');
    expect(header.getByRole('button', { name: 'Live: freeze what is seen now' })).toBeTruthy();
    expect(header.getByRole('button', { name: 'Time range: Last 6 h' })).toBeTruthy();
  });

  it('shows the watch and how many alerts fire where that is known, and no chip where it is not', () => {
    show({
      watch: { release: 'v1206', tPlus: 'T+02:40 / 24:00', word: 'on track', glyph: 'good_outline' },
      firing: 1,
    });
    const header = within(screen.getByRole('banner'));
    expect(header.getByText('v1206').textContent).toBe('v1206 T+02:40 / 24:00, on track');
    expect(header.getByRole('status').textContent).toBe('1 firing');
    cleanup();
    show();
    expect(screen.queryByText(/firing$/)).toBeNull();
    expect(within(screen.getByRole('banner')).queryByRole('status')).toBeNull();
  });

  it('changes the scope without leaving the page; with one scope there is nothing to choose', () => {
    const onGo = show();
    fireEvent.change(screen.getByRole('combobox', { name: 'App and environment' }), {
      target: { value: 'harbor · staging' },
    });
    expect(onGo).toHaveBeenLastCalledWith({ ...live, scope: { app: 'harbor', environment: 'staging' } });
    cleanup();
    show({ view: firstMinuteView() });
    expect(screen.queryByRole('combobox', { name: 'App and environment' })).toBeNull();
  });

  it('freezes what is seen, says so with its time, and leads back to now', () => {
    const onGo = show();
    press('Live: freeze what is seen now');
    expect(onGo).toHaveBeenLastCalledWith(frozen);
    cleanup();
    const back = show({ address: frozen });
    press('Frozen 00:50Z: back to now');
    expect(back).toHaveBeenLastCalledWith(live);
  });

  it('switches between UTC and the viewer’s zone, and names the zone', () => {
    const onGo = show();
    press('Times are in UTC. Show the local zone');
    expect(onGo).toHaveBeenLastCalledWith({ ...live, isLocal: true });
    cleanup();
    show({ address: { ...frozen, isLocal: true }, zone: 'Europe/Berlin' });
    expect(screen.getByRole('button', { name: 'Times are in Europe/Berlin. Show UTC' }).textContent).toBe(
      'Berlin',
    );
    expect(screen.getByRole('button', { name: 'Frozen 02:50: back to now' })).toBeTruthy();
    expect(screen.getByText('Mixed').textContent).toBe('Mixed since 00:12');
  });
});

describe('the time range', () => {
  it('offers presets as links: followed here by a click, left to the browser for a new tab', () => {
    const onGo = show();
    expect(screen.queryByRole('link', { name: '24h' })).toBeNull();
    press('Time range: Last 6 h');
    const link = screen.getByRole('link', { name: '24h' });
    expect(link.getAttribute('href')).toBe('/?range=24h');
    expect(screen.getByRole('link', { current: true }).textContent).toBe('6h');
    expect(document.activeElement?.textContent).toBe('6h');
    link.addEventListener('click', (event) => event.preventDefault());
    fireEvent.click(link, { ctrlKey: true });
    expect(onGo).not.toHaveBeenCalled();
    fireEvent.click(link);
    expect(onGo).toHaveBeenLastCalledWith({ ...live, window: { kind: 'live', name: '24h' } });
    expect(screen.queryByRole('link', { name: '24h' })).toBeNull();
  });

  it('takes a typed window, in the zone that is shown', async () => {
    const onGo = show({ zone: 'Europe/Berlin' });
    press('Time range: Last 6 h');
    const from = await findField('From');
    expect(from.value).toBe('2026-04-09 18:00');
    fireEvent.change(from, { target: { value: '2026-04-09 22:00' } });
    fireEvent.change(screen.getByLabelText('To'), { target: { value: '2026-04-09T21:00Z' } });
    press('Show');
    expect(onGo).toHaveBeenLastCalledWith({
      ...live,
      window: {
        kind: 'fixed',
        name: '6h',
        startMs: Date.UTC(2026, 3, 9, 20),
        endMs: Date.UTC(2026, 3, 9, 21),
      },
    });
  });

  it('says at the field what is wrong with it, and stays open', async () => {
    const onGo = show();
    press('Time range: Last 6 h');
    const to = await findField('To');
    fireEvent.change(to, { target: { value: 'tomorrow' } });
    press('Show');
    expect(screen.getByRole('alert').textContent).toBe(
      'Write it as 2026-04-09 20:40, or as 2026-04-09T20:40Z.',
    );
    expect(to.getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(to);
    fireEvent.change(to, { target: { value: 'now' } });
    expect(screen.getByRole('alert').textContent).toBe('');
    expect(onGo).not.toHaveBeenCalled();
  });

  it('reads as the time itself once it is fixed', () => {
    show({ address: frozen });
    expect(screen.getByRole('button', { name: 'Time range: 9 Apr 16:00 – 10 Apr 00:50Z' })).toBeTruthy();
  });
});

describe('comparing', () => {
  it('offers the second windows with their times, by mouse and by keys', async () => {
    const onGo = show();
    press('Compare');
    expect(screen.getByRole('menuitemradio', { checked: true }).textContent).toBe('Nothing');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Nothing'));
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toBe('A day before8 Apr 16:00 – 9 Apr 00:50Z');
    fireEvent.click(document.activeElement ?? document.body);
    expect(onGo).toHaveBeenLastCalledWith({ ...live, comparison: 'day' });
    expect(screen.queryByRole('menuitemradio')).toBeNull();
  });

  it('says on the button what it compares with', () => {
    const onGo = show({ address: { ...live, comparison: 'week' } });
    press('Compare: vs a week before');
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'Nothing' }));
    expect(onGo).toHaveBeenLastCalledWith(live);
  });
});

describe('copying the link', () => {
  it('offers a live page both ways: following the clock, and as seen now', () => {
    const onCopyLink = vi.fn();
    show({ onCopyLink });
    press('Copy link');
    fireEvent.click(screen.getByRole('menuitem', { name: /^As seen now/ }));
    expect(onCopyLink).toHaveBeenLastCalledWith(frozen);
    press('Copy link');
    fireEvent.click(screen.getByRole('menuitem', { name: /^Live/ }));
    expect(onCopyLink).toHaveBeenLastCalledWith(live);
  });

  it('copies a fixed window as it is', () => {
    const onCopyLink = vi.fn();
    show({ onCopyLink, address: frozen });
    press('Copy link');
    expect(onCopyLink).toHaveBeenLastCalledWith(frozen);
  });
});

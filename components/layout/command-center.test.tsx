import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { useMemo } from 'react';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '@/lib/client/commands.ts';
import { setSingleKeys } from '@/lib/client/single-keys.ts';
import { installOverlays } from '../ui/test-overlays.ts';
import { CommandCenter } from './command-center.tsx';
import { useCommands } from './commands-context.tsx';
import { PAGES } from './pages.ts';

let removeOverlays = () => {};
beforeAll(() => {
  Element.prototype.scrollIntoView = () => {};
  removeOverlays = installOverlays();
});
afterAll(() => removeOverlays());
beforeEach(() => setSingleKeys(true));
afterEach(cleanup);
vi.setConfig({ testTimeout: 30_000 });

/** Palette and help come with their first use, and the machine may be busy. */
const PATIENT = { timeout: 10_000 };

const freeze = vi.fn();
const compare = vi.fn();

/** A page with two commands, two panels and a field. */
function Page({ canFreeze = true }: { canFreeze?: boolean }) {
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'freeze',
        title: 'Freeze what is seen now',
        group: 'Time',
        keys: 'f',
        isAvailable: () => canFreeze,
        says: () => 'Frozen',
        run: freeze,
      },
      {
        id: 'compare',
        title: 'Compare with a day before',
        group: 'Compare',
        keys: null,
        isAvailable: () => true,
        run: compare,
      },
    ],
    [canFreeze],
  );
  useCommands('page', commands);
  return (
    <main>
      <h2>Redis GETs</h2>
      <h2>Machines</h2>
      <input aria-label="A field" />
      <button type="button">A button</button>
    </main>
  );
}

function show(page = <Page />) {
  freeze.mockClear();
  compare.mockClear();
  render(<CommandCenter>{page}</CommandCenter>);
  screen.getByRole('button', { name: 'A button' }).focus();
}

/** As the browser sends it: to what has the focus. */
const key = (name: string, more: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: name, ...more });

async function openPalette() {
  key('k', { ctrlKey: true });
  return screen.findByRole('combobox', { name: 'Search commands' }, PATIENT);
}

const options = () => screen.getAllByRole('option').map((option) => option.firstChild?.textContent);
const activeOption = (field: HTMLElement) =>
  document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.firstChild?.textContent;

describe('single keys', () => {
  it('run their command and say what was done', () => {
    show();
    key('f');
    expect(freeze).toHaveBeenCalledOnce();
    expect(screen.getByRole('status').textContent).toBe('Frozen');
  });

  it('are not heard in a field, with modifiers, held down, or where the command would change nothing', () => {
    show();
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey', 'repeat', 'isComposing']) {
      key('f', { [modifier]: true });
    }
    screen.getByRole('textbox', { name: 'A field' }).focus();
    key('f');
    cleanup();
    show(<Page canFreeze={false} />);
    key('f');
    expect(freeze).not.toHaveBeenCalled();
  });

  it('are not heard while a dialog is open', async () => {
    show();
    key('?', { shiftKey: true });
    await screen.findByRole('dialog', { name: 'Keys' }, PATIENT);
    key('f');
    fireEvent.keyDown(document.body, { key: 'f' });
    expect(freeze).not.toHaveBeenCalled();
  });

  it('are heard as soon as a dialog is closed, though its field still has the focus', async () => {
    show();
    const field = await openPalette();
    // As a browser leaves it until it draws next: shut, still drawn by us, its field focused.
    field.closest('dialog')?.removeAttribute('open');
    field.focus();
    key('f');
    expect(freeze).toHaveBeenCalledOnce();
  });

  it('can all be switched off in the help, and stay off; Ctrl+K still opens the palette', async () => {
    show();
    key('?', { shiftKey: true });
    const help = within(await screen.findByRole('dialog', { name: 'Keys' }, PATIENT));
    expect(help.getByText('Freeze what is seen now')).toBeTruthy();
    fireEvent.click(help.getByRole('switch', { name: 'Single keys' }));
    expect(help.queryByText('Freeze what is seen now')).toBeNull();
    expect(help.getByText('Search commands')).toBeTruthy();
    fireEvent.click(help.getByRole('button', { name: 'Close' }));
    key('f');
    key('?', { shiftKey: true });
    expect(freeze).not.toHaveBeenCalled();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(window.localStorage.getItem('afterwatch_single_keys')).toBe('off');
    const field = await openPalette();
    fireEvent.change(field, { target: { value: 'keys on' } });
    key('Enter');
    expect(window.localStorage.getItem('afterwatch_single_keys')).toBeNull();
    key('f');
    expect(freeze).toHaveBeenCalledOnce();
  });

  it('work, and can be switched off for this visit, where the browser keeps nothing', () => {
    const denied = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const unread = vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    try {
      show();
      act(() => setSingleKeys(false));
      key('f');
      expect(freeze).not.toHaveBeenCalled();
      act(() => setSingleKeys(true));
      key('f');
      expect(freeze).toHaveBeenCalledOnce();
    } finally {
      denied.mockRestore();
      unread.mockRestore();
    }
  });
});

describe('the command palette', () => {
  it('lists the page’s commands, its panels, pages and themes, and what holds now', async () => {
    show();
    await openPalette();
    expect(options()).toEqual([
      'Freeze what is seen now',
      'Compare with a day before',
      ...PAGES.map(({ label }) => `Go to ${label}`),
      'Redis GETs',
      'Machines',
      'Theme: as the device',
      'Theme: light',
      'Theme: dark',
      'Show the keys',
      'Switch single keys off',
    ]);
    expect(screen.getByRole('option', { name: /^Theme: as the device/ }).textContent).toContain('now');
  });

  it('finds by typing, moves with the arrow keys while the field keeps the focus, and runs with Enter', async () => {
    show();
    const field = await openPalette();
    fireEvent.change(field, { target: { value: 'the' } });
    expect(activeOption(field)).toBe('Theme: as the device');
    key('ArrowDown');
    expect(activeOption(field)).toBe('Theme: light');
    key('ArrowUp');
    key('ArrowUp');
    expect(activeOption(field)).toBe(options().at(-1));
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: 'cmpr' } });
    expect(options()).toEqual(['Compare with a day before']);
    key('Enter');
    expect(compare).toHaveBeenCalledOnce();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says when nothing fits, and Enter then does nothing', async () => {
    show();
    const field = await openPalette();
    fireEvent.change(field, { target: { value: 'xyzzy' } });
    expect(screen.getByText('Nothing fits “xyzzy”.')).toBeTruthy();
    key('Enter');
    expect(screen.getByRole('dialog', { name: 'Commands' })).toBeTruthy();
  });

  it('jumps to a panel', async () => {
    show();
    const field = await openPalette();
    fireEvent.change(field, { target: { value: 'machines' } });
    key('Enter');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Machines'));
  });

  it('opens from a field too, closes with Escape or Ctrl+K, and gives the focus back', async () => {
    show();
    const before = screen.getByRole('textbox', { name: 'A field' });
    for (const close of [() => key('Escape'), () => key('k', { metaKey: true })]) {
      before.focus();
      await openPalette();
      close();
      expect(screen.queryByRole('dialog')).toBeNull();
      expect(document.activeElement).toBe(before);
    }
  });

  it('runs what is pressed with the pointer', async () => {
    show();
    await openPalette();
    fireEvent.click(screen.getByText('Compare with a day before'));
    expect(compare).toHaveBeenCalledOnce();
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

import type { Command } from './commands.ts';

/** What of a key press matters here; a `KeyboardEvent` is one. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  /** Ms on a clock that only runs forward. */
  timeStamp: number;
}

/** So long after `g` the second key of a pair still counts. */
const PAIR_MS = 1_500;

/** How a press is written in {@link Command.keys}; null for one that is no command's. */
export function nameOfPress(press: KeyPress): string | null {
  const isPrintable = /^[\x21-\x7e]$/.test(press.key);
  // On a Greek or Cyrillic keyboard the letter is known by its place.
  const key = isPrintable ? press.key : (/^Key([A-Z])$/.exec(press.code)?.[1] ?? '');
  if (key === '' || press.altKey) return null;
  const letter = key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return press.shiftKey ? null : `mod+${letter}`;
  // `?` needs Shift on most keyboards, so only letters are told apart by it.
  return press.shiftKey && /^[a-z]$/i.test(key) ? null : letter;
}

/** Finds the command that presses mean; remembers the first key of a pair. */
export function createKeyReader(): (press: KeyPress, commands: readonly Command[]) => Command | null {
  let first: { name: string; atMs: number } | null = null;
  return (press, commands) => {
    const name = nameOfPress(press);
    const before = first !== null && press.timeStamp - first.atMs <= PAIR_MS ? first.name : null;
    first = null;
    if (name === null) return null;
    const find = (keys: string): Command | null => commands.find((command) => command.keys === keys) ?? null;
    const pair = before === null ? null : find(`${before} ${name}`);
    if (pair !== null) return pair;
    if (commands.some(({ keys }) => keys?.startsWith(`${name} `))) first = { name, atMs: press.timeStamp };
    return find(name);
  };
}

/** True for a press that belongs to what has the focus: a field, a menu, an open dialog or popover. */
export function isForFocused(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  // The field of a dialog that was just closed has the focus until the browser draws next: it takes no key any more.
  if (target.closest('dialog:not([open])') !== null) return false;
  return (
    target.closest(
      'input, textarea, select, [contenteditable]:not([contenteditable="false"]), dialog, [popover], [role="dialog"], [role="menu"], [role="listbox"], [role="textbox"]',
    ) !== null
  );
}

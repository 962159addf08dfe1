import { describe, expect, it } from 'vitest';
import type { Command } from './commands.ts';
import { createCommandRegistry } from './commands.ts';
import { createKeyReader, type KeyPress, nameOfPress } from './key-reader.ts';

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...over,
});

const command = (keys: string | null, over: Partial<Command> = {}): Command => ({
  id: keys ?? 'none',
  title: keys ?? 'none',
  group: 'Time',
  keys,
  isAvailable: () => true,
  run: () => {},
  ...over,
});

describe('a key press', () => {
  it('is named by what it writes, with Ctrl or ⌘ before it', () => {
    expect(nameOfPress(press('c'))).toBe('c');
    expect(nameOfPress(press('C'))).toBe('c');
    expect(nameOfPress(press('?', { shiftKey: true }))).toBe('?');
    expect(nameOfPress(press('k', { ctrlKey: true }))).toBe('mod+k');
    expect(nameOfPress(press('k', { metaKey: true }))).toBe('mod+k');
  });

  it('is none of ours with Alt, with Shift and a letter, or for a key that writes nothing', () => {
    expect(nameOfPress(press('c', { altKey: true }))).toBeNull();
    expect(nameOfPress(press('C', { shiftKey: true }))).toBeNull();
    expect(nameOfPress(press('k', { ctrlKey: true, shiftKey: true }))).toBeNull();
    expect(nameOfPress(press('Enter'))).toBeNull();
    expect(nameOfPress(press(' '))).toBeNull();
  });

  it('is known by its place where the keyboard writes other letters', () => {
    expect(nameOfPress(press('л', { code: 'KeyK', ctrlKey: true }))).toBe('mod+k');
    expect(nameOfPress(press('σ', { code: 'KeyS' }))).toBe('s');
  });
});

describe('reading keys', () => {
  const commands = [command('c'), command('g n'), command('n'), command('mod+k')];

  it('finds the command of one key and of a pair', () => {
    const read = createKeyReader();
    expect(read(press('c'), commands)?.keys).toBe('c');
    expect(read(press('g'), commands)).toBeNull();
    expect(read(press('n', { timeStamp: 900 }), commands)?.keys).toBe('g n');
    expect(read(press('n', { timeStamp: 950 }), commands)?.keys).toBe('n');
  });

  it('forgets the first key of a pair after a while or after another key', () => {
    const read = createKeyReader();
    read(press('g'), commands);
    expect(read(press('n', { timeStamp: 5_000 }), commands)?.keys).toBe('n');
    read(press('g', { timeStamp: 6_000 }), commands);
    read(press('x', { timeStamp: 6_100 }), commands);
    expect(read(press('n', { timeStamp: 6_200 }), commands)?.keys).toBe('n');
  });
});

describe('the registry of commands', () => {
  it('lists what can be done now, by group', () => {
    const registry = createCommandRegistry();
    registry.offer('page', [
      command('y', { group: 'Page' }),
      command('f', { isAvailable: () => false }),
      command('t'),
    ]);
    registry.offer('frame', [command('?', { group: 'Keys' })]);
    expect(registry.list().map(({ keys }) => keys)).toEqual(['t', 'y', '?']);
    registry.offer('page', []);
    expect(registry.list().map(({ keys }) => keys)).toEqual(['?']);
  });
});

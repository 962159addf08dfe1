'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { COMMAND_GROUPS, type Command } from '@/lib/client/commands.ts';
import { filterByText } from '@/lib/client/match-text.ts';
import { closeDialog, Dialog } from '../ui/dialog.tsx';
import { Keys } from '../ui/kbd.tsx';
import { readPanelCommands } from './panel-commands.ts';

interface CommandPaletteProps {
  /** What can be done now. */
  commands: readonly Command[];
  /** After the palette has closed. */
  onRun: (command: Command) => void;
  onClose: () => void;
}

/** Every command of the page, found by typing. The field keeps the focus; arrow keys move over the list. */
export function CommandPalette({ commands, onRun, onClose }: Readonly<CommandPaletteProps>) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [all] = useState(() => withPanels(commands.filter((command) => command.id !== 'search')));
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const found = filterByText(all, typed, ({ title, group }) => `${title} ${group}`);
  const optionId = (command: Command) => `${id}-${command.id}`;
  const chosen = found[active];

  // The active one is always in sight.
  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  const run = (command: Command): void => {
    // Closed first, so that the command finds the page as it was and may move the focus itself.
    closeDialog(field.current);
    onRun(command);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const isSearchKey = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    const next = isSearchKey ? null : nextActive(event.key, active, found.length);
    if (isSearchKey) closeDialog(field.current);
    else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) run(chosen);
    else if (next !== null) setActive(next);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Commands" onClose={onClose} className="max-w-140">
      <div className="flex max-h-[min(70dvh,520px)] flex-col">
        <input
          ref={field}
          role="combobox"
          aria-label="Search commands"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen && optionId(chosen)}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search commands, panels, time ranges"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 shrink-0 border-b border-line bg-transparent px-4 text-prose text-ink outline-none placeholder:text-ink-3 max-tablet:text-[16px]"
        />
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label="Commands"
          className="min-h-0 overflow-y-auto overscroll-contain p-1.5"
        >
          {groupsOf(found, typed).map(({ name, items }) => (
            // biome-ignore lint/a11y/useSemanticElements: options of a list box are grouped by this role.
            <div key={name ?? 'all'} role="group" aria-label={name ?? 'Found'}>
              {name !== null && (
                <div aria-hidden="true" className="px-2.5 pt-2.5 pb-1 text-label text-ink-3">
                  {name}
                </div>
              )}
              {items.map((command) => (
                <Option
                  key={command.id}
                  id={optionId(command)}
                  command={command}
                  isActive={command === chosen}
                  onActive={() => setActive(found.indexOf(command))}
                  onRun={() => run(command)}
                />
              ))}
            </div>
          ))}
        </div>
        <p role="status" className={clsx('px-4 text-ink-3', found.length === 0 && 'pb-4')}>
          {found.length === 0 && `Nothing fits “${typed}”.`}
        </p>
      </div>
    </Dialog>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  isActive: boolean;
  onActive: () => void;
  onRun: () => void;
}

function Option({ id, command, isActive, onActive, onRun }: Readonly<OptionProps>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and hears Enter for it.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onClick={onRun}
      onMouseMove={() => !isActive && onActive()}
      className={clsx(
        'flex min-h-11 cursor-pointer items-center gap-2.5 rounded-control px-2.5 py-1 tablet:min-h-8',
        // Backgrounds go in a high-contrast theme, outlines come out.
        isActive && 'bg-hover outline outline-transparent -outline-offset-1',
      )}
    >
      <span className="min-w-0 truncate">{command.title}</span>
      {command.isChosen && <span className="text-label text-ink-3">now</span>}
      {command.keys !== null && (
        <span className="ml-auto max-tablet:hidden">
          <Keys keys={command.keys} />
        </span>
      )}
    </div>
  );
}

/** Panels stand with the other places to go to. */
function withPanels(commands: readonly Command[]): readonly Command[] {
  const all = [...commands, ...readPanelCommands()];
  return COMMAND_GROUPS.flatMap((group) => all.filter((command) => command.group === group));
}

/** By group while nothing is typed; then one list, best first. */
function groupsOf(
  found: readonly Command[],
  typed: string,
): readonly { name: string | null; items: readonly Command[] }[] {
  if (typed.trim() !== '') return [{ name: null, items: found }];
  return COMMAND_GROUPS.map((name) => ({
    name,
    items: found.filter((command) => command.group === name),
  })).filter(({ items }) => items.length > 0);
}

function nextActive(key: string, active: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (active + 1) % count;
    case 'ArrowUp':
      return (active - 1 + count) % count;
    case 'PageDown':
      return Math.min(count - 1, active + 8);
    case 'PageUp':
      return Math.max(0, active - 8);
    default:
      return null;
  }
}

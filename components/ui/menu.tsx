'use client';

import { clsx } from 'clsx';
import type { KeyboardEvent, ReactNode } from 'react';

/** The items of a popover of the role `menu`: arrow keys, Home and End move, as in the menus of the system. */
export function MenuItems({ children }: Readonly<{ children: ReactNode }>) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the popover around it is the menu; this moves its focus.
    <div className="p-1 tablet:min-w-57" onKeyDown={moveFocus}>
      {children}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const here = items.findIndex((item) => item.matches(':focus'));
  const next = nextIndex(event.key, here, items.length);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}

function nextIndex(key: string, here: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (here + 1) % count;
    case 'ArrowUp':
      return (here - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

interface MenuItemProps {
  /** Given for one of several choices: whether it is the one that holds. */
  isChosen?: boolean;
  title: string;
  /** Beside it, quiet. */
  detail?: ReactNode;
  onChoose: () => void;
}

/** One thing to choose. */
export function MenuItem({ isChosen, title, detail, onChoose }: Readonly<MenuItemProps>) {
  return (
    <button
      type="button"
      role={isChosen === undefined ? 'menuitem' : 'menuitemradio'}
      {...(isChosen === undefined ? {} : { 'aria-checked': isChosen })}
      data-first={isChosen ? '' : undefined}
      tabIndex={-1}
      onClick={onChoose}
      className="flex min-h-11 w-full items-center gap-2.5 rounded-tag px-2.5 py-1 text-left whitespace-nowrap hover:bg-hover focus-visible:-outline-offset-2 tablet:min-h-7.5"
    >
      {isChosen !== undefined && (
        <span
          aria-hidden="true"
          className={clsx('size-1.5 shrink-0 rounded-full', isChosen ? 'bg-ink' : 'bg-transparent')}
        />
      )}
      <span className={clsx(isChosen && 'font-medium')}>{title}</span>
      {detail !== undefined && <span className="ml-auto pl-4 text-label text-ink-3">{detail}</span>}
    </button>
  );
}

'use client';

import { clsx } from 'clsx';
import { type ReactNode, type ToggleEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from './button.tsx';

interface PopoverProps {
  /** Id of the panel, by which {@link openPopover} finds it; unique on the page. */
  id: string;
  /** What the panel is, for a screen reader. */
  label: string;
  /** What the button shows. */
  face: ReactNode;
  /** The button's full name, where its face is short. */
  buttonLabel?: string;
  /** Classes for the button's place, such as where it is hidden. */
  className?: string;
  role?: 'dialog' | 'menu';
  /** Drawn only while it is open. */
  children: (close: () => void) => ReactNode;
}

/**
 * A button with a panel under its right end; on a phone the panel rises from the bottom edge. The browser's own popover:
 * it floats above everything, Escape or a press elsewhere closes it, and the focus returns to where it was.
 */
export function Popover({
  id,
  label,
  face,
  buttonLabel,
  className,
  role = 'dialog',
  children,
}: Readonly<PopoverProps>) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = () => panel.current?.hidePopover();

  const beforeToggle = (event: ToggleEvent<HTMLDivElement>): void => {
    if (event.newState !== 'open') return;
    placeUnder(event.currentTarget, button.current);
    // Now, so that it opens with its content and can be given the focus.
    flushSync(() => setIsOpen(true));
  };
  const afterToggle = (event: ToggleEvent<HTMLDivElement>): void => {
    if (event.newState === 'open') focusFirst(event.currentTarget);
    else setIsOpen(false);
  };

  return (
    <>
      <Button
        ref={button}
        look="ghost"
        size="small"
        popoverTarget={id}
        aria-haspopup={role}
        aria-expanded={isOpen}
        aria-label={buttonLabel}
        title={buttonLabel}
        className={clsx('max-tablet:h-9', isOpen && 'bg-hover', className)}
      >
        {face}
      </Button>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles that it may have take a name. */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        onBeforeToggle={beforeToggle}
        onToggle={afterToggle}
        className="no-print fixed inset-auto m-0 max-h-[80dvh] overflow-y-auto rounded-control border border-line-strong bg-surface text-data text-ink shadow-float transition-[opacity,translate] duration-160 ease-out starting:translate-y-1 starting:opacity-0 max-tablet:inset-x-0 max-tablet:bottom-0 max-tablet:w-full max-tablet:max-w-none max-tablet:rounded-b-none max-tablet:pb-[max(16px,env(safe-area-inset-bottom))] tablet:top-(--popover-top) tablet:right-(--popover-right)"
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}

const GAP_PX = 6;
const EDGE_PX = 8;

/** Through the DOM, which the content security policy allows. A button that is hidden has no place: then at the right. */
function placeUnder(panel: HTMLElement, button: HTMLElement | null): void {
  const box = button?.getBoundingClientRect();
  const isSeen = box !== undefined && box.width > 0;
  const right = isSeen ? document.documentElement.clientWidth - box.right : 0;
  panel.style.setProperty('--popover-top', `${isSeen ? box.bottom + GAP_PX : 56 + GAP_PX}px`);
  panel.style.setProperty('--popover-right', `${Math.max(EDGE_PX, right)}px`);
}

function focusFirst(panel: HTMLElement): void {
  if (panel.contains(document.activeElement)) return;
  const first = panel.querySelector<HTMLElement>('[data-first]') ?? panel.querySelector('a, button, input');
  if (first instanceof HTMLElement) first.focus();
}

/** Opens a panel from elsewhere, such as by a key. */
export function openPopover(id: string): void {
  document.getElementById(id)?.showPopover();
}

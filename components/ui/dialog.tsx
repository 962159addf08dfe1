'use client';

import { clsx } from 'clsx';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  label: string;
  /** After it was closed: by Escape, by a press outside, or by {@link closeDialog}. */
  onClose: () => void;
  /** Width and place. */
  className?: string;
  children: ReactNode;
}

/**
 * The browser's own modal dialog, open as long as it is drawn: the page behind it cannot be reached, Escape closes it, and
 * the focus returns to where it was.
 */
export function Dialog({ label, onClose, className, children }: Readonly<DialogProps>) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same, by the browser.
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      // What is drawn fills the dialog, so a press on the dialog itself is one on the page behind it.
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
      className={clsx(
        'no-print fixed inset-x-0 top-4 mx-auto w-[calc(100%-32px)] overflow-hidden rounded-box border border-line-strong bg-surface text-data text-ink shadow-float backdrop:bg-canvas/60 tablet:top-[12vh]',
        'transition-[opacity,translate] duration-160 ease-out starting:translate-y-1 starting:opacity-0',
        className,
      )}
    >
      {children}
    </dialog>
  );
}

/** Closes the dialog around an element; the focus returns before this does. */
export function closeDialog(within: Element | null): void {
  within?.closest('dialog')?.close();
}

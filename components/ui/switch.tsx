'use client';

import { clsx } from 'clsx';

/** An on/off switch with its words. */
export function Switch({
  label,
  isOn,
  onChange,
}: Readonly<{ label: string; isOn: boolean; onChange: (isOn: boolean) => void }>) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      onClick={() => onChange(!isOn)}
      className="inline-flex min-h-9 items-center gap-2 rounded-control text-left tablet:min-h-7"
    >
      <span
        aria-hidden="true"
        className={clsx(
          'flex h-4.5 w-7.5 shrink-0 items-center rounded-full border border-transparent px-px transition-colors duration-120',
          isOn ? 'justify-end bg-primary' : 'justify-start bg-ink-3',
        )}
      >
        <span className="size-3.5 rounded-full border border-transparent bg-surface" />
      </span>
      {label}
    </button>
  );
}

'use client';

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';

/** One thing that can be done with a chart; `run` gives what to tell the reader afterwards. */
export interface ChartMenuItem {
  label: string;
  run: () => Promise<string>;
}

/** The quiet `…` of a chart. A button and a list of buttons; Escape closes it and focus returns. */
export function ChartMenu({ title, items }: Readonly<{ title: string; items: readonly ChartMenuItem[] }>) {
  const [isOpen, setIsOpen] = useState(false);
  const [said, setSaid] = useState('');
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) setIsOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [isOpen]);

  function close() {
    setIsOpen(false);
    opener.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
  }

  async function run(item: ChartMenuItem) {
    close();
    setSaid('');
    setSaid(await item.run().catch((cause: unknown) => `${item.label} failed: ${textOf(cause)}`));
  }

  const label = `Save or copy ${title}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key bubbles up from the buttons inside.
    <div ref={box} className="no-print relative -mr-1.5 flex" onKeyDown={onKeyDown}>
      <span role="status" className="sr-only">
        {said}
      </span>
      <Button
        ref={opener}
        look="ghost"
        size="icon"
        aria-label={label}
        title={said === '' ? label : said}
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true" className="block fill-current">
          <circle cx={3.5} cy={8} r={1.3} />
          <circle cx={8} cy={8} r={1.3} />
          <circle cx={12.5} cy={8} r={1.3} />
        </svg>
      </Button>
      {isOpen && (
        <ul
          id={listId}
          aria-label={label}
          className="absolute top-full right-0 z-20 mt-1 min-w-36 rounded-control border border-line-strong bg-surface p-1 shadow-float"
        >
          {items.map((item) => (
            <li key={item.label} className="flex">
              <Button look="ghost" size="small" className="w-full justify-start" onClick={() => run(item)}>
                {item.label}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function textOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : 'the browser refused';
}

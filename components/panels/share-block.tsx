import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';

/** A part of a shared view: a hairline, its heading, and beside it what it answers. */
export function ShareBlock({
  title,
  question = '',
  hasLine = true,
  children,
}: Readonly<{
  title: string;
  question?: string;
  /** False where what stands above ends in a hairline of its own. */
  hasLine?: boolean;
  children: ReactNode;
}>) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      // On paper no part starts a page for being long: its rows and charts stay whole, each by itself.
      className={clsx(
        'mt-7 @[640px]:mt-9 print:mt-6 print:break-inside-auto!',
        hasLine && 'border-t border-line pt-4.5',
      )}
    >
      <div className="mb-3 flex flex-wrap items-baseline gap-x-2.5">
        <h2 id={id} className="min-w-0 text-section wrap-anywhere">
          {title}
        </h2>
        {question !== '' && <span className="min-w-0 wrap-anywhere text-ink-3">{question}</span>}
      </div>
      {children}
    </section>
  );
}

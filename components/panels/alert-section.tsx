import { type ReactNode, useId } from 'react';

/** A part of the detail of an alert: a hairline, a small heading, and a remark at its right. */
export function AlertSection({
  title,
  aside = null,
  children,
}: Readonly<{ title: string; aside?: ReactNode; children: ReactNode }>) {
  const headingId = useId();
  return (
    <section aria-labelledby={headingId} className="mt-5 border-t border-line pt-4">
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 id={headingId} className="font-semibold">
          {title}
        </h3>
        {aside !== null && <span className="text-label text-ink-3">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

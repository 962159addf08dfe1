'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { Button } from '../ui/button.tsx';

/** The link that was made just now. Only its hash is kept, so it can be read here and never again. */
export function ShareMade({
  made: { url, expiresMs },
  onCopy,
  onPutAway,
}: Readonly<{
  made: { url: string; expiresMs: number };
  onCopy: (url: string) => Promise<boolean>;
  onPutAway: () => void;
}>) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const copy = async (): Promise<void> => {
    setSaid((await onCopy(url)) ? 'Copied.' : 'Not copied: the browser does not allow it. Select the text.');
  };
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2.5">
      <h3 id={id} className="font-medium">
        The link is made
      </h3>
      <textarea
        ref={field}
        aria-label="The link"
        readOnly
        rows={3}
        value={url}
        onFocus={({ target }) => target.select()}
        className="w-full resize-none rounded-control border border-line-strong bg-surface px-2.5 py-1.5 font-mono text-mono break-all"
      />
      <p className="text-ink-2">
        It is shown only now. Whoever has it can read the copy until {formatStamp(expiresMs)}, without logging
        in.
      </p>
      <p role="status" className="min-h-5 text-ink-2">
        {said}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => void copy()}>
          Copy link
        </Button>
        <Button look="ghost" onClick={onPutAway}>
          Done
        </Button>
      </div>
    </section>
  );
}

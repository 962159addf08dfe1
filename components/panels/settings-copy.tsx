'use client';

import { Button } from '../ui/button.tsx';

/** Something to copy and type elsewhere, as it stands. */
export function CopyBlock({
  text,
  label,
  onCopy,
}: Readonly<{
  text: string;
  /** What is copied, for the button: `the grant for Redis`. */
  label: string;
  onCopy: (text: string) => void;
}>) {
  return (
    <div className="mt-1.5 flex items-start gap-2 rounded-control bg-sunken py-1.5 pr-1.5 pl-2.5">
      <pre className="min-w-0 grow self-center font-mono text-mono break-words whitespace-pre-wrap">
        {text}
      </pre>
      <Button size="small" className="no-print" aria-label={`Copy ${label}`} onClick={() => onCopy(text)}>
        Copy
      </Button>
    </div>
  );
}

'use client';

import type { Untold } from '@/lib/core/settings/config-view.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { CopyBlock } from './settings-copy.tsx';

/** What nobody tells, and what would bring it. */
export function ConfigUntold({
  untold,
  onCopy,
}: Readonly<{ untold: readonly Untold[]; onCopy: (text: string) => void }>) {
  return (
    <PanelFrame
      title="Not told"
      question="What can’t be judged, and what would tell?"
      state={{ kind: 'ready' }}
    >
      <ul>
        {untold.map(({ id, text, fix, copy }) => (
          <li key={id} className="max-w-272 border-line py-3 not-first:border-t first:pt-0">
            <p className="break-words">{text}</p>
            <p className="break-words text-ink-3">{fix}</p>
            {copy !== null && (
              <details className="mt-1">
                <summary className="min-h-6 w-fit cursor-pointer text-ink-2">Code to copy</summary>
                <CopyBlock text={copy.text} label={copy.label} onCopy={onCopy} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </PanelFrame>
  );
}

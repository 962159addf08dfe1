'use client';

import type { RunbookStep } from '@/lib/core/model/alert.ts';
import { AlertSection } from './alert-section.tsx';
import { CopyBlock } from './settings-copy.tsx';

/** What to do about an alert, in order, with the commands that do it. Nothing where the rule knows no step. */
export function AlertRunbook({
  steps,
  onCopy,
}: Readonly<{ steps: readonly RunbookStep[]; onCopy: (text: string) => void }>) {
  if (steps.length === 0) return null;
  return (
    <AlertSection title="What to do next">
      <ol className="list-decimal pl-4.5 marker:text-ink-3">
        {steps.map(({ text, command }, index) => (
          <li key={`${text} ${command}`} className="py-1 break-words">
            {text}
            {command !== null && (
              <CopyBlock text={command} label={`the command of step ${index + 1}`} onCopy={onCopy} />
            )}
          </li>
        ))}
      </ol>
    </AlertSection>
  );
}

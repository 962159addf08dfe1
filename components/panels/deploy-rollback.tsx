'use client';

import type { RollbackStep } from '@/lib/core/claims/document.ts';
import { Glyph } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { LineLinks } from './audit-list.tsx';
import { CopyBlock } from './settings-copy.tsx';

/** The way back as the summary gives it, in its order; what cannot run as written says why. */
export function DeployRollback({
  steps,
  onCopy,
}: Readonly<{ steps: readonly RollbackStep[]; onCopy: (text: string) => void }>) {
  const broken = steps.filter(({ executable }) => !executable).length;
  return (
    <PanelFrame
      title="Roll back"
      question="What is the way back?"
      state={
        steps.length === 0
          ? { kind: 'empty', text: 'The summary names no command that undoes it.' }
          : { kind: 'ready' }
      }
      aside={broken > 0 && <span className="text-ink-3">{broken} can’t run as written</span>}
    >
      <ol>
        {steps.map((step) => (
          <li key={`${step.line} ${step.command}`} className="py-1">
            <CopyBlock text={step.command} label={`the command of line ${step.line}`} onCopy={onCopy} />
            <div className="mt-1 flex gap-2 pl-2.5">
              <RollbackWhy step={step} />
              <span className="ml-auto shrink-0 whitespace-nowrap">
                <LineLinks lines={[step.line]} />
              </span>
            </div>
          </li>
        ))}
      </ol>
    </PanelFrame>
  );
}

/** Why a command cannot run as written, or what to know before it does; nothing where it can. */
export function RollbackWhy({ step }: Readonly<{ step: RollbackStep }>) {
  if (step.executable && step.why === undefined) return null;
  return (
    <span className="flex min-w-0 gap-1.5 text-label text-ink-2">
      <Glyph name={step.executable ? 'warn_outline' : 'warn'} size={14} />
      <span className="min-w-0 break-words">
        {!step.executable && 'Can’t run as written'}
        {!step.executable && step.why !== undefined && ': '}
        {step.why}
      </span>
    </span>
  );
}

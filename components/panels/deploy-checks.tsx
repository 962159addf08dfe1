import type { FollowUp, ParsedCheck } from '@/lib/core/claims/document.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { LineLinks } from './audit-list.tsx';
import { CHECK_STATE_WORDS } from './deploy-words.ts';

/** What the summary asks people to look at, and what it says comes later. */
export function DeployChecks({
  checks,
  followUps,
}: Readonly<{ checks: readonly ParsedCheck[]; followUps: readonly FollowUp[] }>) {
  const isEmpty = checks.length === 0 && followUps.length === 0;
  return (
    <PanelFrame
      title="Checks"
      question="What is still to be looked at?"
      state={isEmpty ? { kind: 'empty', text: 'The summary asks for no check.' } : { kind: 'ready' }}
      aside={
        checks.length > 0 && (
          <span className="text-ink-3">
            {checks.filter(({ state }) => state === 'done').length} of {checks.length} ticked by the author
          </span>
        )
      }
    >
      <ul>
        {checks.map((check) => (
          <li
            key={`${check.line} ${check.text}`}
            className="flex items-start gap-3 border-line py-2 not-first:border-t"
          >
            <span className="w-17 shrink-0">
              <Status {...CHECK_STATE_WORDS[check.state]} />
            </span>
            <span className="min-w-0 grow break-words">{check.text}</span>
            <LineLinks lines={[check.line]} />
          </li>
        ))}
      </ul>
      {followUps.length > 0 && (
        <>
          <h3 className="mt-4 mb-1 font-semibold">Follow-ups</h3>
          <ul>
            {followUps.map((one) => (
              <li
                key={`${one.line} ${one.text}`}
                className="flex items-start gap-3 border-line py-2 not-first:border-t"
              >
                <span className="min-w-0 grow break-words">
                  {one.text} <span className="text-ink-3">{dueWords(one)}</span>
                </span>
                <LineLinks lines={[one.line]} />
              </li>
            ))}
          </ul>
        </>
      )}
    </PanelFrame>
  );
}

/** When a follow-up is due, as it was written and as a date: `this week, by 2026-04-16`. */
export function dueWords({ due, when }: FollowUp): string {
  const by = due === null ? null : `by ${due.replace('T', ' ').replace(/(:\d\d):\d\d(\.\d+)?/, '$1')}`;
  return [when, by].filter((part) => part !== null).join(', ') || 'no date';
}

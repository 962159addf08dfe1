import type { Hypothesis } from '@/lib/core/model/incident.ts';
import { Button } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';
import { HYPOTHESIS_WORDS } from './incident-words.ts';

/** What may have caused it, as a living page or a frozen copy holds it. */
export type HypothesisLine = Pick<Hypothesis, 'text' | 'state' | 'evidence'> &
  Partial<Pick<Hypothesis, 'id' | 'by'>>;

const ORDER: readonly Hypothesis['state'][] = ['confirmed', 'open', 'refuted'];

/** Why it may have happened and what speaks for it: what is confirmed first, what is refuted last. */
export function HypothesisList<T extends HypothesisLine>({
  hypotheses,
  onJudge,
  isBusy = false,
}: Readonly<{
  hypotheses: readonly T[];
  /** Left out where it can only be read. */
  onJudge?: (hypothesis: T) => void;
  isBusy?: boolean;
}>) {
  const ordered = ORDER.flatMap((state) => hypotheses.filter((one) => one.state === state));
  return (
    <ul>
      {ordered.map((hypothesis, index) => {
        const { id, text, state, evidence, by } = hypothesis;
        return (
          <li
            key={id ?? index}
            className="grid grid-cols-[104px_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 border-line py-2.5 not-first:border-t max-tablet:grid-cols-[minmax(0,1fr)_auto]"
          >
            <Status {...HYPOTHESIS_WORDS[state]} />
            <div className="min-w-0 max-tablet:order-3 max-tablet:col-span-2">
              <p className="font-medium break-words">{text}</p>
              <p className="text-label break-words text-ink-3">
                {evidence ?? 'Nobody has written what speaks for or against it.'}
              </p>
              {by !== undefined && <p className="text-label break-words text-ink-3">by {by}</p>}
            </div>
            {onJudge !== undefined && (
              <Button
                look="ghost"
                size="small"
                className="no-print -my-0.5"
                aria-label={`Judge: ${text}`}
                disabled={isBusy}
                onClick={() => onJudge(hypothesis)}
              >
                Judge
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

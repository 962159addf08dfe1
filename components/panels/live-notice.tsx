'use client';

import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';

/** Why the page no longer moves, and what helps. */
export interface LiveFailure {
  text: string;
  action: 'retry' | 'reload' | 'sign_in';
}

const ACTION_WORDS: Record<LiveFailure['action'], string> = {
  retry: 'Try again',
  reload: 'Reload the page',
  sign_in: 'Sign in again',
};

/** The last update failed: says so, with the age of what is still shown. The picture stays. */
export function LiveNotice({
  failure,
  receivedAtMs,
  onAct,
}: Readonly<{ failure: LiveFailure; receivedAtMs: number; onAct: (action: LiveFailure['action']) => void }>) {
  return (
    <section
      aria-label="Update failed"
      className="mb-6 flex flex-wrap items-center gap-x-3 gap-y-2 border-y border-line py-3"
    >
      <Status glyph="bad_outline" word="Not updating" />
      <span className="min-w-0 text-ink-2">{failure.text}</span>
      <span className="text-ink-3">
        Shown: data from <Age ageMs={0} receivedAtMs={receivedAtMs} />.
      </span>
      <Button size="small" className="tablet:ml-auto" onClick={() => onAct(failure.action)}>
        {ACTION_WORDS[failure.action]}
      </Button>
    </section>
  );
}

'use client';

import { sendCommand } from '@/lib/core/deploys/send-words.ts';
import { buttonLook } from '../ui/button.tsx';
import { CopyBlock } from './settings-copy.tsx';

/** No deploy yet: the two ways in which one comes here, beside being noticed. */
export function DeploysEmpty({
  base,
  newHref,
  onCopy,
}: Readonly<{ base: string; newHref: string; onCopy: (text: string) => void }>) {
  return (
    <section
      aria-labelledby="no-deploys"
      className="mt-7 rounded-box border border-dashed border-line-strong px-5 py-5 tablet:px-7 tablet:py-6.5"
    >
      <h2 id="no-deploys" className="text-section">
        Two ways to begin
      </h2>
      <p className="text-ink-3">
        A new release, a change of the Redis mode or of a secret is noticed by itself where a source tells it.
      </p>
      <div className="mt-4 grid gap-x-7 gap-y-5 duo:grid-cols-2">
        <div className="min-w-0 border-t border-line-strong pt-3">
          <h3 className="font-medium">Paste a summary</h3>
          <p className="text-ink-3">Its promises are read as you type, and checked against each other.</p>
          <a href={newHref} className={`${buttonLook({ look: 'primary' })} mt-3`}>
            Paste a summary
          </a>
        </div>
        <div className="min-w-0 border-t border-line-strong pt-3">
          <h3 className="font-medium">Send a deploy</h3>
          <p className="text-ink-3">
            With a token that tells of deploys, from{' '}
            <a href="/settings#tokens" className="underline underline-offset-2">
              Settings
            </a>
            :
          </p>
          <CopyBlock text={sendCommand(base)} label="the command" onCopy={onCopy} />
        </div>
      </div>
    </section>
  );
}

'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Glyph } from '@/components/ui/glyph.tsx';
import { signIn } from '@/lib/actions/sign-in.ts';

const NO_ANSWER = 'The server gave no answer. Check the connection, then reload this page.';

/** The password field. `ended`: the visitor had a session, which is over. On success the browser loads `next`. */
export function LoginForm({ next, ended }: Readonly<{ next: string; ended: boolean }>) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const password = field.current?.value ?? '';
    if (password === '') return refuse('Type the password of this server.');
    setBusy(true);
    setFault(null);
    const result = await signIn({ password, next }).catch(() => null);
    if (result?.ok) {
      // A whole load: nothing that was rendered for a stranger stays.
      window.location.assign(result.data.next);
      return;
    }
    setBusy(false);
    refuse(result?.error.message ?? NO_ANSWER);
  }

  function refuse(message: string): void {
    setFault(message);
    field.current?.focus();
    field.current?.select();
  }

  return (
    <>
      <h1 className="mt-6 text-hero-phone">Log in</h1>
      <p className="mt-1 text-prose text-ink-3">
        {ended ? 'Your session has ended.' : 'This server is for people who have its password.'}
      </p>
      <form className="mt-6 flex flex-col" onSubmit={submit} noValidate>
        <label htmlFor={`${id}-password`} className="text-label text-ink-2">
          Password
        </label>
        <input
          ref={field}
          id={`${id}-password`}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={1024}
          required
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : `${id}-fault`}
          className="mt-1.5 h-9 rounded-control border border-line-strong bg-surface px-3 text-data text-ink aria-invalid:border-ink-3"
        />
        <div role="alert" className="min-h-7 pt-2 text-label text-ink">
          {fault === null ? null : (
            <span id={`${id}-fault`} className="flex items-start gap-1.5">
              <Glyph name="bad" size={14} />
              {fault}
            </span>
          )}
        </div>
        <Button type="submit" look="primary" className="mt-1" aria-disabled={busy}>
          {busy ? 'Checking …' : 'Log in'}
        </Button>
      </form>
    </>
  );
}

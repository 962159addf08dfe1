'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { signOut } from '@/lib/actions/sign-out.ts';

/** For somebody who is logged in: ends the session on the server, then shows the login. */
export function LogOut() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  async function leave(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFailed(false);
    const result = await signOut({}).catch(() => null);
    // A whole load: nothing that was rendered for the session stays.
    if (result?.ok) window.location.assign(result.data.next);
    else {
      setBusy(false);
      setFailed(true);
    }
  }

  return (
    <>
      <Button onClick={leave} aria-disabled={busy}>
        {busy ? 'Logging out …' : 'Log out'}
      </Button>
      <p role="alert" className="min-h-6 pt-2 text-label text-ink">
        {failed
          ? 'The server gave no answer: you are still logged in. Reload this page and try again.'
          : null}
      </p>
    </>
  );
}

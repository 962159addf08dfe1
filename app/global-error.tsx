'use client';

import './globals.css';
import { PlainPage } from '@/components/layout/plain-page.tsx';
import { Button } from '@/components/ui/button.tsx';

/** Last resort, when even the frame failed: a document of its own. */
export default function GlobalError({ error }: Readonly<{ error: Error & { digest?: string } }>) {
  return (
    <html lang="en">
      <body>
        <PlainPage
          title="Afterwatch could not be shown."
          detail={
            error.digest === undefined
              ? 'Something failed in this browser.'
              : `The server’s log has the reason under ${error.digest}.`
          }
        >
          <Button look="primary" onClick={() => window.location.reload()}>
            Reload the page
          </Button>
        </PlainPage>
      </body>
    </html>
  );
}

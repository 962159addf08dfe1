'use client';

import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { PlainPage } from '@/components/layout/plain-page.tsx';
import { Button } from '@/components/ui/button.tsx';

/** A page that could not be drawn. The text of the fault stays in the server's log; the digest finds it there. */
export default function ErrorPage({
  error,
  reset,
}: Readonly<{ error: Error & { digest?: string }; reset: () => void }>) {
  const router = useRouter();
  return (
    <PlainPage
      title="This page could not be drawn."
      detail={
        error.digest === undefined
          ? 'The server may still be starting.'
          : `The server may still be starting. If it stays: its log has the reason under ${error.digest}.`
      }
    >
      <Button
        look="primary"
        onClick={() =>
          startTransition(() => {
            router.refresh();
            reset();
          })
        }
      >
        Try again
      </Button>
    </PlainPage>
  );
}

'use client';

import type { ShareLine } from '@/lib/core/model/share.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { PersonDialog, type PersonName } from './person-dialog.tsx';
import { viewsText } from './share-words.ts';

/** Ends a link, by name: from then on it leads to a page that says so. */
export function ShareRevoke({
  share,
  ...page
}: Readonly<{
  share: ShareLine;
  person: PersonName;
  isBusy: boolean;
  failure: string | null;
  onSubmit: (by: string) => Promise<unknown>;
  onClose: () => void;
}>) {
  return (
    <PersonDialog
      title="Revoke this link"
      about={
        <>
          <span className="block font-medium text-ink wrap-anywhere">{share.title}</span>
          Made {formatStamp(share.madeMs)} by {share.madeBy}; {viewsText(share)}. Whoever opens it from now on
          reads that it has ended. What was read or copied before cannot be taken back.
        </>
      }
      submit="Revoke now"
      {...page}
    />
  );
}

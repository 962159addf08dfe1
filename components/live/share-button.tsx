'use client';

import { useMemo, useState } from 'react';
import type { Command } from '@/lib/client/commands.ts';
import { shareActions } from '@/lib/client/share-actions.ts';
import type { ShareActions } from '@/lib/client/use-shares.ts';
import type { ShareSubject } from '@/lib/core/model/share.ts';
import { useCommands } from '../layout/commands-context.tsx';
import { Button } from '../ui/button.tsx';
import { ShareDialogLive } from './share-dialog-live.tsx';

/** Opens the dialog that makes a link to a frozen copy of what the page shows; `w` does the same. */
export function ShareButton({
  subject,
  actions = shareActions,
}: Readonly<{ subject: ShareSubject; actions?: ShareActions }>) {
  const [isOpen, setIsOpen] = useState(false);
  useCommands(
    'share',
    useMemo(
      (): readonly Command[] => [
        {
          id: 'share',
          title: 'Share what is seen here',
          group: 'Page',
          keys: 'w',
          isAvailable: () => true,
          run: () => setIsOpen(true),
        },
      ],
      [],
    ),
  );
  return (
    <>
      <Button size="small" className="no-print max-tablet:h-9" onClick={() => setIsOpen(true)}>
        Share
      </Button>
      {isOpen && <ShareDialogLive subject={subject} onClose={() => setIsOpen(false)} actions={actions} />}
    </>
  );
}

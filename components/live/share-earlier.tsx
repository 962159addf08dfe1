'use client';

import { type ReactNode, useState } from 'react';
import type { useShares } from '@/lib/client/use-shares.ts';
import type { ShareLine } from '@/lib/core/model/share.ts';
import type { PersonName } from '../panels/person-dialog.tsx';
import { ShareLinks } from '../panels/share-links.tsx';
import { ShareRevoke } from '../panels/share-revoke.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';

interface ShareEarlierProps {
  shares: ReturnType<typeof useShares>;
  person: PersonName;
  /** True where they are of several subjects. */
  hasTitles: boolean;
  /** Places the list; the dialog that ends a link stands beside what it returns, and not within. */
  children: (list: ReactNode) => ReactNode;
}

/** Links that were made before, and the way to end each of them. */
export function ShareEarlier({ shares, person, hasTitles, children }: Readonly<ShareEarlierProps>) {
  const { view, isBusy, failure, end } = shares;
  const [ending, setEnding] = useState<ShareLine | null>(null);
  const state =
    view === null
      ? failure === null
        ? ({ kind: 'loading' } as const)
        : ({ kind: 'error', text: failure } as const)
      : view.shares.length === 0
        ? ({ kind: 'empty', text: 'No links yet.' } as const)
        : ({ kind: 'ready' } as const);
  return (
    <>
      {children(
        <div className={hasTitles ? undefined : 'mt-6'}>
          <PanelFrame title="Links made so far" headless={hasTitles} state={state}>
            {view !== null && (
              <ShareLinks
                shares={view.shares}
                nowMs={view.asOfMs}
                hasTitles={hasTitles}
                isBusy={isBusy}
                onEnd={setEnding}
              />
            )}
          </PanelFrame>
        </div>,
      )}
      {ending !== null && (
        <ShareRevoke
          share={ending}
          person={person}
          isBusy={isBusy}
          failure={failure}
          onSubmit={(by) => end({ id: ending.id, by })}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  );
}

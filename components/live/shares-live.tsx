'use client';

import { keepName, loadName } from '@/lib/client/person-name.ts';
import { shareActions } from '@/lib/client/share-actions.ts';
import { type ShareActions, useShares } from '@/lib/client/use-shares.ts';
import { ShareEarlier } from './share-earlier.tsx';

const PERSON = { load: loadName, keep: keepName };

/** All links in the browser, for the settings: lists and ends them. */
export function SharesLive({ actions = shareActions }: Readonly<{ actions?: ShareActions }>) {
  const shares = useShares(actions, null);
  return (
    <ShareEarlier shares={shares} person={PERSON} hasTitles>
      {(list) => <section aria-label="Shares">{list}</section>}
    </ShareEarlier>
  );
}

'use client';

import { useState } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { keepName, loadName } from '@/lib/client/person-name.ts';
import { type ShareActions, useMakeShare, useSharePreview, useShares } from '@/lib/client/use-shares.ts';
import {
  DEFAULT_SWITCHES,
  SHARE_DAYS,
  SHARE_SWITCHES,
  type SharePreview,
  type ShareSubject,
  type ShareSwitch,
  type ShareSwitches,
} from '@/lib/core/model/share.ts';
import { ShareDialog } from '../panels/share-dialog.tsx';
import { ShareEarlier } from './share-earlier.tsx';

type Counts = Readonly<Partial<Record<ShareSwitch, number>>>;

const PERSON = { load: loadName, keep: keepName };

const TITLES: Record<ShareSubject['kind'], string> = {
  incident: 'Share this incident',
  deploy: 'Share this deploy',
  chart: 'Share this chart',
};

/** The dialog that makes a link to a frozen copy of something. Nothing leaves before it is seen. */
export function ShareDialogLive({
  subject,
  onClose,
  actions,
}: Readonly<{ subject: ShareSubject; onClose: () => void; actions: ShareActions }>) {
  const [switches, setSwitches] = useState<ShareSwitches>(DEFAULT_SWITCHES);
  const [days, setDays] = useState<number>(SHARE_DAYS.default);
  const { preview, isOld, failure, again } = useSharePreview(actions, subject, switches);
  const { made, isBusy, failure: makeFailure, make, putAway } = useMakeShare(actions);
  const shares = useShares(actions, subject);
  const counts = useCounts(isOld ? null : preview, switches);
  return (
    <ShareEarlier shares={shares} person={PERSON} hasTitles={false}>
      {(earlier) => (
        <ShareDialog
          title={TITLES[subject.kind]}
          {...{ preview, isOld, switches, counts, days, isBusy }}
          previewFailure={failure}
          onAgain={again}
          onSwitch={(which, isOn) => setSwitches((now) => ({ ...now, [which]: isOn }))}
          onDays={setDays}
          person={PERSON}
          made={made === null ? null : { url: made.url, expiresMs: made.line.expiresMs }}
          failure={makeFailure}
          onMake={(by) => {
            // Why it was not made is told in `failure`; what was looked at may have been put away meanwhile.
            if (preview !== null) make({ previewId: preview.previewId, days, by }).catch(again);
          }}
          onCopy={copyText}
          onPutAway={() => {
            putAway();
            again();
          }}
          links={earlier}
          onClose={onClose}
        />
      )}
    </ShareEarlier>
  );
}

/** How much of each was seen, from every preview in which it was switched off. */
function useCounts(preview: SharePreview | null, switches: ShareSwitches): Counts {
  const [seen, setSeen] = useState<{ id: string | null; counts: Counts }>({ id: null, counts: {} });
  if (preview !== null && preview.previewId !== seen.id) {
    const off = SHARE_SWITCHES.filter((which) => !switches[which]);
    const found = off.map((which) => {
      const line = preview.copy.leftOut.find(({ what }) => what === which);
      return [which, line?.count ?? 0] as const;
    });
    setSeen({ id: preview.previewId, counts: { ...seen.counts, ...Object.fromEntries(found) } });
  }
  return seen.counts;
}

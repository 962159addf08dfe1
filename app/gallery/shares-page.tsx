'use client';

import { useState } from 'react';
import {
  chartCopy,
  deployCopy,
  emptyCopy,
  FROZEN_MS,
  hostileCopy,
  incidentCopy,
  shareLines,
} from '@/components/fixtures/share.ts';
import { SharePage } from '@/components/live/share-page.tsx';
import { ShareDialog } from '@/components/panels/share-dialog.tsx';
import { ShareLinks } from '@/components/panels/share-links.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Segmented, segmentLook } from '@/components/ui/segmented.tsx';
import { DEFAULT_SWITCHES, type FrozenCopy, type ShareSwitches } from '@/lib/core/model/share.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';

const COPIES: Readonly<Record<string, () => FrozenCopy>> = {
  incident: incidentCopy,
  deploy: deployCopy,
  chart: chartCopy,
  hostile: hostileCopy,
  empty: emptyCopy,
};

const nothing = () => {};
const URL_OF_NONE = 'https://watch.example/s/0000000000000000000000000000000000000000000';

/** The page of a link in every kind, and the dialog that makes one. What is pressed here makes nothing. */
export function SharesPage() {
  const [shown, setShown] = useState('incident');
  const [isOpen, setIsOpen] = useState(false);
  const [isMade, setIsMade] = useState(false);
  const [switches, setSwitches] = useState<ShareSwitches>(DEFAULT_SWITCHES);
  const [days, setDays] = useState(7);
  const copy = (COPIES[shown] ?? incidentCopy)();
  return (
    <>
      <div className="no-print flex flex-wrap items-center gap-3 px-4 py-3">
        <Segmented label="Copy">
          {Object.keys(COPIES).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === shown}
              className={segmentLook(name === shown)}
              onClick={() => setShown(name)}
            >
              {name}
            </button>
          ))}
        </Segmented>
        <Button size="small" onClick={() => setIsOpen(true)}>
          Open the dialog
        </Button>
      </div>
      <SharePage copy={copy} expiresMs={FROZEN_MS + 7 * 24 * HOUR_MS} url={URL_OF_NONE} />
      {isOpen && (
        <ShareDialog
          title="Share this incident"
          preview={{ previewId: 'preview-1', copy }}
          isOld={false}
          previewFailure={null}
          onAgain={nothing}
          switches={switches}
          counts={{ hosts: 3, machines: 2, regions: 1, queries: 14, people: 0 }}
          onSwitch={(which, isOn) => setSwitches({ ...switches, [which]: isOn })}
          days={days}
          onDays={setDays}
          person={{ load: () => '', keep: nothing }}
          made={isMade ? { url: URL_OF_NONE, expiresMs: FROZEN_MS + days * 24 * HOUR_MS } : null}
          isBusy={false}
          failure={null}
          onMake={() => setIsMade(true)}
          onCopy={async () => false}
          onPutAway={() => setIsMade(false)}
          links={
            <ShareLinks
              shares={shareLines()}
              nowMs={FROZEN_MS}
              hasTitles={false}
              isBusy={false}
              onEnd={nothing}
            />
          }
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  );
}

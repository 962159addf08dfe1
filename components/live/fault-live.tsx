'use client';

import { useState } from 'react';
import { faultActions } from '@/lib/client/demo-actions.ts';
import { type FaultActions, useFaults } from '@/lib/client/use-faults.ts';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { FaultPanel } from '../panels/fault-panel.tsx';

/** The banner of the demo, with the panel that breaks it. Nothing is asked before it is opened. */
export function FaultLive({ actions = faultActions }: Readonly<{ actions?: FaultActions }>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <DemoBanner
        action={
          <button
            type="button"
            aria-expanded={isOpen}
            className="no-print h-8 shrink-0 rounded-control border border-on-primary-line px-2.25 text-label font-medium text-on-primary tablet:h-6.5"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Close' : 'Break something'}
          </button>
        }
      />
      {isOpen && <OpenPanel actions={actions} />}
    </>
  );
}

function OpenPanel({ actions }: Readonly<{ actions: FaultActions }>) {
  const { running, receivedAtMs, busyId, failure, set } = useFaults(actions);
  return (
    <FaultPanel running={running} receivedAtMs={receivedAtMs} busyId={busyId} failure={failure} onSet={set} />
  );
}

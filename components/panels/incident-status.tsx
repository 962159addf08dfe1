'use client';

import { clsx } from 'clsx';
import { INCIDENT_STATUSES, type IncidentStatus } from '@/lib/core/model/incident.ts';
import { segmentLook } from '../ui/segmented.tsx';
import { STATUS_WORDS } from './incident-words.ts';

/** The ladder: a person moves an incident along it, in either direction. */
export function IncidentLadder({
  status,
  isBusy,
  onStatus,
}: Readonly<{ status: IncidentStatus; isBusy: boolean; onStatus: (status: IncidentStatus) => void }>) {
  return (
    <fieldset className="inline-flex max-w-full shrink-0 divide-x divide-line overflow-hidden rounded-control border border-line-strong bg-surface focus-within:overflow-visible">
      <legend className="sr-only">Status</legend>
      {INCIDENT_STATUSES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === status}
          disabled={isBusy}
          className={clsx(segmentLook(one === status), 'max-tablet:h-9! disabled:opacity-45')}
          onClick={() => one !== status && onStatus(one)}
        >
          {STATUS_WORDS[one].word}
        </button>
      ))}
    </fieldset>
  );
}

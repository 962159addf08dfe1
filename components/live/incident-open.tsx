'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { explainFailure, unwrap } from '@/lib/client/failure.ts';
import type { OpenIncident, OpenInput } from '@/lib/client/incident-actions.ts';
import { readPast } from '@/lib/client/incident-times.ts';
import { keepName, loadName } from '@/lib/client/person-name.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { CLAIM_INPUT, Labelled } from '../panels/claim-fields.tsx';
import { PersonDialog } from '../panels/person-dialog.tsx';
import { Button } from '../ui/button.tsx';

interface IncidentOpenerProps {
  scope: Scope;
  /** The alert or the deploy that it is opened from; by hand without one. */
  origin?: { kind: 'alert' | 'verdict'; ref: string; about: string };
  look?: 'plain' | 'primary';
  size?: 'normal' | 'small';
  className?: string;
  /** The server's action, unless a test answers in its place. */
  open?: OpenIncident;
  /** Leads to the page of the incident. */
  onOpened?: (id: string) => void;
}

// Asked for when somebody opens one: no page needs to load it to be read.
const openForReal: OpenIncident = async (input) =>
  (await import('@/lib/client/incident-actions.ts')).incidentActions.openIncident(input);

const toPage = (id: string): void => window.location.assign(`/incidents/${id}`);

/** The button that opens an incident, with the dialog that asks what it is called and when it began. */
export function IncidentOpener(props: Readonly<IncidentOpenerProps>) {
  const { scope, origin, open = openForReal, onOpened = toPage, ...button } = props;
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: async (input: OpenInput) => unwrap(await open(input)),
    onSuccess: ({ id }) => onOpened(id),
  });
  return (
    <>
      <Button
        {...button}
        onClick={() => {
          reset();
          setAsking(true);
        }}
      >
        Open an incident
      </Button>
      {isAsking && (
        <OpenDialog
          about={origin?.about ?? null}
          isBusy={isPending}
          failure={error === null ? null : explainFailure(error).text}
          onOpen={(said) =>
            mutateAsync({
              app: scope.app,
              environment: scope.environment,
              ...said,
              origin:
                origin === undefined ? { kind: 'hand', ref: null } : { kind: origin.kind, ref: origin.ref },
            })
          }
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface OpenDialogProps {
  /** What it is opened from, in words; null by hand. */
  about: string | null;
  isBusy: boolean;
  failure: string | null;
  onOpen: (said: { by: string; title: string | null; startMs: number | null }) => Promise<unknown>;
  onClose: () => void;
}

function OpenDialog({ about, onOpen, ...common }: Readonly<OpenDialogProps>) {
  const [title, setTitle] = useState('');
  const [began, setBegan] = useState('');
  const startMs = began.trim() === '' ? null : readPast(began, Date.now());
  const isByHand = about === null;
  return (
    <PersonDialog
      person={{ load: loadName, keep: keepName }}
      title="Open an incident"
      about={
        about ??
        'From its beginning on, deploys, modes, alerts and verdicts write themselves into its timeline.'
      }
      submit="Open it"
      isReady={(!isByHand || title.trim() !== '') && (startMs === null || 'atMs' in startMs)}
      {...common}
      onSubmit={(by) =>
        onOpen({
          by,
          title: title.trim() === '' ? null : title.trim(),
          startMs: startMs !== null && 'atMs' in startMs ? startMs.atMs : null,
        })
      }
    >
      <Labelled label={isByHand ? 'What happened, in one line' : 'Title (empty: as it is called there)'}>
        {(id) => (
          <input
            id={id}
            className={CLAIM_INPUT}
            maxLength={INCIDENT_LIMITS.titleChars}
            required={isByHand}
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
        )}
      </Labelled>
      <TimeField
        label={isByHand ? 'Began, in UTC (empty: now)' : 'Began, in UTC (empty: when it was seen)'}
        typed={began}
        fault={startMs !== null && 'fault' in startMs ? startMs.fault : null}
        onTyped={setBegan}
      />
    </PersonDialog>
  );
}

/** A time that is typed, with what is wrong with it. */
export function TimeField({
  label,
  typed,
  fault,
  onTyped,
}: Readonly<{ label: string; typed: string; fault: string | null; onTyped: (typed: string) => void }>) {
  return (
    <Labelled label={label}>
      {(id) => (
        <>
          <input
            id={id}
            className={CLAIM_INPUT}
            placeholder="2026-04-09 20:40"
            maxLength={40}
            autoComplete="off"
            value={typed}
            aria-invalid={fault !== null}
            {...(fault === null ? {} : { 'aria-describedby': `${id}-fault` })}
            onChange={({ target }) => onTyped(target.value)}
          />
          {fault !== null && (
            <p id={`${id}-fault`} className="mt-1 text-label text-ink-2">
              {fault}
            </p>
          )}
        </>
      )}
    </Labelled>
  );
}

'use client';

import { useState } from 'react';
import { writeTime } from '@/lib/client/deploy-time.ts';
import { readPast } from '@/lib/client/incident-times.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import { PersonDialog, WordsField } from '../panels/person-dialog.tsx';
import { commonOf, type IncidentFormProps, orNull } from './incident-form.ts';
import { TimeField } from './incident-open.tsx';

/** Changes the head of an incident: its title, why it happened, and its times. */
export function EditDialog(props: Readonly<IncidentFormProps>) {
  const { incident, nowMs, run } = props;
  const [title, setTitle] = useState(incident.title);
  const [cause, setCause] = useState(incident.cause ?? '');
  const [began, setBegan] = useState(writeTime(incident.startMs));
  const [ended, setEnded] = useState(incident.endMs === null ? '' : writeTime(incident.endMs));
  const isResolved = incident.status === 'resolved';
  const start =
    began.trim() === '' ? { fault: 'Say when it began.' } : readChanged(began, incident.startMs, nowMs);
  const end = isResolved
    ? ended.trim() === ''
      ? { fault: 'It is resolved: say when it ended.' }
      : readChanged(ended, incident.endMs, nowMs)
    : null;
  const order =
    end !== null && 'atMs' in start && 'atMs' in end && end.atMs < start.atMs
      ? 'It ends after it began.'
      : null;
  return (
    <PersonDialog
      title="Edit the incident"
      about="Who changed it, and when, stands in its timeline."
      submit="Save"
      isReady={title.trim() !== '' && 'atMs' in start && (end === null || 'atMs' in end) && order === null}
      {...commonOf(props)}
      onSubmit={async (by) => {
        if (!('atMs' in start)) return;
        const endMs = end !== null && 'atMs' in end ? { endMs: end.atMs } : {};
        await run({
          kind: 'edit',
          by,
          title: title.trim(),
          cause: orNull(cause),
          startMs: start.atMs,
          ...endMs,
        });
      }}
    >
      <WordsField
        label="What happened, in one line"
        value={title}
        most={INCIDENT_LIMITS.titleChars}
        isRequired
        onChange={setTitle}
      />
      <WordsField
        label="Why, as far as it is known (may stay empty)"
        value={cause}
        most={INCIDENT_LIMITS.lineChars}
        onChange={setCause}
      />
      <TimeField
        label="Began, in UTC"
        typed={began}
        fault={'fault' in start ? start.fault : null}
        onTyped={setBegan}
      />
      {isResolved && (
        <TimeField
          label="Ended, in UTC"
          typed={ended}
          fault={end !== null && 'fault' in end ? end.fault : order}
          onTyped={setEnded}
        />
      )}
    </PersonDialog>
  );
}

/** A time that is shown to the second, as typed; untouched it stays what it was. */
function readChanged(typed: string, beforeMs: number | null, nowMs: number) {
  return beforeMs !== null && typed === writeTime(beforeMs) ? { atMs: beforeMs } : readPast(typed, nowMs);
}

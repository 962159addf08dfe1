'use client';

import { useState } from 'react';
import { readDue } from '@/lib/client/incident-times.ts';
import type { IncidentAct } from '@/lib/client/use-incident-acts.ts';
import type { Hypothesis } from '@/lib/core/model/incident.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import { ChoiceField, CLAIM_INPUT, Labelled } from '../panels/claim-fields.tsx';
import { HYPOTHESIS_WORDS, STATUS_WORDS } from '../panels/incident-words.ts';
import { PersonDialog, WordsField } from '../panels/person-dialog.tsx';
import { EditDialog } from './incident-edit.tsx';
import { commonOf, type IncidentFormProps, orNull } from './incident-form.ts';
import { TimeField } from './incident-open.tsx';

/** What a person is about to do to an incident. */
export type IncidentDialog =
  | { kind: 'edit' | 'hypothesis' | 'action' | 'merge' }
  | { kind: 'judge'; hypothesis: Hypothesis }
  /** Only the name is missing; `act` is what it is wanted for, null to change it. */
  | { kind: 'sign'; act: IncidentAct | null };

/** The dialog for what a person is about to do; it is put away once that is done. */
export function IncidentDialogs({
  dialog,
  ...page
}: Readonly<IncidentFormProps & { dialog: IncidentDialog }>) {
  switch (dialog.kind) {
    case 'edit':
      return <EditDialog {...page} />;
    case 'hypothesis':
      return <HypothesisDialog {...page} />;
    case 'judge':
      return <JudgeDialog {...page} hypothesis={dialog.hypothesis} />;
    case 'action':
      return <ActionDialog {...page} />;
    case 'merge':
      return <MergeDialog {...page} />;
    case 'sign':
      return <SignDialog {...page} act={dialog.act} />;
    default:
      return dialog satisfies never;
  }
}

function HypothesisDialog(props: Readonly<IncidentFormProps>) {
  const [text, setText] = useState('');
  const [evidence, setEvidence] = useState('');
  return (
    <PersonDialog
      title="Add a hypothesis"
      about="What may have caused it. It is open until somebody confirms or refutes it."
      submit="Add it"
      isReady={text.trim() !== ''}
      {...commonOf(props)}
      onSubmit={(by) => props.run({ kind: 'hypothesis', by, text: text.trim(), evidence: orNull(evidence) })}
    >
      <WordsField
        label="What may have caused it"
        value={text}
        most={INCIDENT_LIMITS.lineChars}
        isRequired
        onChange={setText}
      />
      <WordsField
        label="What speaks for or against it (may stay empty)"
        value={evidence}
        most={INCIDENT_LIMITS.lineChars}
        onChange={setEvidence}
      />
    </PersonDialog>
  );
}

const STATES: readonly (readonly [Hypothesis['state'], string])[] = (
  ['open', 'confirmed', 'refuted'] as const
).map((state) => [state, HYPOTHESIS_WORDS[state].word]);

function JudgeDialog({ hypothesis, ...props }: Readonly<IncidentFormProps & { hypothesis: Hypothesis }>) {
  const [state, setState] = useState(hypothesis.state);
  const [evidence, setEvidence] = useState(hypothesis.evidence ?? '');
  return (
    <PersonDialog
      title="Judge a hypothesis"
      about={hypothesis.text}
      submit="Save"
      {...commonOf(props)}
      onSubmit={(by) =>
        props.run({ kind: 'judge', by, hypothesisId: hypothesis.id, state, evidence: orNull(evidence) })
      }
    >
      <ChoiceField
        label="It is"
        value={state}
        choices={STATES}
        onChoose={(next) => next !== '' && setState(next)}
      />
      <WordsField
        label="What speaks for or against it"
        value={evidence}
        most={INCIDENT_LIMITS.lineChars}
        onChange={setEvidence}
      />
    </PersonDialog>
  );
}

function ActionDialog(props: Readonly<IncidentFormProps>) {
  const [text, setText] = useState('');
  const [owner, setOwner] = useState('');
  const [due, setDue] = useState('');
  const dueRead = due.trim() === '' ? null : readDue(due);
  return (
    <PersonDialog
      title="Add an action"
      about="What is to be done so that it does not happen again."
      submit="Add it"
      isReady={text.trim() !== '' && (dueRead === null || 'atMs' in dueRead)}
      {...commonOf(props)}
      onSubmit={(by) =>
        props.run({
          kind: 'action',
          by,
          text: text.trim(),
          owner: orNull(owner),
          dueMs: dueRead !== null && 'atMs' in dueRead ? dueRead.atMs : null,
        })
      }
    >
      <WordsField
        label="What is to be done"
        value={text}
        most={INCIDENT_LIMITS.lineChars}
        isRequired
        onChange={setText}
      />
      <Labelled label="Who takes it (may stay empty)">
        {(id) => (
          <input
            id={id}
            className={CLAIM_INPUT}
            maxLength={64}
            value={owner}
            onChange={({ target }) => setOwner(target.value)}
          />
        )}
      </Labelled>
      <TimeField
        label="Due, such as 2026-04-16 (may stay empty)"
        typed={due}
        fault={dueRead !== null && 'fault' in dueRead ? dueRead.fault : null}
        onTyped={setDue}
      />
    </PersonDialog>
  );
}

function MergeDialog(props: Readonly<IncidentFormProps>) {
  const { incident, others } = props;
  const [intoId, setIntoId] = useState(others[0]?.id ?? '');
  const choices = others.map(
    ({ id, title, status }) => [id, `${STATUS_WORDS[status].word}: ${title}`] as const,
  );
  return (
    <PersonDialog
      title="Merge into another incident"
      about={
        <>
          <p className="font-medium text-ink">{incident.title}</p>
          <p className="mt-1">
            Its timeline, hypotheses and actions go over. This page stays, read only. This can’t be undone.
          </p>
        </>
      }
      submit="Merge"
      isReady={intoId !== ''}
      {...commonOf(props)}
      onSubmit={(by) => props.run({ kind: 'merge', by, intoId })}
    >
      <ChoiceField label="Into" value={intoId} choices={choices} onChoose={setIntoId} />
    </PersonDialog>
  );
}

function SignDialog({ act, ...props }: Readonly<IncidentFormProps & { act: IncidentAct | null }>) {
  return (
    <PersonDialog
      title="Your name"
      about="It stands beside what you do on this page. This browser remembers it, and nothing else does."
      submit={act === null ? 'Use it' : 'Sign'}
      {...commonOf(props)}
      onSubmit={async (by) => {
        if (act !== null) await props.run({ ...act, by });
      }}
    />
  );
}

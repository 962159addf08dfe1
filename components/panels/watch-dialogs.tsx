'use client';

import { useState } from 'react';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import type { FollowUpState, WatchCheck, WatchRecord } from '@/lib/core/model/verdict.ts';
import { ChoiceField, CLAIM_INPUT, Labelled } from './claim-fields.tsx';
import { PersonDialog, type PersonName, WordsField } from './person-dialog.tsx';
import { CLAIM_WORDS } from './watch-words.ts';

/** What a dialog needs of the page. */
interface Common {
  person: PersonName;
  isBusy: boolean;
  failure: string | null;
  onClose: () => void;
}

const MOST_WORDS = 1_000;
/** What a person can say of a deploy: ends, not stations on the way. */
const SAID = ['met', 'mostly_met', 'missed', 'worse', 'cant_tell'] as const satisfies readonly ClaimState[];

/** Ticks a line of the checklist. */
export function SignDialog({
  check,
  onSign,
  ...common
}: Readonly<
  Common & { check: WatchCheck; onSign: (said: { by: string; note: string | null }) => Promise<unknown> }
>) {
  const [note, setNote] = useState('');
  return (
    <PersonDialog
      title="Sign"
      about={check.title}
      submit="Sign"
      {...common}
      onSubmit={(by) => onSign({ by, note: note.trim() === '' ? null : note.trim() })}
    >
      <WordsField label="What you saw (may stay empty)" value={note} most={MOST_WORDS} onChange={setNote} />
    </PersonDialog>
  );
}

/** Takes a wrong tick back. */
export function UnsignDialog({
  check,
  onUnsign,
  ...common
}: Readonly<Common & { check: WatchCheck; onUnsign: (by: string) => Promise<unknown> }>) {
  const { signed, title } = check;
  return (
    <PersonDialog
      title="Take the tick back"
      about={`${title}${signed === null ? '' : ` was signed by ${signed.by}.`} Who takes it back stays in the history.`}
      submit="Take it back"
      {...common}
      onSubmit={onUnsign}
    />
  );
}

/** Puts a person's verdict beside the machine's. */
export function OverrideDialog({
  release,
  onOverride,
  ...common
}: Readonly<
  Common & {
    release: string;
    onOverride: (said: { by: string; state: ClaimState; reason: string }) => Promise<unknown>;
  }
>) {
  const [state, setState] = useState<(typeof SAID)[number] | ''>('');
  const [reason, setReason] = useState('');
  return (
    <PersonDialog
      title="Override the verdict"
      about={`Your verdict of ${release} stands beside the measured one, with your reason. The measured one stays.`}
      submit="Override"
      isReady={state !== '' && reason.trim() !== ''}
      {...common}
      onSubmit={(by) =>
        state === ''
          ? Promise.reject(new Error('no state'))
          : onOverride({ by, state, reason: reason.trim() })
      }
    >
      <ChoiceField<(typeof SAID)[number]>
        label="Verdict"
        value={state}
        choices={[['', 'Choose'], ...SAID.map((one) => [one, CLAIM_WORDS[one].word] as const)]}
        onChoose={setState}
      />
      <WordsField label="Reason" value={reason} most={MOST_WORDS} isRequired onChange={setReason} />
    </PersonDialog>
  );
}

/** Withdraws what a person said. */
export function WithdrawDialog({
  override,
  onWithdraw,
  ...common
}: Readonly<
  Common & { override: NonNullable<WatchRecord['override']>; onWithdraw: (by: string) => Promise<unknown> }
>) {
  return (
    <PersonDialog
      title="Withdraw the override"
      about={`${override.by} said ${CLAIM_WORDS[override.state].word.toLowerCase()}: ${override.reason}`}
      submit="Withdraw"
      {...common}
      onSubmit={onWithdraw}
    />
  );
}

/** Says who takes a follow-up, and whether it is done. */
export function FollowUpDialog({
  followUp,
  onSave,
  ...common
}: Readonly<
  Common & {
    followUp: FollowUpState;
    onSave: (said: { by: string; done: boolean; owner: string | null }) => Promise<unknown>;
  }
>) {
  const [owner, setOwner] = useState(followUp.owner ?? '');
  const [isDone, setIsDone] = useState(followUp.done !== null);
  return (
    <PersonDialog
      title="Follow-up"
      about={followUp.text}
      submit="Save"
      {...common}
      onSubmit={(by) => onSave({ by, done: isDone, owner: owner.trim() === '' ? null : owner.trim() })}
    >
      <Labelled label="Owner">
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
      <label className="flex min-h-8 items-center gap-1.5">
        <input type="checkbox" checked={isDone} onChange={({ target }) => setIsDone(target.checked)} />
        Done
      </label>
    </PersonDialog>
  );
}

'use client';

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { closeDialog, Dialog } from '../ui/dialog.tsx';
import { CLAIM_INPUT, Labelled } from './claim-fields.tsx';

/** The name that this browser remembers. */
export interface PersonName {
  /** Empty without one. */
  load: () => string;
  keep: (name: string) => void;
}

interface PersonDialogProps {
  person: PersonName;
  title: string;
  /** What it is about. */
  about: ReactNode;
  /** What the button will do. */
  submit: string;
  isBusy: boolean;
  /** Why it was not done; null when it was, or was not tried. */
  failure: string | null;
  /** False while a field above the name is not filled in. */
  isReady?: boolean;
  /** Rejects where it was not done: the dialog stays with what was typed. */
  onSubmit: (by: string) => Promise<unknown>;
  onClose: () => void;
  /** Fields above the name. */
  children?: ReactNode;
}

/** Something that a person does by name. There is one password, so a name is what people say it is; this browser remembers it. */
export function PersonDialog(props: Readonly<PersonDialogProps>) {
  const {
    person,
    title,
    about,
    submit,
    isBusy,
    failure,
    isReady = true,
    onSubmit,
    onClose,
    children,
  } = props;
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const { load } = person;
  useEffect(() => setName((now) => (now === '' ? load() : now)), [load]);
  const by = name.trim();
  const isAllowed = by !== '' && isReady && !isBusy;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!isAllowed) return;
    person.keep(by);
    void onSubmit(by).then(
      () => closeDialog(form.current),
      // It stays open; why stands below.
      () => {},
    );
  };
  return (
    <Dialog label={title} onClose={onClose} className="max-w-110">
      <form ref={form} onSubmit={send} className="flex max-h-[80dvh] flex-col gap-3 overflow-y-auto p-4">
        <h2 className="text-section">{title}</h2>
        <div className="break-words text-ink-2">{about}</div>
        {children}
        <Labelled label="Your name">
          {(id) => (
            <input
              id={id}
              className={CLAIM_INPUT}
              maxLength={64}
              autoComplete="name"
              required
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Labelled>
        {failure !== null && (
          <p role="alert" className="break-words text-ink-2">
            Not done: {failure}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" disabled={!isAllowed}>
            {submit}
          </Button>
          <Button look="ghost" onClick={({ currentTarget }) => closeDialog(currentTarget)}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Words of a person in a few lines. */
export function WordsField({
  label,
  value,
  most,
  isRequired = false,
  onChange,
}: Readonly<{
  label: string;
  value: string;
  most: number;
  isRequired?: boolean;
  onChange: (value: string) => void;
}>) {
  return (
    <Labelled label={label}>
      {(id) => (
        <textarea
          id={id}
          rows={3}
          maxLength={most}
          required={isRequired}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          className="w-full min-w-0 rounded-control border border-line-strong bg-surface px-2.5 py-1.5"
        />
      )}
    </Labelled>
  );
}

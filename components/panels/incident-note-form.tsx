'use client';

import { type FormEvent, useId, useState } from 'react';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import { Button } from '../ui/button.tsx';
import { Markdown } from '../ui/markdown.tsx';

interface IncidentNoteFormProps {
  isBusy: boolean;
  /** Who writes; null while this browser knows no name, which is asked for then. */
  name: string | null;
  onRename: () => void;
  /** Rejects where it was not written: the text stays. */
  onAdd: (markdown: string) => Promise<unknown>;
}

/** A note of a person, in Markdown, with a look at it before it is written down for good. */
export function IncidentNoteForm({ isBusy, name, onRename, onAdd }: Readonly<IncidentNoteFormProps>) {
  const [text, setText] = useState('');
  const [isPreview, setPreview] = useState(false);
  const id = useId();
  const isEmpty = text.trim() === '';
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (isEmpty || isBusy) return;
    void onAdd(text).then(
      () => {
        setText('');
        setPreview(false);
      },
      // It was not written: what was typed stays.
      () => {},
    );
  };
  return (
    <form onSubmit={send} className="no-print mt-3 border-t border-line pt-3">
      <label htmlFor={id} className="mb-1 block text-label text-ink-3">
        Add a note, in Markdown
      </label>
      {isPreview ? (
        <section
          aria-label="Preview of the note"
          className="min-h-21 rounded-control border border-line px-2.5 py-1.5"
        >
          <Markdown markdown={text} headingLevel={3} />
        </section>
      ) : (
        <textarea
          id={id}
          rows={3}
          maxLength={INCIDENT_LIMITS.noteChars}
          value={text}
          placeholder="What you see, what you tried"
          onChange={({ target }) => setText(target.value)}
          className="block w-full min-w-0 rounded-control border border-line-strong bg-surface px-2.5 py-1.5"
        />
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={isEmpty || isBusy}>
          Add the note
        </Button>
        <Button
          look="ghost"
          disabled={isEmpty}
          aria-pressed={isPreview}
          onClick={() => setPreview(!isPreview)}
        >
          {isPreview ? 'Go on writing' : 'Preview'}
        </Button>
        <span className="ml-auto flex items-center gap-1 text-label text-ink-3">
          {name === null ? (
            'Your name is asked for once.'
          ) : (
            <>
              <span className="max-w-40 truncate">Signed {name}.</span>
              <button type="button" className="underline underline-offset-2" onClick={onRename}>
                Change the name
              </button>
            </>
          )}
        </span>
      </div>
    </form>
  );
}

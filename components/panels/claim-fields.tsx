'use client';

import { clsx } from 'clsx';
import { type ReactNode, useId, useState } from 'react';
import type { Span } from '@/lib/core/claims/document.ts';
import { readLabels, writeLabels } from '@/lib/core/deploys/claim-labels.ts';
import { readSpan, writeSpan } from '@/lib/core/deploys/claim-text.ts';

/** Classes of a field in the editor of a claim. */
export const CLAIM_INPUT =
  'h-9 w-full min-w-0 rounded-control border border-line-strong bg-surface px-2.5 tablet:h-8 aria-invalid:border-bad-edge';

/** A label over a field. */
export function Labelled({
  label,
  children,
  className,
}: Readonly<{ label: string; children: (id: string) => ReactNode; className?: string }>) {
  const id = useId();
  return (
    <div className={clsx('min-w-0', className)}>
      <label htmlFor={id} className="mb-1 block text-label text-ink-3">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** A number or a range of two. What cannot be read stays as typed and changes nothing. */
export function SpanField({
  label,
  span,
  onSpan,
  placeholder,
}: Readonly<{
  label: string;
  span: Span | null;
  onSpan: (span: Span | null) => void;
  placeholder?: string;
}>) {
  return (
    <ReadField
      label={label}
      written={writeSpan(span)}
      placeholder={placeholder}
      maxLength={60}
      onTyped={(text) => {
        const read = readSpan(text);
        if ('fault' in read) return read.fault;
        onSpan(read.span);
        return null;
      }}
    />
  );
}

/** What narrows a metric: `cmd=get`. What cannot be read stays as typed and changes nothing. */
export function LabelsField({
  labels,
  onLabels,
}: Readonly<{
  labels: Readonly<Record<string, string>>;
  onLabels: (labels: Record<string, string>) => void;
}>) {
  return (
    <ReadField
      label="Only where"
      written={writeLabels(labels)}
      placeholder="all of it, or cmd=get"
      maxLength={500}
      isCode
      onTyped={(text) => {
        const read = readLabels(text);
        if ('fault' in read) return read.fault;
        onLabels({ ...read.labels });
        return null;
      }}
    />
  );
}

/** A field whose text is read as it is typed; `onTyped` gives what is wrong with it, or null. */
function ReadField({
  label,
  written,
  placeholder,
  maxLength,
  isCode = false,
  onTyped,
}: Readonly<{
  label: string;
  written: string;
  placeholder: string | undefined;
  maxLength: number;
  isCode?: boolean;
  onTyped: (text: string) => string | null;
}>) {
  /** What is being typed; null while the field shows the claim. */
  const [typed, setTyped] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  return (
    <Labelled label={label}>
      {(id) => (
        <>
          <input
            id={id}
            inputMode="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={maxLength}
            placeholder={placeholder}
            value={typed ?? written}
            aria-invalid={fault !== null}
            {...(fault === null ? {} : { 'aria-describedby': `${id}-fault` })}
            onChange={({ target }) => {
              setTyped(target.value);
              setFault(onTyped(target.value));
            }}
            onBlur={() => {
              if (fault === null) setTyped(null);
            }}
            className={clsx(CLAIM_INPUT, isCode && 'font-mono text-mono')}
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

/** A choice of a few; what is not among them stays as it is. */
export function ChoiceField<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: Readonly<{
  label: string;
  value: T | '';
  choices: readonly (readonly [value: T | '', word: string])[];
  onChoose: (value: T | '') => void;
}>) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select
          id={id}
          className={CLAIM_INPUT}
          value={value}
          onChange={({ target }) => {
            const next = choices.find(([one]) => one === target.value);
            if (next !== undefined) onChoose(next[0]);
          }}
        >
          {choices.map(([one, word]) => (
            <option key={one} value={one} className="bg-surface text-ink">
              {word}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

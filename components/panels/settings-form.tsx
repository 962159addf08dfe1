'use client';

import { useId } from 'react';
import { SOURCE_KINDS, type SourceKind } from '@/lib/core/model/target.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import type { CheckedSource } from '@/lib/core/sources/settings-view.ts';
import { writeSource } from '@/lib/core/sources/write-yaml.ts';
import { checkForm, type FormField, type FormValues, SOURCE_FORMS } from '@/lib/core/sources/yaml-form.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { CopyBlock } from './settings-copy.tsx';

const INPUT =
  'h-9 w-full min-w-0 rounded-control border border-line-strong bg-surface px-2.5 tablet:h-8 aria-invalid:border-bad-edge';
const MOST_CHARS = { addresses: 8_000, address: 500, host: 300, path: 300 } as const;

export interface SettingsFormProps {
  kind: SourceKind;
  values: FormValues;
  /** What the server's config says to these values; null while that is not known. */
  checked: CheckedSource | null;
  /** Why the check did not go through; null when it did, or was not made. */
  failure: string | null;
  onKind: (kind: SourceKind) => void;
  onChange: (key: string, value: string) => void;
  onCopy: (text: string) => void;
}

/** A form that writes the lines of `afterwatch.yml`. It takes names of variables and never a secret; nothing is stored. */
export function SettingsForm({ kind, values, checked, failure, ...rest }: Readonly<SettingsFormProps>) {
  const kindId = useId();
  const problems = checkForm(kind, values);
  return (
    <PanelFrame title="Connect a source" question="Which lines bring it?" state={{ kind: 'ready' }}>
      <p className="max-w-160 text-ink-2">
        Sources stand in one file, afterwatch.yml; this form writes its lines and stores nothing. Secrets stay
        in variables of the environment: give their names, never what they hold.
      </p>
      <div className="mt-4 grid gap-x-12 gap-y-6 duo:grid-cols-2">
        <form className="flex min-w-0 flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
          <div>
            <label htmlFor={kindId} className="mb-1 block text-label text-ink-3">
              Kind
            </label>
            <select
              id={kindId}
              className={INPUT}
              value={kind}
              onChange={({ target }) => {
                const next = SOURCE_KINDS.find((one) => one === target.value);
                if (next !== undefined) rest.onKind(next);
              }}
            >
              {SOURCE_KINDS.map((one) => (
                <option key={one} value={one} className="bg-surface text-ink">
                  {SOURCE_SPECS[one].title}
                </option>
              ))}
            </select>
          </div>
          {SOURCE_FORMS[kind].map((field) => (
            <Field
              key={`${kind}-${field.key}`}
              field={field}
              value={values[field.key] ?? ''}
              problem={problems.find(({ key }) => key === field.key)?.text ?? null}
              onChange={(value) => rest.onChange(field.key, value)}
            />
          ))}
        </form>
        <Lines
          isComplete={problems.length === 0}
          kind={kind}
          values={values}
          checked={checked}
          failure={failure}
          onCopy={rest.onCopy}
        />
      </div>
    </PanelFrame>
  );
}

function Field({
  field,
  value,
  problem,
  onChange,
}: Readonly<{ field: FormField; value: string; problem: string | null; onChange: (value: string) => void }>) {
  const id = useId();
  const { label, type, isNeeded, placeholder, hint } = field;
  // What was not filled in yet is no mistake.
  const shown = problem !== null && value.trim() !== '' ? problem : null;
  if (type === 'switch') {
    return (
      <label className="flex min-h-8 items-center gap-1.5">
        <input
          type="checkbox"
          checked={value === 'true'}
          onChange={({ target }) => onChange(target.checked ? 'true' : '')}
        />
        {label}
      </label>
    );
  }
  const shared = {
    id,
    value,
    placeholder,
    required: isNeeded,
    autoComplete: 'off',
    autoCapitalize: 'off',
    spellCheck: false,
    'aria-invalid': shown !== null,
    ...(shown !== null || hint !== undefined ? { 'aria-describedby': `${id}-note` } : {}),
  } as const;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-label text-ink-3">
        {label}
        {!isNeeded && ', optional'}
      </label>
      {type === 'addresses' ? (
        <textarea
          {...shared}
          rows={3}
          maxLength={MOST_CHARS.addresses}
          className={`${INPUT} h-auto py-1.5 font-mono text-mono tablet:h-auto`}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <input
          {...shared}
          maxLength={type in MOST_CHARS ? MOST_CHARS[type as keyof typeof MOST_CHARS] : 64}
          className={INPUT}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {(shown ?? hint) !== undefined && (shown !== null || hint !== undefined) && (
        <p id={`${id}-note`} className="mt-1 text-label text-ink-2">
          {shown ?? hint}
        </p>
      )}
    </div>
  );
}

function Lines({
  isComplete,
  kind,
  values,
  checked,
  failure,
  onCopy,
}: Readonly<
  { isComplete: boolean } & Pick<SettingsFormProps, 'kind' | 'values' | 'checked' | 'failure' | 'onCopy'>
>) {
  if (!isComplete) {
    return <p className="text-ink-3">The lines stand here as soon as every needed field is filled in.</p>;
  }
  const { yaml, variables } = writeSource(kind, values);
  return (
    <div className="min-w-0">
      <p className="text-label text-ink-3">
        In afterwatch.yml; where sources: stands already, without that line
      </p>
      <CopyBlock text={yaml} label="the lines" onCopy={onCopy} />
      <div aria-live="polite" className="mt-2">
        <Verdict checked={checked} failure={failure} />
      </div>
      {variables.length > 0 && (
        <div className="mt-3">
          <p className="text-label text-ink-3">
            To be set where Afterwatch starts, or with _FILE behind the name as a file
          </p>
          <ul>
            {variables.map(({ name, holds }) => (
              <li key={name}>
                <code className="font-mono text-mono">{name}</code>{' '}
                <span className="text-ink-2">{holds}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="mt-3 text-ink-3">
        Then start again, and run <code className="font-mono text-mono">npm run -s afterwatch -- doctor</code>
        : it visits each source once.
      </p>
    </div>
  );
}

function Verdict({ checked, failure }: Readonly<Pick<SettingsFormProps, 'checked' | 'failure'>>) {
  if (failure !== null) return <Status glyph="unknown" word="Not checked" detail={failure} wraps />;
  if (checked === null) return <Status glyph="starting" word="Checking" />;
  if (checked.faults.length === 0)
    return <Status glyph="good" word="Sound" detail="read by the config of this server" wraps />;
  return (
    <>
      <Status glyph="warn_outline" word="Not sound" />
      <ul>
        {checked.faults.map((fault) => (
          <li key={fault} className="break-words text-ink-2">
            {fault}
          </li>
        ))}
      </ul>
    </>
  );
}

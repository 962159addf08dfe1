'use client';

import { useId } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import { MARK_KINDS, type MarkKind } from '@/lib/core/model/view.ts';
import { ChoiceField, CLAIM_INPUT } from './claim-fields.tsx';
import { DEPLOY_KIND_WORDS } from './deploy-words.ts';

const KIND_CHOICES = MARK_KINDS.map((kind) => [kind, DEPLOY_KIND_WORDS[kind]] as const);

interface DeployFactsProps {
  release: { value: string; fault: string | null; isRead: boolean };
  kind: MarkKind;
  time: { value: string; fault: string | null; isRead: boolean };
  scope: string;
  scopes: readonly Scope[];
  onRelease: (release: string) => void;
  onKind: (kind: MarkKind) => void;
  onTime: (time: string) => void;
  onScope: (scope: string) => void;
}

/** How a scope is written in a choice. */
export const scopeText = ({ app, environment }: Scope) => `${app} · ${environment}`;

/** Which deploy it is: release, kind, time and app. What the summary states stands there until a person writes something else. */
export function DeployFacts({ release, kind, time, scope, scopes, ...on }: Readonly<DeployFactsProps>) {
  return (
    <div className="grid grid-cols-2 gap-3 desk:grid-cols-4">
      <FactField label="Release" placeholder="v1203" {...release} onChange={on.onRelease} />
      <FactField label="Time" placeholder="2026-04-09 17:54:52Z" {...time} onChange={on.onTime} />
      <ChoiceField<MarkKind>
        label="Kind"
        value={kind}
        choices={KIND_CHOICES}
        onChoose={(next) => next !== '' && on.onKind(next)}
      />
      <ChoiceField
        label="App and environment"
        value={scope}
        choices={scopes.map((one) => [scopeText(one), scopeText(one)] as const)}
        onChoose={on.onScope}
      />
    </div>
  );
}

function FactField({
  label,
  value,
  fault,
  isRead,
  placeholder,
  onChange,
}: Readonly<{
  label: string;
  value: string;
  fault: string | null;
  isRead: boolean;
  placeholder: string;
  onChange: (value: string) => void;
}>) {
  const id = useId();
  const note = fault ?? (isRead && value !== '' ? 'from the summary' : null);
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-label text-ink-3">
        {label}
      </label>
      <input
        id={id}
        className={CLAIM_INPUT}
        maxLength={120}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        aria-invalid={fault !== null}
        {...(note === null ? {} : { 'aria-describedby': `${id}-note` })}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-note`} className="mt-1 min-h-4 text-label text-ink-3">
        {note}
      </p>
    </div>
  );
}

'use client';

import type { Scope } from '@/lib/core/model/target.ts';
import { Icon } from '../ui/icon.tsx';

const textOf = ({ app, environment }: Scope) => `${app} · ${environment}`;

/** Which app in which environment is shown. Only there when the config names more than one. */
export function ScopeSelect({
  scope,
  scopes,
  onChoose,
}: Readonly<{ scope: Scope; scopes: readonly Scope[]; onChoose: (scope: Scope) => void }>) {
  if (scopes.length < 2) return null;
  return (
    <label className="relative inline-flex h-9 shrink-0 items-center rounded-control border border-line-strong bg-surface font-medium tablet:h-7 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-info">
      <span className="sr-only">App and environment</span>
      <select
        value={textOf(scope)}
        onChange={(event) => {
          const next = scopes.find((candidate) => textOf(candidate) === event.target.value);
          if (next) onChoose(next);
        }}
        className="h-full appearance-none bg-transparent pr-7 pl-2.5 outline-none"
      >
        {scopes.map((candidate) => (
          <option key={textOf(candidate)} className="bg-surface text-ink">
            {textOf(candidate)}
          </option>
        ))}
      </select>
      <span className="pointer-events-none absolute right-2 text-ink-3">
        <Icon name="chevron" size={14} />
      </span>
    </label>
  );
}

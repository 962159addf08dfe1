'use client';

import { type FormEvent, useState } from 'react';
import { type MadeToken, TOKEN_SCOPES, type TokenScope, type TokenView } from '@/lib/core/model/token.ts';
import { formatDate } from '@/lib/core/units/clock.ts';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';

interface TokensPanelProps {
  /** Newest first; null while they are read for the first time. */
  tokens: readonly TokenView[] | null;
  /** The token that was made just now, until it is put away; null for none. */
  made: MadeToken | null;
  isBusy: boolean;
  /** Why the last order did not go through; null when it did. */
  failure: string | null;
  onMake: (asked: { name: string; scopes: TokenScope[] }) => void;
  onCopy: (token: string) => void;
  onPutAway: () => void;
  onEnd: (id: string) => void;
}

const SCOPE_WORDS: Record<TokenScope, string> = {
  ingest: 'sends log lines',
  deploy: 'tells of deploys',
  read: 'reads, changes nothing',
};

/** Which machines hold a token, and what each may do. */
export function TokensPanel({ tokens, made, isBusy, failure, onEnd, ...rest }: Readonly<TokensPanelProps>) {
  const [armedId, setArmedId] = useState<string | null>(null);
  const state =
    tokens === null
      ? ({ kind: 'loading' } as const)
      : tokens.length === 0
        ? ({ kind: 'empty', text: 'No tokens yet.' } as const)
        : ({ kind: 'ready' } as const);
  return (
    <section aria-label="Tokens for machines">
      <NewToken isBusy={isBusy} onMake={rest.onMake} />
      {failure !== null && (
        <p role="alert" className="py-2 text-ink-2">
          {failure}
        </p>
      )}
      {made !== null && <Made made={made} onCopy={rest.onCopy} onPutAway={rest.onPutAway} />}
      <PanelFrame title="Made so far" headless state={state}>
        <ul>
          {(tokens ?? []).map(({ id, name, scopes, createdAtMs, lastUsedAtMs }) => (
            <li key={id} className="flex min-h-11 flex-wrap items-center gap-x-3 border-t border-line py-1.5">
              <span className="font-medium">{name}</span>
              <span className="text-ink-2">{scopes.join(', ')}</span>
              <span className="text-ink-3">
                made {formatDate(createdAtMs)},{' '}
                {lastUsedAtMs === null ? 'never used' : `last used ${formatDate(lastUsedAtMs)}`}
              </span>
              <Button
                size="small"
                className="ml-auto"
                aria-label={armedId === id ? `Revoke ${name} now` : `Revoke ${name}`}
                disabled={isBusy}
                onBlur={() => setArmedId(null)}
                onClick={() => (armedId === id ? onEnd(id) : setArmedId(id))}
              >
                {armedId === id ? 'Revoke now' : 'Revoke'}
              </Button>
            </li>
          ))}
        </ul>
      </PanelFrame>
    </section>
  );
}

function NewToken({ isBusy, onMake }: Readonly<Pick<TokensPanelProps, 'isBusy' | 'onMake'>>) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly TokenScope[]>([]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onMake({ name: name.trim(), scopes: [...scopes] });
    setName('');
  };
  return (
    <form className="flex flex-wrap items-center gap-3 py-2" onSubmit={submit}>
      <input
        aria-label="Name"
        placeholder="Name, such as log-shipper"
        className="h-9 min-w-0 grow rounded-control border border-line-strong bg-surface px-2.5 tablet:h-8 tablet:max-w-64"
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {TOKEN_SCOPES.map((scope) => (
        <label key={scope} className="flex min-h-8 items-center gap-1.5">
          <input
            type="checkbox"
            checked={scopes.includes(scope)}
            onChange={({ target }) =>
              setScopes(target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))
            }
          />
          {scope} <span className="text-ink-3">{SCOPE_WORDS[scope]}</span>
        </label>
      ))}
      <Button type="submit" disabled={isBusy || name.trim() === '' || scopes.length === 0}>
        Make token
      </Button>
    </form>
  );
}

function Made({
  made,
  onCopy,
  onPutAway,
}: Readonly<{ made: MadeToken } & Pick<TokensPanelProps, 'onCopy' | 'onPutAway'>>) {
  return (
    <div role="status" className="mb-3 rounded-box border border-line-strong bg-surface p-3">
      <p>Copy {made.name} now: it is not shown again.</p>
      <p className="flex flex-wrap items-center gap-2 pt-2">
        <code className="min-w-0 break-all">{made.token}</code>
        <Button size="small" onClick={() => onCopy(made.token)}>
          Copy
        </Button>
        <Button size="small" look="ghost" onClick={onPutAway}>
          Done
        </Button>
      </p>
    </div>
  );
}

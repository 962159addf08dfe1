'use client';

import { type ReactNode, useState } from 'react';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import { claimFigures, metricText } from '@/lib/core/deploys/claim-text.ts';
import { tellMeasurable } from '@/lib/core/deploys/measurable.ts';
import type { HeldClaim } from '@/lib/core/model/deploy.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { ClaimForecastView } from '@/lib/core/model/watch.ts';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { LineLinks } from './audit-list.tsx';
import { ClaimEditor } from './claim-editor.tsx';
import { Unmeasured } from './deploy-items.tsx';
import { confidenceWords } from './metric-field.tsx';

interface DeployClaimsProps {
  title?: string;
  /** When each claim can be told; absent for those of which nothing can be said. */
  forecasts?: readonly ClaimForecastView[];
  claims: readonly HeldClaim[];
  /** Kinds of source that are connected. */
  sources: readonly SourceKind[];
  isBusy: boolean;
  /** Why the last change was not kept; null when it was. */
  failure: string | null;
  /** Who confirmed, and when, in words; null while nobody did. */
  confirmed: ReactNode;
  onSave: (claims: readonly HeldClaim[]) => Promise<unknown>;
  onConfirm: () => Promise<unknown>;
}

/** What the deploy promised. A claim counts once a person has confirmed it; until then, and after, it can be changed. */
export function DeployClaims({
  title = 'Claims',
  forecasts = [],
  claims,
  sources,
  isBusy,
  failure,
  confirmed,
  ...on
}: Readonly<DeployClaimsProps>) {
  /** The claim that is being changed, as it is by now; null while none is. */
  const [edited, setEdited] = useState<HeldClaim | null>(null);
  const told = new Map(forecasts.map(({ claimId, text }) => [claimId, text]));
  const held = claims.filter(({ standing }) => standing !== 'removed');
  const removed = claims.filter(({ standing }) => standing === 'removed');
  const proposed = held.filter(({ standing }) => standing === 'proposed').length;
  const put = (next: HeldClaim): Promise<unknown> => {
    const isNew = !claims.some(({ id }) => id === next.id);
    return on.onSave(isNew ? [...claims, next] : claims.map((one) => (one.id === next.id ? next : one)));
  };
  const save = (): void => {
    if (edited === null) return;
    void put(edited).then(
      () => setEdited(null),
      // It stays open with what was typed; why stands above.
      () => {},
    );
  };
  const change = (parts: Partial<ParsedClaim>): void =>
    setEdited((now) => (now === null ? null : { ...now, ...parts }));
  const isNew = edited !== null && !claims.some(({ id }) => id === edited.id);
  const form = edited !== null && (
    <div className="mt-1 mb-3 rounded-box border border-line-strong bg-surface px-3 py-3 shadow-float">
      <ClaimEditor claim={edited} sources={sources} onChange={change} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="small" disabled={isBusy || edited.text.trim() === ''} onClick={save}>
          {isNew ? 'Add this claim' : 'Save'}
        </Button>
        <Button size="small" look="ghost" onClick={() => setEdited(null)}>
          Cancel
        </Button>
      </div>
    </div>
  );
  return (
    <PanelFrame
      title={title}
      question="What was promised?"
      state={{ kind: 'ready' }}
      aside={
        <>
          <Button
            size="small"
            disabled={isBusy || edited !== null}
            onClick={() => setEdited(newClaim(claims))}
          >
            Add a claim
          </Button>
          {proposed > 0 && (
            <Button
              size="small"
              look="primary"
              disabled={isBusy || edited !== null}
              onClick={() => void on.onConfirm().catch(() => {})}
            >
              Confirm {proposed} {proposed === 1 ? 'claim' : 'claims'}
            </Button>
          )}
        </>
      }
    >
      {failure !== null && (
        <p role="alert" className="py-2 text-ink-2">
          Not saved: {failure}
        </p>
      )}
      {proposed > 0 && (
        <p className="mb-1 text-ink-2">
          Proposed claims were read from the summary and count for nothing until a person confirms them.
        </p>
      )}
      {confirmed}
      {held.length === 0 && edited === null && (
        <p className="text-prose text-ink-2">The summary names no promise. Claims can be added by hand.</p>
      )}
      <ul>
        {held.map((claim) =>
          edited?.id === claim.id ? (
            <li key={claim.id}>{form}</li>
          ) : (
            <ClaimRow
              key={claim.id}
              claim={claim}
              sources={sources}
              forecast={told.get(claim.id) ?? null}
              isBusy={isBusy || edited !== null}
              onEdit={() => setEdited(claim)}
              onRemove={() => void put({ ...claim, standing: 'removed' }).catch(() => {})}
            />
          ),
        )}
      </ul>
      {isNew && form}
      {removed.length > 0 && (
        <details className="mt-2">
          <summary className="min-h-6 w-fit cursor-pointer text-ink-3">{removed.length} removed</summary>
          <ul>
            {removed.map((claim) => (
              <li key={claim.id} className="flex flex-wrap items-center gap-2 py-1.5">
                <span className="min-w-0 grow break-words text-ink-3 line-through">{claim.text}</span>
                <Button
                  size="small"
                  aria-label={`Take in again: ${claim.text.slice(0, 60)}`}
                  disabled={isBusy || edited !== null}
                  onClick={() => void put({ ...claim, standing: 'proposed' }).catch(() => {})}
                >
                  Take in again
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </PanelFrame>
  );
}

function ClaimRow({
  claim,
  sources,
  forecast,
  isBusy,
  onEdit,
  onRemove,
}: Readonly<{
  claim: HeldClaim;
  sources: readonly SourceKind[];
  forecast: string | null;
  isBusy: boolean;
  onEdit: () => void;
  onRemove: () => void;
}>) {
  const measurable = tellMeasurable(claim, sources);
  const name = claim.text.slice(0, 60);
  return (
    <li className="flex gap-2 border-line py-2.5 not-first:border-t max-tablet:flex-wrap">
      <span className="mt-0.5">
        <Glyph name={measurable.kind === 'measured' ? 'mark_outline' : 'unknown'} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{claim.text}</p>
        <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
          {claimFigures(claim).map((figure) => (
            <span key={figure}>{figure}</span>
          ))}
          <Tag>{claim.standing === 'confirmed' ? 'confirmed' : 'proposed'}</Tag>
          {claim.edited && <Tag>edited</Tag>}
        </p>
        {claim.metric !== null && (
          <p className="text-label text-ink-3">
            <span className="font-mono break-all">{metricText(claim)}</span>{' '}
            {confidenceWords(claim.confidence)}
          </p>
        )}
        {measurable.kind === 'not' ? (
          <Unmeasured measurable={measurable} />
        ) : (
          forecast !== null && <p className="text-label break-words text-ink-2">{forecast}</p>
        )}
      </div>
      <LineLinks lines={claim.source.lines} />
      <span className="no-print flex shrink-0 items-start gap-1.5 max-tablet:w-full max-tablet:pl-6">
        <Button size="small" aria-label={`Edit: ${name}`} disabled={isBusy} onClick={onEdit}>
          Edit
        </Button>
        <Button size="small" look="ghost" aria-label={`Remove: ${name}`} disabled={isBusy} onClick={onRemove}>
          Remove
        </Button>
      </span>
    </li>
  );
}

function newClaim(claims: readonly HeldClaim[]): HeldClaim {
  const taken = new Set(claims.map(({ id }) => id));
  let n = 1;
  while (taken.has(`h${n}`)) n += 1;
  return {
    id: `h${n}`,
    text: '',
    metric: null,
    labels: {},
    confidence: 0,
    unit: null,
    window: null,
    before: null,
    after: null,
    direction: null,
    changePct: null,
    delta: null,
    factor: null,
    changePp: null,
    limit: null,
    limitOp: null,
    guard: false,
    approximate: false,
    source: { line: 0, lines: [] },
    standing: 'proposed',
    edited: true,
  };
}

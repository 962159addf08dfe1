'use client';

import { clsx } from 'clsx';
import type { KeyboardEvent, ReactNode } from 'react';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import { claimFigures, linesText, metricText } from '@/lib/core/deploys/claim-text.ts';
import { isEdited } from '@/lib/core/deploys/draft.ts';
import type { SummaryItem } from '@/lib/core/deploys/items.ts';
import { type Measurable, tellMeasurable } from '@/lib/core/deploys/measurable.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { FindingText } from './audit-list.tsx';
import { ClaimEditor } from './claim-editor.tsx';
import { dueWords } from './deploy-checks.tsx';
import { RollbackWhy } from './deploy-rollback.tsx';
import { CHECK_STATE_WORDS, SEVERITY_WORDS } from './deploy-words.ts';
import { confidenceWords } from './metric-field.tsx';

export interface DeployItemActs {
  /** The item has the focus: its lines are lit. */
  onSelect: (key: string) => void;
  /** Opens or closes the editor of a claim. */
  onOpen: (key: string) => void;
  /** Back to the text, to this line. */
  onLine: (line: number) => void;
  onChange: (key: string, parts: Partial<ParsedClaim>) => void;
  /** Takes a claim out, or takes it in again. */
  onRemove: (key: string, isRemoved: boolean) => void;
  /** Takes back what a person changed. */
  onReset: (key: string) => void;
}

interface DeployItemsProps extends DeployItemActs {
  items: readonly SummaryItem[];
  /** The item whose lines are lit. */
  selected: string | null;
  /** The claim that is being edited. */
  opened: string | null;
  sources: readonly SourceKind[];
  /** How soon a claim could be told, in words, by its key; those that are still asked about are missing. */
  forecasts?: ReadonlyMap<string, string>;
}

/** Id of an item on the page. */
export const itemId = (key: string) => `item-${key}`;

/** What was read from a summary: claims that can be opened and changed, checks, findings and the way back. */
export function DeployItems({ items, ...rest }: Readonly<DeployItemsProps>) {
  return (
    <ul>
      {items.map((item) => (
        <Item key={item.key} item={item} {...rest} />
      ))}
    </ul>
  );
}

function Item({ item, ...rest }: Readonly<{ item: SummaryItem } & Omit<DeployItemsProps, 'items'>>) {
  const { selected, opened, sources, forecasts } = rest;
  const isSelected = item.key === selected;
  const isOpen = item.kind === 'claim' && item.key === opened && !item.draft.isRemoved;
  const [first] = item.lines;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (isOpen) {
      rest.onOpen(item.key);
      document.getElementById(itemId(item.key))?.focus();
    } else if (first !== undefined) rest.onLine(first);
  };
  const face = faceOf(item, sources, forecasts?.get(item.key) ?? null);
  return (
    <li
      onKeyDown={onKeyDown}
      onFocus={() => rest.onSelect(item.key)}
      className={clsx(
        'scroll-my-24 border-line not-first:border-t',
        isOpen ? 'my-2 rounded-box border border-line-strong bg-surface px-3 shadow-float' : 'px-3 -mx-3',
        isSelected && !isOpen && 'rounded-control bg-hover',
      )}
    >
      <button
        type="button"
        id={itemId(item.key)}
        data-item=""
        {...(item.kind === 'claim' ? { 'aria-expanded': isOpen } : { 'aria-pressed': isSelected })}
        onClick={() => {
          rest.onSelect(item.key);
          if (item.kind === 'claim' && !item.draft.isRemoved) rest.onOpen(item.key);
        }}
        className="flex w-full items-start gap-2 py-2.5 text-left"
      >
        <span className="mt-0.5">
          <Glyph name={face.glyph} />
        </span>
        <span className="min-w-0 grow">{face.body}</span>
        <span className="max-w-28 shrink-0 text-right text-label text-ink-3">{linesText(item.lines)}</span>
      </button>
      {item.kind === 'claim' && <ClaimBody item={item} isOpen={isOpen} {...rest} />}
    </li>
  );
}

function ClaimBody({
  item,
  isOpen,
  sources,
  onChange,
  onRemove,
  onReset,
  onOpen,
}: Readonly<{ item: SummaryItem & { kind: 'claim' }; isOpen: boolean } & Omit<DeployItemsProps, 'items'>>) {
  const { draft, key } = item;
  const { claim, read, isRemoved } = draft;
  const measurable = tellMeasurable(claim, sources);
  const name = claim.text.slice(0, 60);
  if (!isOpen && !isRemoved && measurable.kind === 'measured') return null;
  return (
    <div className="pb-2.5 pl-6">
      {!isRemoved && measurable.kind === 'not' && <Unmeasured measurable={measurable} />}
      {isOpen && (
        <div className="mt-2">
          <ClaimEditor claim={claim} sources={sources} onChange={(parts) => onChange(key, parts)} />
        </div>
      )}
      {(isOpen || isRemoved) && (
        <div className="mt-2.5 flex flex-wrap gap-2">
          {isRemoved ? (
            <Button size="small" aria-label={`Take in again: ${name}`} onClick={() => onRemove(key, false)}>
              Take in again
            </Button>
          ) : (
            <>
              <Button size="small" onClick={() => onOpen(key)}>
                Done
              </Button>
              <Button size="small" aria-label={`Remove: ${name}`} onClick={() => onRemove(key, true)}>
                Remove
              </Button>
              {read !== null && isEdited(draft) && (
                <Button size="small" look="ghost" onClick={() => onReset(key)}>
                  As it was read
                </Button>
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** Why nothing here can measure a claim, and what would. */
export function Unmeasured({ measurable }: Readonly<{ measurable: Measurable & { kind: 'not' } }>) {
  const { why, sources } = measurable;
  return (
    <p className="text-label text-ink-2">
      <span className="text-ink-3">Can’t be measured: </span>
      {why}
      {sources.map((kind) => (
        <span key={kind}>
          {' '}
          <a
            href={`/settings?kind=${kind}#connect`}
            target="_blank"
            rel="noreferrer"
            className="whitespace-nowrap underline underline-offset-2"
          >
            Connect {SOURCE_SPECS[kind].title}
          </a>
        </span>
      ))}
    </p>
  );
}

/** Shape and words of an item. */
function faceOf(
  item: SummaryItem,
  sources: readonly SourceKind[],
  forecast: string | null,
): { glyph: GlyphName; body: ReactNode } {
  switch (item.kind) {
    case 'claim':
      return claimFace(item, sources, forecast);
    case 'finding':
      return {
        glyph: SEVERITY_WORDS[item.finding.severity].glyph,
        body: <FindingText finding={item.finding} />,
      };
    case 'check': {
      const { glyph, word } = CHECK_STATE_WORDS[item.check.state];
      return {
        glyph,
        body: (
          <Plain
            text={item.check.text}
            detail={`Check, ${word === 'Open' ? 'open' : 'ticked by the author'}`}
          />
        ),
      };
    }
    case 'follow_up':
      return {
        glyph: 'idle',
        body: <Plain text={item.followUp.text} detail={`Follow-up, ${dueWords(item.followUp)}`} />,
      };
    case 'rollback':
      return {
        glyph: item.step.executable ? 'idle' : 'warn',
        body: (
          <>
            <span className="sr-only">Roll back: </span>
            <code className="block font-mono text-mono break-words whitespace-pre-wrap">
              {item.step.command}
            </code>
            {item.step.executable && item.step.why === undefined ? (
              <span className="block text-label text-ink-3">Way back</span>
            ) : (
              <RollbackWhy step={item.step} />
            )}
          </>
        ),
      };
    default:
      return item satisfies never;
  }
}

function Plain({ text, detail }: Readonly<{ text: string; detail: string }>) {
  return (
    <>
      <span className="block break-words">{text}</span>
      <span className="block text-label text-ink-3">{detail}</span>
    </>
  );
}

function claimFace(
  { draft }: SummaryItem & { kind: 'claim' },
  sources: readonly SourceKind[],
  forecast: string | null,
): { glyph: GlyphName; body: ReactNode } {
  const { claim, isRemoved } = draft;
  const isMeasured = tellMeasurable(claim, sources).kind === 'measured';
  return {
    glyph: isRemoved ? 'silenced' : isMeasured ? 'mark_outline' : 'unknown',
    body: (
      <>
        <span className="sr-only">Claim: </span>
        <span className={clsx('block font-medium break-words', isRemoved && 'text-ink-3 line-through')}>
          {claim.text === '' ? 'A claim without words' : claim.text}
        </span>
        <span className="flex flex-wrap items-center gap-x-2 text-ink-2">
          {claimFigures(claim).map((figure) => (
            <span key={figure}>{figure}</span>
          ))}
          {!isRemoved && isEdited(draft) && <Tag>edited</Tag>}
          {isRemoved && <Tag>removed</Tag>}
        </span>
        {claim.metric !== null && !isRemoved && (
          <span className="block text-label text-ink-3">
            <span className="font-mono break-all">{metricText(claim)}</span>{' '}
            {confidenceWords(claim.confidence)}
          </span>
        )}
        {isMeasured && !isRemoved && (
          // Its place is kept while it is asked for, so that nothing moves when it comes.
          <span className="block min-h-12 text-label text-ink-2 tablet:min-h-8">{forecast}</span>
        )}
      </>
    ),
  };
}

'use client';

import { type RefObject, useId } from 'react';
import type { DeployDraft } from '@/lib/client/deploy-store.ts';
import type { ClaimsDocument } from '@/lib/core/claims/document.ts';
import { ITEM_ORDERS, type ItemOrder, itemsWords, type SummaryItem } from '@/lib/core/deploys/items.ts';
import { draftSentence } from '@/lib/core/deploys/sentences.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { DeployFacts } from '../panels/deploy-facts.tsx';
import { DeployItems } from '../panels/deploy-items.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SummaryEditor } from '../panels/summary-editor.tsx';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { segmentLook } from '../ui/segmented.tsx';

interface DeployNewScreenProps {
  draft: DeployDraft;
  document: ClaimsDocument | null;
  items: readonly SummaryItem[];
  /** `decidable`: how many of them 24 hours can settle; null while that is not known. */
  counts: { all: number; measurable: number; decidable: number | null };
  editor: Omit<Parameters<typeof SummaryEditor>[0], 'describedBy'>;
  picker: RefObject<HTMLInputElement | null>;
  onFile: (file: File) => void;
  /** Why a text was not taken; null when it was. */
  pasteFault: string | null;
  isReading: boolean;
  facts: Parameters<typeof DeployFacts>[0];
  list: Parameters<typeof DeployItems>[0];
  order: ItemOrder;
  onOrder: (order: ItemOrder) => void;
  onAdd: () => void;
  /** What is missing before the watch can start; null when nothing is. */
  problem: string | null;
  release: string;
  /** Why it was not registered; null when it was, or was not tried. */
  failure: string | null;
  isBusy: boolean;
  onStart: () => void;
}

const ORDER_WORDS: Record<ItemOrder, string> = { line: 'By line', kind: 'By kind' };

/** The page of a new deploy as markup: what does it promise, and can we tell? */
export function DeployNewScreen(props: Readonly<DeployNewScreenProps>) {
  const { draft, document, items, counts, picker, pasteFault, problem, failure } = props;
  const noteId = useId();
  const lines = draft.text === '' ? 0 : draft.text.split('\n').length;
  return (
    <>
      <PageHeader
        left={
          <a href="/deploys" className="px-1 text-ink-2 hover:text-ink">
            Deploys
          </a>
        }
        right={null}
      />
      <PageBody>
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">New deploy</span>
          <span>What does it promise, and can we tell?</span>
        </p>
        {/* As high with one line as with three, so that nothing below moves while one types. */}
        <div className="min-h-30 tablet:min-h-18.5">
          <Sentence sentence={draftSentence(document, counts)} />
        </div>
        <div className="mt-6 border-t border-line pt-4">
          <DeployFacts {...props.facts} />
        </div>
        <div className="mt-3 grid grid-cols-1 gap-x-12 gap-y-7 border-t border-line pt-4 duo:grid-cols-[minmax(0,1fr)_minmax(0,1.06fr)]">
          <section aria-label="Summary" className="min-w-0 self-start duo:sticky duo:top-18">
            <div className="mb-2.5 flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-1">
              <h2 className="text-section">Summary</h2>
              <span className="text-ink-3">
                {lines === 0 ? 'Markdown or plain text' : `${lines} ${lines === 1 ? 'line' : 'lines'}`}
              </span>
              {draft.redactions > 0 && (
                <span role="status" className="text-ink-2">
                  {draft.redactions} {draft.redactions === 1 ? 'secret' : 'secrets'} replaced
                </span>
              )}
              <input
                ref={picker}
                type="file"
                tabIndex={-1}
                aria-hidden="true"
                accept=".md,.markdown,.txt,.text,text/*"
                className="sr-only"
                onChange={({ target }) => {
                  const [file] = target.files ?? [];
                  if (file !== undefined) props.onFile(file);
                  // The same file again is a choice too.
                  target.value = '';
                }}
              />
              <span className="ml-auto flex gap-2">
                <Button
                  size="small"
                  title="From the line of the caret, where it has words"
                  onClick={props.onAdd}
                >
                  Add a claim
                </Button>
                <Button size="small" onClick={() => picker.current?.click()}>
                  Choose a file
                </Button>
              </span>
            </div>
            <SummaryEditor {...props.editor} describedBy={noteId} />
            <p id={noteId} className="mt-1.5 flex flex-wrap gap-x-3 gap-y-1 text-label text-ink-3">
              <span>Secrets are replaced before anything is shown or sent. Kept in this tab.</span>
              <span className="max-tablet:hidden">Ctrl+Enter to what was read from this line, Esc back</span>
            </p>
            {pasteFault !== null && (
              <p role="alert" className="mt-2 flex gap-2 text-ink-2">
                <span className="mt-0.5">
                  <Glyph name="warn_outline" />
                </span>
                <span className="min-w-0 break-words">{pasteFault}</span>
              </p>
            )}
          </section>
          <section aria-label="What was read" aria-busy={props.isReading} className="min-w-0">
            <div className="mb-2.5 flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-1">
              <h2 className="text-section">What was read</h2>
              <span aria-live="polite" className="text-ink-3">
                {document === null && items.length === 0 ? '' : itemsWords(items)}
              </span>
              <span className="ml-auto">
                <OrderSwitch order={props.order} onOrder={props.onOrder} />
              </span>
            </div>
            {items.length === 0 ? (
              <p className="text-prose text-ink-3">
                {document === null
                  ? 'Claims, checks, follow-ups, the way back and what does not add up stand here, each beside its lines.'
                  : 'Nothing in this text reads as a promise, a check or a way back. Claims can be added by hand.'}
              </p>
            ) : (
              <DeployItems {...props.list} />
            )}
          </section>
        </div>
      </PageBody>
      <section
        aria-label="Start the watch"
        className="no-print sticky bottom-15 z-10 border-t border-line bg-canvas tablet:bottom-0"
      >
        <div className="flex max-w-308 wall:max-w-440 items-center gap-3 px-4 py-2.5 tablet:px-6 desk:px-8">
          <div className="min-w-0 grow tablet:flex tablet:items-center tablet:gap-3">
            <span className="flex min-w-0 items-center gap-2">
              <Glyph name="mark" />
              <span className="truncate font-medium">
                {props.release === '' ? 'No release' : props.release}
              </span>
              <span className="truncate text-ink-3 max-tablet:hidden">{props.facts.scope}</span>
            </span>
            <span
              {...(failure === null ? {} : { role: 'alert' })}
              className="block min-w-0 break-words text-ink-2 tablet:ml-auto tablet:text-right"
            >
              {failure !== null
                ? `Not registered: ${failure} Nothing typed is lost.`
                : (problem ?? `${counts.measurable} of ${counts.all} claims can be measured`)}
            </span>
          </div>
          <Button
            look="primary"
            disabled={problem !== null || props.isReading || props.isBusy}
            onClick={props.onStart}
          >
            {props.isBusy ? 'Starting' : 'Start the watch'}
          </Button>
        </div>
      </section>
    </>
  );
}

function OrderSwitch({
  order,
  onOrder,
}: Readonly<{ order: ItemOrder; onOrder: (order: ItemOrder) => void }>) {
  return (
    <fieldset className="inline-flex shrink-0 divide-x divide-line overflow-hidden rounded-control border border-line-strong bg-surface focus-within:overflow-visible">
      <legend className="sr-only">Order</legend>
      {ITEM_ORDERS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === order}
          className={segmentLook(one === order)}
          onClick={() => onOrder(one)}
        >
          {ORDER_WORDS[one]}
        </button>
      ))}
    </fieldset>
  );
}

import { type ReactNode, useId } from 'react';
import { Glyph } from './glyph.tsx';
import { Skeleton } from './skeleton.tsx';
import { Status } from './status.tsx';

/**
 * The five states of a panel. Data win over everything: `error` and `stale` keep the last good picture,
 * `loading` is for the first time only, `empty` means that we looked and there is nothing.
 */
export type PanelState =
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'stale'; detail: ReactNode }
  | { kind: 'error'; text: string; fix?: string | null }
  | { kind: 'empty'; text: string; fix?: string | null };

interface PanelFrameProps {
  title: string;
  /** What the panel answers, in the reader's words. */
  question?: string;
  /** True where the content says itself what it is: the heading is for a screen reader, and shown only with trouble. */
  headless?: boolean;
  /** Right end of the heading: a remark or a small control. */
  aside?: ReactNode;
  state: PanelState;
  /** Shapes of the content for the first read; without it those of a chart. */
  skeleton?: ReactNode;
  /** Drawn in place of the content while the panel is empty, so that nothing jumps when data arrive. */
  placeholder?: ReactNode;
  children?: ReactNode;
}

/** One panel: heading, its question, and the five states drawn the same way everywhere. */
export function PanelFrame({
  title,
  question,
  headless = false,
  aside,
  state,
  skeleton,
  placeholder,
  children,
}: Readonly<PanelFrameProps>) {
  const headingId = useId();
  const isHidden = headless && state.kind === 'ready';
  return (
    <section
      aria-labelledby={headingId}
      aria-busy={state.kind === 'loading'}
      className="flex h-full min-w-0 flex-col"
    >
      <div
        className={
          isHidden ? 'sr-only' : 'mb-2.5 flex min-h-6.5 flex-wrap items-center gap-x-2.5 tablet:flex-nowrap'
        }
      >
        <h2
          id={headingId}
          className="max-w-full min-w-0 text-section break-words tablet:shrink-0 tablet:truncate"
        >
          {title}
        </h2>
        {question !== undefined && (
          <span className="order-5 basis-full text-ink-3 tablet:order-0 tablet:basis-auto tablet:truncate">
            {question}
          </span>
        )}
        <span className="ml-auto flex shrink-0 items-center gap-3">
          {state.kind === 'stale' && <Status glyph="unknown" word="Stale" detail={state.detail} />}
          {aside}
        </span>
      </div>
      <PanelBody state={state} skeleton={skeleton} placeholder={placeholder}>
        {children}
      </PanelBody>
    </section>
  );
}

function PanelBody({
  state,
  skeleton,
  placeholder,
  children,
}: Pick<PanelFrameProps, 'state' | 'skeleton' | 'placeholder' | 'children'>) {
  switch (state.kind) {
    case 'loading':
      return skeleton ?? <Skeleton />;
    case 'ready':
    case 'stale':
      return children;
    case 'error':
      return (
        <>
          <div className="mb-2 flex gap-2">
            <span className="mt-0.5">
              <Glyph name="bad_outline" />
            </span>
            <Reason text={state.text} fix={state.fix} />
          </div>
          {children !== undefined && <div className="grayscale">{children}</div>}
        </>
      );
    case 'empty':
      return (
        <>
          <Reason text={state.text} fix={state.fix} />
          {placeholder}
        </>
      );
    default:
      return state satisfies never;
  }
}

function Reason({ text, fix }: Readonly<{ text: string; fix?: string | null | undefined }>) {
  return (
    <div className="min-w-0 text-prose">
      <p className="text-ink-2 first-letter:uppercase">{text}</p>
      {fix != null && fix !== '' && (
        <p className="text-data break-words text-ink-3 first-letter:uppercase">{fix}</p>
      )}
    </div>
  );
}

'use client';

import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useEffect, useId, useRef } from 'react';

/** Height of a line, and what stands over the first one; as the classes below draw it. */
const LINE_PX = 20;
const TOP_PX = 12;

/** What a line holds, for the bar beside it; a line with several takes the first of these. */
export type LineMark = 'finding' | 'claim' | 'other';

interface SummaryEditorProps {
  text: string;
  /** What was read on which line, 1-based. */
  marks: ReadonlyMap<number, LineMark>;
  /** Lines of the item that has the focus. */
  lit: readonly number[];
  /** True for a file that is held over it. */
  isTarget: boolean;
  describedBy: string;
  onText: (text: string) => void;
  onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  onDrop: (event: DragEvent<HTMLTextAreaElement>) => void;
  onTarget: (isTarget: boolean) => void;
  /** The line that the caret went to. */
  onLine: (line: number) => void;
  /** Ctrl+Enter: on to what was read on this line. */
  onLeave: (line: number) => void;
}

const MARK_LOOK: Record<LineMark, string> = {
  claim: 'fill-info',
  finding: 'fill-watch',
  other: 'fill-line-ink',
};

/**
 * The summary as it is written: plain text that is never changed by us, with line numbers, a bar at each line from which
 * something was read, and the lines of the chosen item lit. Lines do not wrap, so that a number means the same for everyone.
 */
export function SummaryEditor({
  text,
  marks,
  lit,
  isTarget,
  describedBy,
  ...on
}: Readonly<SummaryEditorProps>) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const lines = text.split('\n');
  const count = Math.max(lines.length, 16);
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const [first] = lit;
  const litKey = lit.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the chosen lines is what it follows.
  useEffect(() => {
    const box = frame.current;
    if (box === null || first === undefined) return;
    const top = TOP_PX + (first - 1) * LINE_PX;
    if (top < box.scrollTop || top + 2 * LINE_PX > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top - box.clientHeight / 3);
    }
  }, [litKey]);

  const lineOf = ({ value, selectionStart }: HTMLTextAreaElement): number =>
    value.slice(0, selectionStart).split('\n').length;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    on.onLeave(lineOf(event.currentTarget));
  };
  return (
    <div
      ref={frame}
      className={`relative max-h-[60dvh] overflow-auto rounded-box border bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-info duo:max-h-[calc(100dvh-220px)] ${isTarget ? 'border-ink' : 'border-line-strong'}`}
    >
      <div className="relative grid w-max min-w-full grid-cols-[auto_minmax(0,1fr)]">
        <svg aria-hidden="true" width="100%" height="100%" className="absolute inset-0">
          {lit.map((line) => (
            <rect
              key={line}
              x="0"
              y={TOP_PX + (line - 1) * LINE_PX}
              width="100%"
              height={LINE_PX}
              className="fill-hover"
            />
          ))}
        </svg>
        <div className="sticky left-0 z-1 border-r border-line bg-surface">
          <pre
            aria-hidden="true"
            className="min-w-11 py-3 pr-3 pl-3.5 text-right font-mono text-mono text-ink-3 select-none"
          >
            {Array.from({ length: count }, (_, i) => i + 1).join('\n')}
          </pre>
          <svg aria-hidden="true" width="5" height="100%" className="absolute inset-y-0 right-0">
            {[...marks].map(([line, mark]) => (
              <rect
                key={line}
                x="1"
                y={TOP_PX + (line - 1) * LINE_PX + 3}
                width="3"
                height={LINE_PX - 6}
                rx="1"
                className={MARK_LOOK[mark]}
              />
            ))}
          </svg>
        </div>
        <label htmlFor={id} className="sr-only">
          Summary, Markdown or plain text
        </label>
        <textarea
          id={id}
          data-summary=""
          rows={count}
          cols={longest + 8}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-describedby={describedBy}
          placeholder="Paste a summary, a PR body or a release note, or drop a file here"
          value={text}
          onChange={({ target }) => on.onText(target.value)}
          onPaste={on.onPaste}
          onDrop={on.onDrop}
          onDragOver={(event) => {
            event.preventDefault();
            on.onTarget(true);
          }}
          onDragLeave={() => on.onTarget(false)}
          onSelect={({ currentTarget }) => on.onLine(lineOf(currentTarget))}
          onKeyDown={onKeyDown}
          className="relative box-content block min-w-full resize-none overflow-hidden bg-transparent py-3 pl-3 font-mono text-mono outline-none placeholder:text-ink-3"
        />
      </div>
    </div>
  );
}

/** Puts text at the caret, or in place of everything, as one step that Ctrl+Z takes back. */
export function insertText(field: HTMLTextAreaElement, text: string, replaceAll: boolean): void {
  field.focus();
  if (replaceAll) field.select();
  // No other way keeps what the browser remembers for undo.
  if (typeof document.execCommand === 'function' && document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Puts the caret on a line and the focus into the field. */
export function focusLine(field: HTMLTextAreaElement, line: number): void {
  const at =
    field.value
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  field.focus({ preventScroll: true });
  field.setSelectionRange(at, at);
}

/** A summary to be read: with line numbers, each line an anchor that claims and findings lead to. */
export function SummaryText({ text }: Readonly<{ text: string }>) {
  const lines = text.split(/\r\n|\n|\r/);
  return (
    <ol className="overflow-x-auto rounded-box border border-line-strong bg-surface py-3 font-mono text-mono">
      {lines.map((line, i) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          key={i}
          id={`L${i + 1}`}
          className="grid scroll-mt-32 grid-cols-[44px_minmax(0,1fr)] gap-3 pr-3 target:bg-hover"
        >
          <span aria-hidden="true" className="text-right text-ink-3 select-none">
            {i + 1}
          </span>
          <span className="min-h-5 min-w-0 break-words whitespace-pre-wrap">{line}</span>
        </li>
      ))}
    </ol>
  );
}

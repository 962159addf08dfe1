import type { ReactNode } from 'react';
import type { NoteBlock, NoteInline, NoteRow } from '@/lib/core/markdown/note-types.ts';
import { parseNote } from '@/lib/core/markdown/parse-note.ts';

const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6'] as const;
type HeadingLevel = 2 | 3 | 4 | 5 | 6;

/**
 * A note in Markdown, drawn from its parts and never from HTML. `headingLevel` is that of its first heading, so that
 * the headings of the page stay in order.
 */
export function Markdown({
  markdown,
  headingLevel = 4,
}: Readonly<{ markdown: string; headingLevel?: HeadingLevel }>) {
  return (
    <div className="min-w-0 space-y-2 text-prose text-ink-2 wrap-anywhere">
      <Blocks blocks={parseNote(markdown)} headingLevel={headingLevel} />
    </div>
  );
}

function Blocks({
  blocks,
  headingLevel,
}: Readonly<{ blocks: readonly NoteBlock[]; headingLevel: HeadingLevel }>): ReactNode {
  // Parts of a text have no names; they never move either.
  return blocks.map((block, index) => (
    <Block key={String(index)} block={block} headingLevel={headingLevel} />
  ));
}

function Block({
  block,
  headingLevel,
}: Readonly<{ block: NoteBlock; headingLevel: HeadingLevel }>): ReactNode {
  switch (block.kind) {
    case 'heading': {
      const Heading = HEADINGS[Math.min(6, headingLevel + block.level - 1) - 2] ?? 'h6';
      return <Heading className="font-medium text-ink">{inlines(block.children)}</Heading>;
    }
    case 'paragraph':
      return <p>{inlines(block.children)}</p>;
    case 'code':
      return (
        <pre className="rounded-control bg-sunken px-2.5 py-2 font-mono text-mono whitespace-pre-wrap wrap-anywhere">
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={String(index)} className="space-y-1">
          <Blocks blocks={item} headingLevel={headingLevel} />
        </li>
      ));
      return block.start === null ? (
        <ul className="list-disc space-y-0.5 pl-5">{items}</ul>
      ) : (
        <ol start={block.start} className="list-decimal space-y-0.5 pl-6">
          {items}
        </ol>
      );
    }
    case 'quote':
      return (
        <blockquote className="space-y-2 border-l-2 border-line-strong pl-3">
          <Blocks blocks={block.blocks} headingLevel={headingLevel} />
        </blockquote>
      );
    case 'table':
      return <NoteTable head={block.head} rows={block.rows} />;
    case 'rule':
      return <hr className="border-line" />;
    case 'cut':
      return <p className="text-data text-ink-3">{block.why}</p>;
    default:
      return block satisfies never;
  }
}

/** Cells wrap instead of running out of the page: a phone and a sheet of paper have no way to scroll sideways. */
function NoteTable({ head, rows }: Readonly<{ head: NoteRow; rows: readonly NoteRow[] }>) {
  return (
    <table className="w-full border-collapse text-left">
      <thead>
        <tr className="border-b border-line-strong">
          {head.map((cell, index) => (
            <th key={String(index)} scope="col" className="px-1.5 py-1 align-top font-medium text-ink">
              {inlines(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, rowIndex) => (
          <tr key={String(rowIndex)} className="border-b border-line">
            {row.map((cell, index) => (
              <td key={String(index)} className="px-1.5 py-1 align-top">
                {inlines(cell)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inlines(parts: readonly NoteInline[]): ReactNode {
  return parts.map((part, index) => <Inline key={String(index)} part={part} />);
}

function Inline({ part }: Readonly<{ part: NoteInline }>): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code className="rounded-sm bg-sunken px-1 font-mono text-mono">{part.text}</code>;
    case 'break':
      return <br />;
    case 'strong':
      return <strong className="font-semibold text-ink">{inlines(part.children)}</strong>;
    case 'em':
      return <em>{inlines(part.children)}</em>;
    case 'strike':
      return <s>{inlines(part.children)}</s>;
    case 'link':
      return (
        <>
          <a
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-ink underline decoration-line-ink underline-offset-2 hover:decoration-ink"
          >
            {inlines(part.children)}
          </a>
          {part.host === null ? null : <span className="text-ink-3"> (leads to {part.host})</span>}
        </>
      );
    default:
      return part satisfies never;
  }
}

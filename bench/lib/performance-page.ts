import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const PAGE = join('docs', 'performance.md');
/** Each part is written by a bench of its own, in this order. */
const PARTS = ['peers', 'store'] as const;
export type PagePart = (typeof PARTS)[number];

const HEAD = `# Performance

Measured, not promised: each part below is written by the command that it names, with its date and the shape of the machine.
A goal that is missed says by how much. Where another engine is better, the table says so, and the text under it why.
`;

/** Writes one part of \`docs/performance.md\` anew; the other stays as it is. */
export function writePart(part: PagePart, text: string, page: string = PAGE): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const texts = PARTS.map((name) => (name === part ? text.trim() : readPart(before, name)));
  const body = PARTS.map((name, i) => `${opening(name)}\n\n${texts[i]}\n\n${closing(name)}\n`);
  writeFileSync(page, [HEAD, ...body].join('\n'));
}

/** The text of a part; a sentence where it was never measured. */
export function readPart(page: string, part: PagePart): string {
  const from = page.indexOf(opening(part));
  const to = page.indexOf(closing(part));
  if (from === -1 || to < from) return 'Not measured yet.';
  return page.slice(from + opening(part).length, to).trim();
}

const opening = (part: PagePart): string => `<!-- ${part} -->`;
const closing = (part: PagePart): string => `<!-- /${part} -->`;

/** `2 × Some processor, 24 GB, Node 20.20.2`. */
export function machineShape(): string {
  const all = cpus();
  const model = all[0]?.model.trim() || 'an unknown processor';
  return `${all.length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}

/** The date of a measure. */
export function dateOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

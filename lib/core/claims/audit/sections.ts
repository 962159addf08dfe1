/** A stretch of a summary under one heading. Lines are 1-based; `to` is the last one. */
export interface Section {
  /** Text of the heading without its marks; empty before the first one. */
  heading: string;
  /** True for the title of the whole document. */
  isTitle: boolean;
  from: number;
  to: number;
}

const MAX_HEADING = 80;

/**
 * Sections of a summary by its headings, as Markdown writes them and as they look once a page was copied without it: a
 * short line of words with no sentence in it. A wrong guess only narrows what is taken to belong together.
 */
export function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [{ heading: '', isTitle: true, from: 1, to: lines.length }];
  for (const [index, line] of lines.entries()) {
    const heading = isShellComment(lines, index) ? null : headingOf(line);
    if (heading === null) continue;
    const last = sections.at(-1);
    if (last !== undefined) last.to = index;
    const isTitle = /^\s*#\s/.test(line) || (sections.length === 1 && isBlank(lines, index));
    sections.push({ heading, isTitle, from: index + 1, to: lines.length });
  }
  return sections;
}

/** The section that holds a line; null for a line that is not there. Sections are in order of their lines. */
export function sectionAt(sections: readonly Section[], line: number): Section | null {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sections[middle]?.from ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return sections[low] ?? null;
}

/** Whether nothing is written above a line. */
function isBlank(lines: readonly string[], index: number): boolean {
  return lines.slice(0, index).every((line) => line.trim() === '');
}

const COMMAND =
  /^\s*(?:\$\s|(?:fly|flyctl|git|curl|npm|npx|pnpm|yarn|docker|kubectl|redis-cli|psql|heroku|sudo|export|bash|sh|python3?|node|cd)\s)/;

/** `# Watch logs` above a command is a comment that lost its fence. */
function isShellComment(lines: readonly string[], index: number): boolean {
  if (!/^\s*#\s/.test(lines[index] ?? '')) return false;
  return [1, 2].some((step) => COMMAND.test(lines[index + step] ?? ''));
}

const GLUED = /[\p{Ll}\d)]\d?\d\. (\p{Lu}[\p{L} ]{4,60})$/u;

/** The words of a heading; null for a line that is none. */
function headingOf(line: string): string | null {
  if (line.length > MAX_HEADING * 2) return null;
  const text = line.trim();
  // A numbered heading that a copied page glued to the end of a command.
  const glued = GLUED.exec(text)?.[1];
  if (glued !== undefined) return glued;
  const marked = /^#{1,6}\s+(.+)$/.exec(text) ?? /^\*\*([^*]+)\*\*:?$/.exec(text);
  if (marked?.[1] !== undefined) return marked[1];
  if (text.length < 3 || text.length > MAX_HEADING) return null;
  const numbered = /^(?:\d{1,2}[.)]|\d️?⃣|\d(?=\s\p{Lu}))\s*(.+)$/u.exec(text)?.[1];
  const words = numbered ?? text;
  // Sentences, list items, labels with their values, commands and code are no headings.
  if (!/^[\p{Lu}\p{Extended_Pictographic}]/u.test(words) || /[.;,:!?`={}\\|]$/.test(words)) return null;
  if (/[`={}|;→$<>[\]]|->|:\s|:\/\/|\*\*|✅|☑|✔/.test(words)) return null;
  const withoutBracket = words.replace(/\([^)]*\)/g, '').trim();
  if (withoutBracket.split(/\s+/).length > 7) return null;
  return numbered === undefined && /\d[KMB%]?\b.*\d/.test(withoutBracket) ? null : words;
}

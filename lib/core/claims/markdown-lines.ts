import { isCommand } from './command.ts';
import type { Line } from './repair.ts';
import { isMajorHeading } from './vocabulary.ts';

const BULLET = /^(\s{0,40})[•◦▪‣●○∙·➤▸►–—]\s+(?=\S)/u;
const LIST_START = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\S/;
const FENCE = /^\s{0,12}(?:>\s?)*(```+|~~~+)\s*([\w+.#-]*)/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE_ROW = /^\s*\|?[\s:|+=-]*-[\s:|+=-]*\|?\s*$/;

/** Lines as a Markdown parser wants them: lost fences, bullets of web pages, rows apart, and lists that ended. */
export function prepareLines(lines: readonly Line[]): readonly Line[] {
  return separate(joinRows(drawTables(hideComments(closeFences(lines)))));
}

/** A comment of a shell whose fence got lost is no heading: the next line is its command. */
function hideComments(lines: readonly Line[]): readonly Line[] {
  let fenced = false;
  return lines.map((one, i) => {
    if (FENCE.test(one.text)) fenced = !fenced;
    if (fenced || !/^#{1,2}\s+\S/.test(one.text)) return one;
    const title = one.text.replace(/^#+\s+/, '');
    const next = lines[i + 1]?.text ?? '';
    const later = next.trim() === '' ? (lines[i + 2]?.text ?? '') : '';
    const path = /^[\w./-]+\/[\w./-]+\.\w+$/.test(title);
    const comment =
      path ||
      isCommand(next) ||
      (isCommand(later) && i > 3 && !isMajorHeading(title) && one.text.startsWith('# ')) ||
      /^(?:Value|Result|Output|Returns)\b.*:/.test(title);
    return comment ? { text: `\\${one.text}`, line: one.line } : one;
  });
}

/** A fence that never ends takes nothing with it: it is dropped, and its lines are read as they stand. */
function closeFences(lines: readonly Line[]): readonly Line[] {
  const out = [...lines];
  let open: { at: number; mark: string } | null = null;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    const match = line === undefined ? null : FENCE.exec(line.text);
    if (line === undefined || match === null) continue;
    const [, mark = '', info = ''] = match;
    if (open === null) open = { at: i, mark: mark.charAt(0) };
    else if (info === '' && mark.charAt(0) === open.mark) open = null;
    else if (info !== '') {
      out[open.at] = { text: '', line: lines[open.at]?.line ?? line.line };
      open = { at: i, mark: mark.charAt(0) };
    }
  }
  if (open !== null) out[open.at] = { text: '', line: lines[open.at]?.line ?? 1 };
  return out;
}

/** Rows that are told apart by tabs, or drawn with boxes, as rows of a Markdown table; a missing rule is put in. */
function drawTables(lines: readonly Line[]): readonly Line[] {
  const out: Line[] = [];
  let fenced = false;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    if (line === undefined) continue;
    if (FENCE.test(line.text)) fenced = !fenced;
    const tabs = fenced ? 0 : countTabs(line.text);
    if (tabs > 0 && countTabs(nextText(lines, i)) === tabs) {
      let first = true;
      for (; i < lines.length; i += 1) {
        const row = lines[i];
        if (row === undefined || (row.text.trim() !== '' && countTabs(row.text) !== tabs)) break;
        if (row.text.trim() === '') continue;
        out.push({ text: `| ${row.text.replaceAll('|', '/').split('\t').join(' | ')} |`, line: row.line });
        if (first) out.push({ text: `|${' --- |'.repeat(tabs + 1)}`, line: row.line });
        first = false;
      }
      i -= 1;
      out.push({ text: '', line: line.line });
      continue;
    }
    out.push(line);
  }
  return out;
}

function countTabs(text: string): number {
  if (!text.includes('\t')) return 0;
  return text.trim().split('\t').length - 1;
}

function nextText(lines: readonly Line[], at: number): string {
  for (let i = at + 1; i < lines.length && i <= at + 2; i += 1) {
    const text = lines[i]?.text ?? '';
    if (text.trim() !== '') return text;
  }
  return '';
}

/** Rows of one table with blank lines between them are one table. */
function joinRows(lines: readonly Line[]): readonly Line[] {
  const out: Line[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    if (line === undefined) continue;
    const before = out.at(-1)?.text ?? '';
    if (line.text.trim() === '' && ROW.test(before) && ROW.test(lines[i + 1]?.text ?? '')) {
      const started = out.findLastIndex((one) => !ROW.test(one.text)) + 1;
      const ruled = out.slice(started, started + 2).some((one) => RULE_ROW.test(one.text));
      if (!ruled ? RULE_ROW.test(lines[i + 1]?.text ?? '') : !RULE_ROW.test(lines[i + 3]?.text ?? ''))
        continue;
    }
    // A table that lost its rule: two rows of the same width, of which the first begins it.
    if (
      ROW.test(line.text) &&
      ROW.test(before) &&
      !ROW.test(out.at(-2)?.text ?? '') &&
      !RULE_ROW.test(line.text) &&
      !RULE_ROW.test(before)
    ) {
      const width = before.split('|').length;
      if (width === line.text.split('|').length)
        out.push({ text: `|${' --- |'.repeat(width - 2)}`, line: line.line });
    }
    out.push(line);
  }
  return out;
}

/** Bullets of any kind as Markdown's; what is no continuation of a list item, a numbered line or a table stands apart. */
function separate(lines: readonly Line[]): readonly Line[] {
  const out: Line[] = [];
  let fenced = false;
  let inList = false;
  let before = '';
  for (const one of lines) {
    let text = one.text;
    if (FENCE.test(text)) {
      fenced = !fenced;
      inList = false;
      out.push(one);
      before = '';
      continue;
    }
    if (!fenced) {
      text = text
        .replace(/^(?:\s{0,3}>\s?){6,}/, '> > > > > > ')
        .replace(BULLET, '$1- ')
        .replace(/^(\s*)[-*+]\s+([-*+]\s+){5,}/, '$1- ');
      // A list of a web page, pushed to the right as a whole.
      if (!inList && LIST_START.test(text)) text = text.replace(/^\s+/, '');
      const list = LIST_START.test(text);
      const blank = text.trim() === '';
      if (!blank && !list && inList && before !== '' && !/^\s{2,}\S/.test(text) && !wraps(before, text)) {
        out.push({ text: '', line: one.line });
        inList = false;
      }
      // Markdown lets only number 1 follow a line of text directly.
      if (list && /^\s*\d/.test(text) && before !== '' && !LIST_START.test(before))
        out.push({ text: '', line: one.line });
      if (ROW.test(text) && before !== '' && !ROW.test(before)) out.push({ text: '', line: one.line });
      if (list) inList = true;
      else if (!blank && !/^\s{2,}\S/.test(text) && (before === '' || !wraps(before, text))) inList = false;
      before = blank ? '' : text;
    }
    out.push({ text, line: one.line });
  }
  return out;
}

/** True when `text` goes on with the sentence of the line before. */
export function wraps(before: string, text: string): boolean {
  const left = before.trim();
  const right = text.trim();
  if (isCommand(left) || isCommand(right) || /^(?:[-*+•]|\d{1,3}[.)]|#|\||```)\s?/.test(right)) return false;
  if (/^(?:\*\*|__)?[\p{Lu}][^:.]{0,40}(?:\*\*|__)?:(?:\*\*|__)?(?:\s|$)/u.test(right)) return false;
  if (/^[✅☑✔✓❌✗✘⚠◇🔲⏳]/u.test(right)) return false;
  if (/[,;(&]$|\b(?:and|or|the|a|of|to|from|in|by|with|de|la|el|que|y|por)$/i.test(left)) return true;
  if (/^[a-zà-ÿ(]/.test(right) && !/[.:!?]$/.test(left)) return left.length >= 45;
  return left.length >= 60 && !/[.:!?]$/.test(left)
    ? /^[\p{L}\d~$`("*]/u.test(right)
    : left.length >= 66 && /^[\p{L}\d~$`("]/u.test(right);
}

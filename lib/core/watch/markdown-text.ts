/** Stands between a sign and what follows it, so that nothing is made of the two: no mention, no link, no issue. */
const BREAK = '\u200b';
/** Longer text is cut: a comment has its own limits, and a claim is a line. */
const MAX_CHARS = 600;

/**
 * Text of others on one line of Markdown, as the words that they are: no markup, table cell, HTML, mention, issue or link
 * comes of it, wherever in a line it stands. Control signs and marks that turn the direction of writing are gone.
 */
export function markdownText(text: string): string {
  const plain = text
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c\ufeff]/g, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const signs = [...plain];
  const cut = signs.length > MAX_CHARS ? `${signs.slice(0, MAX_CHARS).join('').trimEnd()}…` : plain;
  return (
    cut
      .replace(/[\\`*_{}[\]<>|~&$^!]/g, '\\$&')
      // On both sides: what stands before it may not be taken for the name of a mailbox.
      .replace(/@/g, `${BREAK}@${BREAK}`)
      .replace(/#(?=\w)/g, `#${BREAK}`)
      .replace(/\b(gh)-(?=\d)/gi, `$1-${BREAK}`)
      .replace(/:\/\//g, `:${BREAK}//`)
      // Some readers make a link of an address without its scheme.
      .replace(/(?<![:\u200b])\/\//g, `/${BREAK}/`)
      .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}${BREAK}.`)
      .replace(/\b(mailto|xmpp):/gi, `$1${BREAK}:`)
      // At the beginning of a line or a list item these would make a heading, a list, a rule or a quote.
      .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^[#+=:-]/, '\\$&')
  );
}

/** A row of a table; the cells are Markdown already. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '' ? ' ' : cell)).join(' | ')} |`;
}

/** A table with its head; columns named in `right` are set to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string[] {
  return [
    tableRow(head),
    tableRow(head.map((name) => (right.includes(name) ? '--:' : '---'))),
    ...rows.map(tableRow),
  ];
}

/** A link to a page of ours; just the words where the address is none that a link may hold. */
export function markdownLink(words: string, url: string): string {
  const text = markdownText(words);
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) return text;
  // The parser leaves these as they are in a path, and Markdown ends a link at them.
  const address = new URL(url).href.replace(/[()<>\\\s|]/g, (sign) =>
    encodeURIComponent(sign).replace(/[()]/g, hex),
  );
  return `[${text}](${address})`;
}

function hex(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

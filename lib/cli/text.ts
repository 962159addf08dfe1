/**
 * Text from elsewhere made safe for a terminal: one line, no control signs (they could move the cursor or rewrite what
 * stands above), no marks that turn the direction of writing.
 */
export function plainText(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replaceAll('\u00a0', ' ')
    .trim();
}

/** Rows as columns of equal width, two spaces between; the last column is not padded. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Cuts at semicolons outside quotes and comments; empty pieces fall away. */
export function splitStatements(sql: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const match of sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|;/g)) {
    if (match[0] !== ';') continue;
    pieces.push(sql.slice(from, match.index));
    from = match.index + 1;
  }
  pieces.push(sql.slice(from));
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

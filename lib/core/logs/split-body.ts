/**
 * The lines of a body, each still to be read: items of a JSON array, else lines of text (NDJSON or plain). Blank lines
 * are none. Text that begins with a bracket and is no JSON array, such as `[info] …`, is lines of text.
 */
export function splitBody(body: string): readonly unknown[] {
  const text = body.trim();
  if (text.startsWith('[')) {
    const items = parseArray(text);
    if (items !== null) return items;
  }
  return text.split('\n').filter((line) => line.trim() !== '');
}

function parseArray(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

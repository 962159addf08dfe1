/** Everything that is remembered, to be forgotten at once. */
const books: Map<string, unknown>[] = [];

/** A text as long as a page is not asked for twice. */
const MAX_CHARS = 500;

/** `read` with its last answers kept, at most `max`: labels and titles of a document are asked for again and again. */
export function remember<T>(max: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  books.push(known);
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const answer = read(text);
    if (text.length > MAX_CHARS) return answer;
    if (known.size >= max) known.clear();
    known.set(text, answer);
    return answer;
  };
}

const MAX_TEXT_CHARS = 4_000_000;
let textChars = 0;

/** A remembered word is a part of its text and keeps the whole of it in memory: after some millions of characters all is forgotten. */
export function countText(chars: number): void {
  textChars += chars;
  if (textChars <= MAX_TEXT_CHARS) return;
  textChars = 0;
  for (const book of books) book.clear();
}

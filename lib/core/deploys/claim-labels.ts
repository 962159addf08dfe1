/** At most so many of each; what the catalogue knows has one or two. */
const MOST_LABELS = 10;
const MOST_CHARACTERS = 200;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What narrows a metric, as a person types it: `cmd=get, status=429`. Empty is none. `fault`: what it should look like. */
export function readLabels(text: string): { labels: Readonly<Record<string, string>> } | { fault: string } {
  const labels = new Map<string, string>();
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
    if (at === -1 || !NAME.test(name) || value === '' || value.length > MOST_CHARACTERS) {
      return { fault: 'Write name=value, such as cmd=get; a comma between two of them.' };
    }
    if (labels.has(name)) return { fault: `${name} stands there twice.` };
    labels.set(name, value);
  }
  if (labels.size > MOST_LABELS) return { fault: `At most ${MOST_LABELS} of them.` };
  return { labels: Object.fromEntries(labels) };
}

/** Labels as they stand in a field: what {@link readLabels} reads back. */
export function writeLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A word of a command as a POSIX shell reads it: names come from outside and may hold anything. */
export function shellWord(text: string): string {
  return /^[\w.:@%+,/=-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Control characters and marks that turn or hide text; joiners within emoji stay. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/** Text of a person on one line: breaks become spaces, control characters and marks that turn text round are gone. */
export function plainLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(UNSEEN, '')
    .trim();
}

/** The same for a text of several lines: its line breaks and tabs stay. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(UNSEEN, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .trim();
}

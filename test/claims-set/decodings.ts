/** One-byte encodings that UTF-8 is often mistaken for when a page or a file is pasted. */
export const DECODINGS = ['iso-8859-13', 'macintosh', 'windows-1252', 'windows-1254'] as const;
export type Decoding = (typeof DECODINGS)[number];

/**
 * `all` keeps every byte as a character, so that the text can be brought back. `printable` loses the control
 * characters that bytes 0x80–0x9F become where an encoding has no mark for them, as pasting does.
 */
export type Keeps = 'all' | 'printable';

/** What is usually seen: ISO-8859-13 prints none of 0x80–0x9F, so those are lost; the others print nearly all. */
export const USUALLY_KEEPS: Readonly<Record<Decoding, Keeps>> = {
  'iso-8859-13': 'printable',
  macintosh: 'all',
  'windows-1252': 'all',
  'windows-1254': 'all',
};

/** 0x80–0x9F of windows-1252. Node 20 reads this encoding as ISO-8859-1 and has no marks there. */
const WINDOWS_1252_HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f' + '\u0090‘’“”•–—˜™š›œ\u009džŸ';

const TABLES: Readonly<Record<Decoding, readonly string[]>> = {
  'iso-8859-13': readTable('iso-8859-13'),
  macintosh: readTable('macintosh'),
  'windows-1252': Array.from(
    { length: 256 },
    (_, byte) => [...WINDOWS_1252_HIGH][byte - 0x80] ?? String.fromCharCode(byte),
  ),
  'windows-1254': readTable('windows-1254'),
};

/** The document as a reader sees it who takes its UTF-8 bytes for another encoding. ASCII stays as it is. */
export function decodeWrongly(
  text: string,
  decoding: Decoding,
  keeps: Keeps = USUALLY_KEEPS[decoding],
): string {
  const table = TABLES[decoding];
  const characters = Array.from(new TextEncoder().encode(text), (byte) => table[byte] ?? '');
  return characters.filter((character) => keeps === 'all' || !isControl(character)).join('');
}

/** The character of each byte; throws where this Node was built without the encoding. */
function readTable(decoding: string): string[] {
  return [
    ...new TextDecoder(decoding, { fatal: true }).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
  ];
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code >= 0x80 && code <= 0x9f;
}

/** The API takes no more, so the page takes no more either. */
export const MAX_SUMMARY_BYTES = 64 * 1024;

/** UTF-8 bytes of a text. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

const KIB = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** Why a summary of so many bytes cannot be taken, and what would help; null when it can. */
export function tooLong(bytes: number): string | null {
  if (bytes <= MAX_SUMMARY_BYTES) return null;
  const over = (bytes - MAX_SUMMARY_BYTES) / 1024;
  return `This is ${KIB.format(bytes / 1024)} KB and a summary can have 64 KB: ${KIB.format(over)} KB are too much. Leave out logs and diffs.`;
}

/** Text of a file, or a sentence on why there is none. */
export type ReadBytes = { text: string } | { fault: string };

/** Control characters that no text holds; tabs, line ends and form feeds are fine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/g;

/**
 * A dropped or chosen file as text: UTF-8, UTF-16 with its mark, else windows-1252, as old editors write. Pictures,
 * archives and other binary files give a sentence.
 */
export function readBytes(bytes: Uint8Array, name: string): ReadBytes {
  const long = tooLong(bytes.length);
  if (long !== null) return { fault: `${name}: ${long}` };
  if (bytes.length === 0) return { fault: `${name} is empty.` };
  const text = decode(bytes);
  const controls = text.match(CONTROLS)?.length ?? 0;
  if (controls > 0 && controls / text.length > 0.005) {
    return { fault: `${name} is no text. Give a Markdown or text file, or paste the summary.` };
  }
  if (text.trim() === '') return { fault: `${name} holds nothing but blanks.` };
  return { text: text.replaceAll('\u0000', '') };
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Undoes a wrong decoding: bytes of UTF-8 that were read as a one-byte encoding. Where all bytes survived, the
 * characters come back; where some were unprintable and got lost, `LOST` stands for the mark and its place decides.
 */

/** Stands for a mark (arrow, dash, tick, bullet, quote) whose bytes are lost. */
export const LOST = '\uE0FF';

/** Characters of the bytes 0x80–0xFF; U+0080–U+009F stand for themselves where the encoding leaves a byte free. */
const C1 = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0x80 + i)).join('');
const WINDOWS_C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const LATIN_1 = Array.from({ length: 96 }, (_, i) => String.fromCharCode(0xa0 + i)).join('');
const BALTIC =
  '\xa0”¢£¤„¦§Ø©Ŗ«¬\xad®Æ°±²³“µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž’';
const MAC =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\xa0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const TURKISH = LATIN_1.replace('Ð', 'Ğ')
  .replace('Ý', 'İ')
  .replace('Þ', 'Ş')
  .replace('ð', 'ğ')
  .replace('ý', 'ı')
  .replace('þ', 'ş');

const TABLES: readonly { readonly name: string; readonly bytes: ReadonlyMap<number, number> }[] = [
  { name: 'windows-1252', bytes: tableOf(WINDOWS_C1 + LATIN_1) },
  { name: 'windows-1254', bytes: tableOf(WINDOWS_C1 + TURKISH) },
  { name: 'iso-8859-13', bytes: tableOf(C1 + BALTIC) },
  { name: 'macintosh', bytes: tableOf(MAC) },
];

function tableOf(high: string): ReadonlyMap<number, number> {
  const table = new Map(Array.from(high, (char, i) => [char.charCodeAt(0), 0x80 + i] as const));
  // What a reader shows for a byte that the encoding leaves free is often the control character itself.
  if (!high.startsWith('Ä'))
    for (let byte = 0x80; byte < 0xa0; byte += 1) if (!table.has(byte)) table.set(byte, byte);
  return table;
}

interface Redecoded {
  readonly text: string;
  /** Sequences that came back whole, and those that came back by their first byte only. */
  readonly whole: number;
  readonly partly: number;
}

/** `text` with a wrong decoding undone; the same text where there is none. Twice, for text that was damaged twice. */
export function repairDecoding(text: string): string {
  let current = text;
  for (let round = 0; round < 2; round += 1) {
    if (!/[^\0-\x7f]/.test(current)) return current;
    const marks = [...current.matchAll(/[^\0-\x7f]/g)].map((match) => match.index);
    let best: Redecoded | null = null;
    for (const { name, bytes } of TABLES) {
      const one = redecode(current, marks, bytes, name === 'iso-8859-13');
      if (one.whole + one.partly > 0 && (best === null || weigh(one) > weigh(best))) best = one;
    }
    if (best === null || best.text === current) break;
    current = best.text;
  }
  return current.includes('\ufffd') ? current.replace(/\ufffd{1,4}/g, LOST) : current;
}

const weigh = (one: Redecoded) => one.whole * 2 + one.partly;

/** First bytes of the marks and letters that summaries hold; others are left alone, since they start no mark. */
const LEADS = new Set([0xc2, 0xc3, 0xc4, 0xc5, 0xcb, 0xce, 0xe2, 0xe3, 0xef, 0xf0]);
const LETTER = /[\p{L}\p{N}]/u;

/** `marks` are the places of all that is not ASCII. `loses` is true for an encoding that prints none of 0x80–0x9F: there a first byte may be all that is left. */
function redecode(
  text: string,
  marks: readonly number[],
  bytes: ReadonlyMap<number, number>,
  loses: boolean,
): Redecoded {
  let whole = 0;
  let partly = 0;
  let out = '';
  let from = 0;
  for (const at of marks) {
    if (at < from) continue;
    const lead = bytes.get(text.charCodeAt(at));
    if (lead === undefined || !LEADS.has(lead)) continue;
    const wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    const tail: (number | null)[] = [];
    for (let i = at + 1; i <= at + wanted && i < text.length; i += 1) {
      const char = text.charCodeAt(i);
      const byte = char === 0xfffd ? null : bytes.get(char);
      if (byte === undefined || (byte !== null && (byte < 0x80 || byte > 0xbf))) break;
      tail.push(byte);
    }
    let put: string | null = null;
    if (tail.length === wanted && !tail.includes(null)) {
      put = decode(lead, tail as number[]);
      if (put !== null) whole += 1;
    }
    if (put === null && (loses || tail.length > 0)) {
      put = guess(
        lead,
        tail.filter((byte) => byte !== null),
        text.slice(Math.max(0, at - 2), at),
        text.slice(at + 1 + tail.length, at + 5 + tail.length),
      );
      if (put !== null) partly += 1;
    }
    if (put === null) continue;
    out += text.slice(from, at) + put;
    from = at + 1 + tail.length;
  }
  return { text: out + text.slice(from), whole, partly };
}

function decode(lead: number, tail: readonly number[]): string | null {
  let code = tail.length === 1 ? lead & 0x1f : tail.length === 2 ? lead & 0x0f : lead & 0x07;
  for (const byte of tail) code = code * 64 + (byte & 0x3f);
  const least = tail.length === 1 ? 0xa0 : tail.length === 2 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return String.fromCodePoint(code);
}

/** Marks that one surviving byte of E2 xx xx tells. */
const BY_SURVIVOR: Readonly<Record<number, string>> = {
  // • … ≥ ≤ ⚠ ⏳ ▲ ▼ ❌, the keycap, and a heavy arrow.
  162: '•',
  166: '…',
  165: '≥',
  164: '≤',
  160: '⚠',
  179: '⏳',
  178: '▲',
  188: '▼',
  140: '❌',
  163: '',
  161: '→',
  175: ' ',
};

/** What a sequence with lost bytes was, or null where it is no such sequence. */
function guess(lead: number, tail: readonly number[], left: string, after: string): string | null {
  const before = left.slice(-1);
  const alone = !LETTER.test(before) && !/^[a-z]/i.test(after);
  const [first] = tail;
  switch (lead) {
    case 0xe2: {
      if (first === 0xac) return /^\d/.test(after) || /\d ?$/.test(left) ? '€' : '⬇';
      if (first !== undefined) return BY_SURVIVOR[tail.at(-1) ?? 0] ?? LOST;
      // Between two letters only an apostrophe is told from a letter of Latvian.
      if (/[a-z]/i.test(before) && /^(?:s|t|re|ve|ll|d|m)(?!\p{L})/u.test(after)) return LOST;
      return alone ||
        (/[\d%)\]]/.test(before) && !/^[a-z]/i.test(after)) ||
        (/[^\p{L}]/u.test(before || ' ') && /^\d/.test(after))
        ? LOST
        : null;
    }
    case 0xf0:
      return first !== undefined || alone ? '' : null;
    case 0xef:
      return first === 0xb8 || first === 0xbb ? '' : null;
    case 0xc3:
      if (first !== undefined) return null;
      if (/\d/.test(before) || /^\d/.test(after)) return '×';
      if (before === 'U' && after.startsWith('S')) return 'É';
      return before === 'I' && after.startsWith('N') ? 'Ó' : null;
    default:
      return null;
  }
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DECODINGS, type Decoding, decodeWrongly } from './decodings.ts';

const marks = '→ ✅ ✓ – — • … 1️⃣ ⚠️ 🔧 é';

describe('decodeWrongly', () => {
  it.each<[mark: string, decoding: Decoding, shown: string]>([
    ['→', 'iso-8859-13', 'ā'],
    ['✅', 'iso-8859-13', 'ā'],
    ['✓', 'iso-8859-13', 'ā'],
    ['–', 'iso-8859-13', 'ā'],
    ['—', 'iso-8859-13', 'ā'],
    ['•', 'iso-8859-13', 'ā¢'],
    ['…', 'iso-8859-13', 'ā¦'],
    ['1️⃣', 'iso-8859-13', '1ļøā£'],
    ['🔧', 'iso-8859-13', 'š§'],
    ['→', 'macintosh', '‚Üí'],
    ['✅', 'macintosh', '‚úÖ'],
    ['–', 'macintosh', '‚Äì'],
    ['é', 'macintosh', '√©'],
    ['→', 'windows-1252', 'â†’'],
    ['✅', 'windows-1252', 'âœ…'],
    ['—', 'windows-1252', 'â€”'],
    ['é', 'windows-1252', 'Ã©'],
    ['→', 'windows-1254', 'â†’'],
    ['🔧', 'windows-1254', 'ğŸ”§'],
    ['🔧', 'windows-1252', 'ðŸ”§'],
  ])('shows %s under %s as %s', (mark, decoding, shown) => {
    expect(decodeWrongly(mark, decoding)).toBe(shown);
  });

  it.each(DECODINGS)('%s leaves plain text alone', (decoding) => {
    const plain = 'Before: 733K GETs/hour\n\t- [x] ~24K, $1.15 (-96.7%) `a -> b` => "c"\r\n';
    expect(decodeWrongly(plain, decoding)).toBe(plain);
  });

  it.each(DECODINGS)('%s shows each byte as one character of its own when all are kept', (decoding) => {
    const every = Array.from({ length: 0x800 - 0x80 }, (_, index) => String.fromCharCode(0x80 + index)).join(
      '',
    );
    const shown = decodeWrongly(every + marks, decoding, 'all');
    expect(shown).toHaveLength(new TextEncoder().encode(every + marks).length);
    // The bytes of UTF-8 above ASCII; 0xC0, 0xC1 and 0xF5 up never occur.
    const bytes = new Set(new TextEncoder().encode(every + marks).filter((byte) => byte >= 0x80));
    expect(new Set([...shown].filter((character) => character > '\u007f')).size).toBe(bytes.size);
  });

  it.each(DECODINGS)('%s loses what cannot be printed when only that is kept', (decoding) => {
    const shown = decodeWrongly(`${marks}\u0401\u0411`, decoding, 'printable');
    expect(shown).not.toMatch(/[\u0080-\u009f]/);
    expect(shown.length).toBeLessThanOrEqual(decodeWrongly(`${marks}\u0401\u0411`, decoding, 'all').length);
  });

  it('makes the damaged seed out of the clear one', () => {
    const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
    expect(decodeWrongly(read('seed-root-cause.clear.txt'), 'iso-8859-13')).toBe(read('seed-root-cause.md'));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteText } from './note-text.ts';
import { NOTE_LIMITS, type NoteBlock, type NoteInline } from './note-types.ts';
import { parseNote } from './parse-note.ts';
import { hostToName, safeHref } from './safe-link.ts';
import { anyText } from './test-any-text.ts';
import { HOSTILE_NOTES, SLOW_NOTES } from './test-note-corpus.ts';

/** Every part of a note, blocks and runs of words alike. */
function partsOf(parts: readonly (NoteBlock | NoteInline)[]): (NoteBlock | NoteInline)[] {
  return parts.flatMap((part) => {
    const inner =
      part.kind === 'list'
        ? part.items.flat()
        : part.kind === 'quote'
          ? part.blocks
          : part.kind === 'table'
            ? [part.head, ...part.rows].flat(2)
            : 'children' in part
              ? part.children
              : [];
    return [part, ...partsOf(inner)];
  });
}
const text = (words: string): NoteInline => ({ kind: 'text', text: words });
const linksOf = (note: string) => partsOf(parseNote(note)).filter((part) => part.kind === 'link');

describe('parseNote', () => {
  it('reads what people write into a note', () => {
    expect(
      parseNote('## Cause\n\nThe **switch** held `"off"`.\nSee [logs](https://logs.example/q).'),
    ).toEqual([
      { kind: 'heading', level: 1, children: [text('Cause')] },
      {
        kind: 'paragraph',
        children: [
          text('The '),
          { kind: 'strong', children: [text('switch')] },
          text(' held '),
          { kind: 'code', text: '"off"' },
          text('.'),
          { kind: 'break' },
          text('See '),
          { kind: 'link', href: 'https://logs.example/q', host: null, children: [text('logs')] },
          text('.'),
        ],
      },
    ]);
    expect(
      parseNote('3. a\n4. b\n   - c\n\n> q\n\n---\n\n|h|\n|-|\n|c|\n\n```sql\nselect 1\n```'),
    ).toMatchObject([
      { kind: 'list', start: 3, items: [{}, [{ kind: 'paragraph' }, { kind: 'list', start: null }]] },
      { kind: 'quote', blocks: [{ kind: 'paragraph' }] },
      { kind: 'rule' },
      { kind: 'table', head: [[text('h')]], rows: [[[text('c')]]] },
      { kind: 'code', text: 'select 1' },
    ]);
  });

  it('leaves no level of headings out on the way down', () => {
    const levels = parseNote('# a\n### b\n##### c\n## d\n# e').map((block) =>
      block.kind === 'heading' ? block.level : 0,
    );
    expect(levels).toEqual([1, 2, 3, 2, 1]);
  });

  it('makes the words of an image of it, wherever it comes from', () => {
    expect(noteText('before ![a pixel](https://evil.example/p.gif) after')).toBe('before a pixel after');
    expect(noteText('[![a pixel](https://evil.example/p.gif)](https://a.example)')).toBe('a pixel');
  });

  it('says where a link leads whose words name another place', () => {
    expect(linksOf('[bank.example](https://evil.example/x)')).toMatchObject([{ host: 'evil.example' }]);
    expect(
      linksOf('[logs.example](https://logs.example/x) [the logs](https://logs.example/x)'),
    ).toMatchObject([{ host: null }, { host: null }]);
    expect(hostToName('mailto:eve@evil.example', 'ana@bank.example')).toBe('eve@evil.example');
  });

  it('keeps the words of 200 hostile notes and no address outside the schemes', () => {
    expect(HOSTILE_NOTES.length).toBeGreaterThanOrEqual(200);
    for (const note of HOSTILE_NOTES) {
      for (const link of linksOf(note)) {
        expect(link.href).toMatch(/^(?:https?:\/\/[^/]|mailto:)/);
        expect(safeHref(link.href)).toBe(link.href);
      }
    }
    expect(noteText('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
  });

  it('any text gives links of these schemes only', () => {
    const piece = fc.constantFrom(
      '[a](',
      '<',
      '>',
      ')',
      'javascript:',
      'https://',
      'x.y',
      '//',
      '\\',
      '&#58;',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, anyText(6)), { maxLength: 30 }), (all) => {
        for (const { href } of linksOf(all.join(''))) expect(href).toMatch(/^(?:https?:\/\/[^/]|mailto:)/);
      }),
    );
  });

  it.each(Object.entries(SLOW_NOTES))('bounds the work of %s', (_name, note) => {
    const parts = partsOf(parseNote(note));
    expect(parts.length).toBeLessThanOrEqual(NOTE_LIMITS.nodes + 50);
    expect(parts.length).toBeLessThanOrEqual(NOTE_LIMITS.lines * 4 + NOTE_LIMITS.marks);
  });

  it('says what it does not show', () => {
    const last = (note: string) => parseNote(note).at(-1);
    expect(last('a'.repeat(NOTE_LIMITS.chars))).toMatchObject({ kind: 'paragraph' });
    expect(last('a'.repeat(NOTE_LIMITS.chars + 1))).toMatchObject({
      kind: 'cut',
      why: expect.stringMatching('64 KB'),
    });
    expect(last('a\n\n'.repeat(NOTE_LIMITS.lines))).toMatchObject({
      why: expect.stringMatching('1,000 lines'),
    });
    expect(last(`${'> '.repeat(30)}deep`)).toMatchObject({ why: expect.stringMatching('nested') });
    expect(last(`${'> '.repeat(NOTE_LIMITS.nesting - 1)}deep`)).toMatchObject({ kind: 'quote' });
  });

  it('a text of too many signs stands as it was written', () => {
    const note = '*'.repeat(NOTE_LIMITS.marksInOne + 1);
    expect(noteText(`a${note}`)).toBe(`a${note}`);
    expect(noteText(`a ${'**b** '.repeat(20)}`)).toBe(`a ${'b '.repeat(20)}`.trim());
  });
});

import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { noteMarkdown } from '../markdown/note-markdown.ts';
import { anyText } from '../markdown/test-any-text.ts';
import { TOLD_MS, toldChart, toldCopy } from '../markdown/test-copy.ts';
import { HOSTILE_NOTES } from '../markdown/test-note-corpus.ts';
import { shareMarkdown } from './share-markdown.ts';

const URL_ = 'https://watch.example/s/abc';
const PARSER = new MarkdownIt('default', { html: true, linkify: true });

/** How often each kind of element stands in a document: what words of others must not change. */
function shapeOf(markdown: string): Record<string, number> {
  const shape: Record<string, number> = {};
  const tokens = PARSER.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  for (const { type, nesting } of tokens) {
    if (nesting === -1 || ['text', 'text_special', 'inline', 'softbreak'].includes(type)) continue;
    shape[type] = (shape[type] ?? 0) + 1;
  }
  return shape;
}
const hrefsOf = (markdown: string) =>
  PARSER.parse(markdown, {})
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => (token.type === 'link_open' ? [token.attrGet('href')] : []));

/** As {@link toldCopy}, but with a note of one plain word: notes have a shape of their own. */
function plainNote(text: string): string {
  const copy = toldCopy(text);
  const timeline = copy.timeline.map((entry) =>
    entry.fact.kind === 'note' ? { ...entry, fact: { kind: 'note' as const, markdown: 'word' } } : entry,
  );
  return shareMarkdown({ ...copy, timeline }, { url: URL_ });
}

describe('shareMarkdown', () => {
  it('tells the whole story to somebody who was not there', () => {
    const chart = { ...toldChart('GETs'), note: null };
    const copy = toldCopy('v1203', {
      title: 'Redis GETs did not fall after v1203',
      lead: 'The switch held a value that the app reads as false.',
      place: 'harbor, production',
      charts: [
        {
          ...charted(),
          view: { ...chart, gaps: chart.gaps.map((gap) => ({ ...gap, reason: 'suspended' })) },
        },
      ],
    });
    expect(shareMarkdown(copy, { url: URL_ })).toMatchInlineSnapshot(`
      "# Redis GETs did not fall after v1203

      The switch held a value that the app reads as false.

      - Where: harbor, production
      - When: 9 Apr 2026 16:54Z to 9 Apr 2026 20:14Z, 3 h 20 m; all times in UTC
      - Status: Identified
      - Deploy: v1203, 9 Apr 2026 17:54Z

      ## Impact

      | What | How much | How it is known |
      | --- | --: | --- |
      | v1203 | 12,345 | v1203 |
      | v1203 | – | v1203 |
      | v1203 | $1.50 |   |
      | v1203 | 2 h 46 m |   |

      ## What the line shows

      ### Redis GETs

      Did they fall?

      Between 0/h and 733K/h over 3 h 20 m, 500K/h on average. No data for 20 m (suspended).

      \`\`\`text
      ███████████████████████████████████████······▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
                        a
      16:54Z                                                20:14Z
      █ 733K/h, ▁ 0/h, · no data
      a v1203, deploy, 17:54Z, 2/2 machines on v1203
      \`\`\`

      ## What v1203 promised

      | Claim | Before | Promised | Measured | Effect | Verdict | Why |
      | --- | --: | --: | --: | --: | --- | --- |
      | v1203 | 733K/h | ≤ 36.7K/h | 731K/h | −0.3 % \\[−0.9, +0.4\\] | missed | v1203 |

      ## Checks

      - T+01:00 v1203: failing (v1203)

      ## What happened

      | Time | What | Seen | By |
      | --- | --- | --- | --- |
      | 9 Apr 17:54Z | v1203 | v1203 |   |
      | 9 Apr 18:54Z | Note 1 |   | v1203 |

      ## Notes

      **Note 1**, 9 Apr 18:54Z, v1203

      > v1203

      ## Why

      - **Confirmed**: v1203: v1203
      - **Open**: v1203

      ## Actions

      - [ ] v1203, v1203, due 10 Apr 17:54Z
      - [x] v1203

      ## Left out

      Host names (1), machine names and ids (1), regions (1), query text (1), names of people (1). Numbers are complete.

      ---

      [Frozen copy in Afterwatch](https://watch.example/s/abc). Frozen 9 Apr 2026 20:54Z.
      "
    `);
  });

  it('no text of others becomes markup: hostile ones give the same document as a word', () => {
    const shape = shapeOf(plainNote('word'));
    // Every sixth: the law below tries any text, and the notes below are read one and all.
    for (const text of HOSTILE_NOTES.filter((_, index) => index % 6 === 0)) {
      const markdown = plainNote(text);
      expect(shapeOf(markdown), text).toEqual(shape);
      expect(hrefsOf(markdown), text).toEqual([URL_]);
    }
  });

  it('no text at all breaks a table, makes a heading or a link', () => {
    const shape = shapeOf(plainNote('word'));
    const piece = fc.constantFrom(
      '|',
      '\n',
      '#',
      '- ',
      '[a](https://b.example)',
      '`',
      '```',
      '~~~',
      '<b>',
      '&lt;',
    );
    const text = fc.array(fc.oneof(piece, anyText(5)), { maxLength: 12 });
    fc.assert(
      fc.property(text, (pieces) => {
        const markdown = plainNote(`w${pieces.join('')}`);
        expect(shapeOf(markdown)).toEqual(shape);
        expect(hrefsOf(markdown)).toEqual([URL_]);
      }),
      { numRuns: 12 },
    );
  });

  it('a note keeps its paragraphs, lists, tables and code, and nothing of it is a link or a heading', () => {
    const whole = shapeOf(noteMarkdown('# a\n\n- b\n\n|c|\n|-|\n|d|\n\n```\n# e\n```').join('\n'));
    expect(whole).toMatchObject({ bullet_list_open: 1, table_open: 1, fence: 1, strong_open: 1 });
    for (const note of HOSTILE_NOTES) {
      const markdown = noteMarkdown(note).join('\n');
      const { heading_open, html_block, html_inline, image, link_open } = shapeOf(markdown);
      expect([heading_open, html_block, html_inline, image, link_open], note).toEqual(
        Array(5).fill(undefined),
      );
    }
  });

  it('a note stands in the document, quoted', () => {
    expect(shareMarkdown(toldCopy('word'), { url: null })).toContain(
      '**Note 1**, 9 Apr 18:54Z, word\n\n> word\n',
    );
  });

  it('a missing number is missing, with its reason', () => {
    expect(plainNote('word')).toContain('| word | – | word |');
  });

  it('says that a watch was interrupted', () => {
    const rail = {
      ...{
        release: 'v1203',
        originMs: TOLD_MS,
        endMs: TOLD_MS + 86_400_000,
        nowMs: TOLD_MS + 7_200_000,
        stops: [],
      },
      interruption: { atMs: TOLD_MS + 3_600_000, release: 'v1204', kind: 'suspend' as const },
    };
    const text = shareMarkdown(toldCopy('word', { kind: 'deploy', rail }), { url: null });
    expect(text).toContain(
      '- Watched: T+02:00 of 1\u00a0d\n- Interrupted: v1204 (Redis suspended), 9 Apr 2026 18:54Z',
    );
    expect(text).toContain('Frozen copy in Afterwatch. Frozen 9 Apr 2026 20:54Z.');
  });
});

function charted() {
  const [chart] = toldCopy('v1203').charts;
  if (chart === undefined) throw new Error('the copy has a chart');
  return { ...chart, title: 'Redis GETs', question: 'Did they fall?' };
}

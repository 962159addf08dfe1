import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { anyText } from '../markdown/test-any-text.ts';
import type { ClaimView } from '../model/claim.ts';
import { countClaims } from '../model/claim.ts';
import type { WatchDetail } from '../model/watch.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { watchMarkdown } from './markdown.ts';
import { markdownText } from './markdown-text.ts';
import { commentMarker, prComment } from './pr-comment.ts';
import type { VerdictAnswer, VerdictClaim } from './verdict-answer.ts';

const ORIGIN_MS = Date.parse('2026-04-09T17:54:52Z');
const URL_ = 'https://watch.example/deploys/20260409T175452-abcdefghjkmn';

const CLAIM: ClaimView = {
  ...{ id: 'c1', title: 'Redis GETs fall by 96.7 %', why: null, unit: 'commands', window: 'h' },
  ...{
    before: 203.6,
    promised: { direction: 'atMost', value: 6.7, limit: 8 },
    measured: 6.7,
    effectPct: -96.7,
  },
  ...{
    interval: [-97.2, -96.1],
    provisional: true,
    state: 'met',
    reason: null,
    sinceMs: ORIGIN_MS + HOUR_MS,
  },
  ...{ provenShare: 1, decidableByMs: null, quality: 'measured', metricNote: null },
};

/** A watch that says `text` wherever somebody else's words stand. */
function detailOf(
  text: string,
  claims: readonly ClaimView[] = [{ ...CLAIM, title: text, why: text }],
): WatchDetail {
  return {
    view: {
      ...{
        release: text,
        href: null,
        originMs: ORIGIN_MS,
        endMs: ORIGIN_MS + DAY_MS,
        nowMs: ORIGIN_MS + 2 * HOUR_MS,
      },
      ...{ state: 'met', provisional: true, reason: null, stops: [], interruption: null, nextLookMs: null },
      ...{ decidable: null, evidence: null, claims, counts: countClaims(claims), assumedMachines: null },
    },
    verdicts: {},
    checks: [
      {
        ...{
          id: 'k1',
          title: text,
          dueMs: HOUR_MS,
          automatic: false,
          state: 'done',
          block: null,
          provisional: false,
        },
        ...{ evidence: text, signed: { by: text, atMs: ORIGIN_MS, note: text } },
      },
      {
        ...{
          id: 'k2',
          title: 'Limiter holds',
          dueMs: HOUR_MS,
          automatic: true,
          state: 'blocked',
          block: 'no_demand',
        },
        ...{ provisional: false, evidence: null, signed: null },
      },
    ],
    followUps: [{ id: 'f1', text, dueMs: ORIGIN_MS + DAY_MS, owner: text, done: null, remindedMs: null }],
    changes: [
      {
        atMs: ORIGIN_MS + HOUR_MS,
        claimId: 'c1',
        from: 'on_track',
        to: 'met',
        provisional: true,
        reason: null,
        evidence: text,
      },
    ],
    notChecked: [{ guard: 'traffic', why: text }],
    override: { state: 'missed', by: text, reason: text, atMs: ORIGIN_MS },
    charts: [],
    marks: [],
    machines: null,
  };
}

const answerClaim = (text: string): VerdictClaim => ({
  ...{ id: 'c1', text, state: 'met', provisional: true, reason: null, why: text, effectPct: -96.7 },
  ...{
    interval: [-97.2, -96.1],
    before: 203.6,
    after: 6.7,
    unit: 'commands',
    window: 's',
    decidableBy: null,
    coverage: 1,
  },
  baseline: { kind: 'measured', days: 14, excludedDays: 0, weak: false },
});
const answerOf = (text: string, url = URL_): VerdictAnswer => ({
  deploy: { id: '20260409T175452-abcdefghjkmn', release: text, url },
  ...{
    state: 'met',
    provisional: true,
    reason: null,
    sentence: text,
    endsAt: '2026-04-10T17:54:52.000Z',
    closed: false,
  },
  ...{ claims: [answerClaim(text), answerClaim('plain')], checks: [], notChecked: [] },
  override: { state: 'met', by: text, reason: text, at: '2026-04-10T08:00:00.000Z' },
});

/** As GitHub would read it: tables, strikethrough, bare links, and HTML left as it is. */
const reader = new MarkdownIt({ html: true, linkify: true });
interface Read {
  links: string[];
  html: string[];
  rows: number[];
  texts: string[];
  kinds: Set<string>;
}
function read(markdown: string): Read {
  const found: Read = { links: [], html: [], rows: [], texts: [], kinds: new Set() };
  let cells = 0;
  const walk = (tokens: ReturnType<typeof reader.parse>): void => {
    for (const token of tokens) {
      found.kinds.add(token.type);
      if (token.type === 'link_open') found.links.push(String(token.attrGet('href')));
      if (token.type === 'html_block' || token.type === 'html_inline') found.html.push(token.content.trim());
      if (token.type === 'tr_open') cells = 0;
      if (token.type === 'td_open' || token.type === 'th_open') cells += 1;
      if (token.type === 'tr_close') found.rows.push(cells);
      if (token.type === 'text') found.texts.push(token.content);
      if (token.children) walk(token.children);
    }
  };
  walk(reader.parse(markdown, {}));
  return found;
}
const KNOWN = new Set([
  ...[
    'paragraph_open',
    'paragraph_close',
    'inline',
    'text',
    'heading_open',
    'heading_close',
    'strong_open',
    'strong_close',
  ],
  ...[
    'table_open',
    'table_close',
    'thead_open',
    'thead_close',
    'tbody_open',
    'tbody_close',
    'tr_open',
    'tr_close',
  ],
  ...[
    'th_open',
    'th_close',
    'td_open',
    'td_close',
    'bullet_list_open',
    'bullet_list_close',
    'list_item_open',
    'list_item_close',
  ],
  ...['link_open', 'link_close', 'html_block', 'softbreak', 'text_special'],
]);

const HOSTILE = [
  'a | b | c',
  '\\| \\\\| x\\',
  '</td><script>alert(1)</script>',
  '<!-- -->',
  '--> <b>x</b>',
  '[click](https://evil.example)',
  '![x](https://evil.example/p.png)',
  'https://evil.example and www.evil.example',
  '<https://evil.example>',
  'mailto:a@evil.example',
  'w@.w',
  'hey @everyone and @org/team',
  'closes #1, fixes GH-2',
  '`code` ``x`',
  '*a* _b_ **c** ~~d~~ ==e==',
  'line\nbreak\r\n\r\n# heading\n\n- list',
  '# heading',
  '1. list',
  '- item',
  '+ item',
  '> quote',
  '---',
  '===',
  '``` \ncode\n```',
  '    indented',
  '\tx',
  '| a |\n|---|\n| b |',
  '&lt;b&gt; &copy; &#64;all',
  '[ref]: https://evil.example',
  '[x][ref]',
  '$x^2$ $$y$$',
  '\u202eevil\u202c \u200b@\u200bx',
  '\u0000\u001b[2J',
  ':smile:',
  'a'.repeat(5_000),
  '',
  ' ',
];
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.constantFrom(...'\\|`*_{}[]()<>#+-.!~@&:/ \n\tawwgh-1=$^"\''), { maxLength: 40 })
    .map((signs) => signs.join('')),
  anyText(60),
);

describe('a watch as Markdown', () => {
  it('says verdict, claims with all their numbers, checks, next steps and what changed', () => {
    const detail = { ...detailOf('v1203', [CLAIM]), override: null };
    expect(watchMarkdown(detail, { url: URL_ }).split('\n')).toEqual([
      '### v1203: met, provisional',
      '',
      expect.stringMatching(/^v1203 keeps .* so far\. That is provisional until 10 Apr 17:54Z\.$/),
      '',
      '| Claim | Before | Promised | Measured | Effect | Verdict | Why |',
      '| --- | --: | --: | --: | --: | --- | --- |',
      '| Redis GETs fall by 96.7 % | 733K/h | ≤ 24.1K/h | 24.1K/h | −96.7 % \\[−97.2, −96.1\\] | met, provisional |   |',
      '',
      '**Checks**',
      '',
      '- T+01:00 v1203: done (v1203; signed by v1203: v1203)',
      '- T+01:00 Limiter holds: blocked: no demand reached the limit',
      '',
      '**Not checked**',
      '',
      '- v1203',
      '',
      '**Next steps**',
      '',
      '- [ ] v1203, due 10 Apr 17:54Z, v1203',
      '',
      '**What changed**',
      '',
      '- 9 Apr 18:54Z Redis GETs fall by 96.7 %: met, provisional (was on track). v1203',
      '',
      `[Page of v1203](${URL_}), as of 9 Apr 19:54Z (T+02:00).`,
      '',
    ]);
  });

  it('no words of others become markup, a link, a mention or a cell, wherever they stand', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { links, html, rows, kinds } = read(watchMarkdown(detailOf(text), { url: URL_ }));
        expect(links).toEqual([URL_]);
        expect(html).toEqual([]);
        expect(rows).toEqual([7, 7]);
        expect([...kinds].filter((kind) => !KNOWN.has(kind))).toEqual([]);
      }),
      { numRuns: 400, examples: HOSTILE.map((text): [string] => [text]) },
    );
  });

  it('nobody is mentioned and no issue is named', () => {
    for (const text of HOSTILE) {
      const all = watchMarkdown(detailOf(text), { url: URL_ }) + prComment(answerOf(text));
      expect(all).not.toMatch(/@[\w-]|#\d|\bGH-\d/i);
    }
  });

  it('what was written is what is read', () => {
    for (const text of ['a | b', '100 % of *all* [x] <y> & z', '# 1', '- x', '1. x', '\\', 'C:\\new\\_x'])
      expect(
        read(`| h |\n| --- |\n| ${markdownText(text)} |`)
          .texts.slice(1)
          .join(''),
      ).toBe(text);
  });
});

describe('a comment on a pull request', () => {
  it('begins with its hidden mark, then verdict, claims and the link', () => {
    const answer = { ...answerOf('v1203'), override: null, sentence: 'It did.' };
    expect(prComment(answer).split('\n')).toEqual([
      '<!-- afterwatch:verdict:20260409T175452-abcdefghjkmn -->',
      '### Afterwatch: v1203, met, provisional',
      '',
      'It did.',
      '',
      '| Claim | Expected | Measured | Effect | Verdict | Why |',
      '| --- | --: | --: | --: | --- | --- |',
      '| v1203 | 204/s | 6.70/s | −96.7 % \\[−97.2, −96.1\\] | met, provisional | v1203 |',
      '| plain | 204/s | 6.70/s | −96.7 % \\[−97.2, −96.1\\] | met, provisional | plain |',
      '',
      `[Evidence, charts and checks](${URL_}), watched until 10 Apr 17:54Z.`,
      '',
    ]);
  });

  it('no words of others become markup, a link, a mention or a cell', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { links, html, rows, kinds } = read(prComment(answerOf(text)));
        expect(links).toEqual([URL_]);
        expect(html).toEqual([commentMarker('20260409T175452-abcdefghjkmn')]);
        expect(rows).toEqual([6, 6, 6]);
        expect([...kinds].filter((kind) => !KNOWN.has(kind))).toEqual([]);
      }),
      { numRuns: 400, examples: HOSTILE.map((text): [string] => [text]) },
    );
  });

  it('its mark cannot be ended early, and an address that is none is no link', () => {
    expect(commentMarker('x --> <b>')).toBe('<!-- afterwatch:verdict:x-b- -->');
    expect(read(prComment(answerOf('v1', 'javascript:alert(1)'))).links).toEqual([]);
    const odd = 'https://watch.example/deploys/a_(b)_|c';
    expect(read(prComment(answerOf('v1', odd))).links).toEqual([
      'https://watch.example/deploys/a_%28b%29_%7Cc',
    ]);
  });

  it('says that nothing is watched, and holds no more than a comment may, whatever its claims say', () => {
    const nothing = { ...answerOf('v1'), state: null, claims: [], override: null };
    expect(prComment(nothing)).toContain('### Afterwatch: v1, nothing is watched');
    const many = {
      ...answerOf('v1'),
      claims: Array.from({ length: 300 }, () => answerClaim('x'.repeat(5_000))),
    };
    expect(prComment(many)).toContain('275 more on its page.');
    expect(prComment(many).length).toBeLessThan(65_536);
  });
});

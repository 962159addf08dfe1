import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimsDocument, ParsedClaim, Span } from '../claims/document.ts';
import { parseClaims } from '../claims/index.ts';
import { claimFigures, linesText, metricText, readSpan, spanText, writeSpan } from './claim-text.ts';
import { blankClaim, heldClaims, isEdited, joinDraft } from './draft.ts';
import { itemsWords, readItems } from './items.ts';
import { METRIC_OPTIONS, searchMetrics, tellMeasurable } from './measurable.ts';
import { byteLength, MAX_SUMMARY_BYTES, readBytes, tooLong } from './paste.ts';
import { doubts, draftSentence } from './sentences.ts';

const TEXT = [
  '# Release v1203',
  '',
  '- Redis GETs: 733K/hour → 24K/hour',
  '- Database queries: 195,680/day → 50,816/day',
  '',
  '## Next 24 hours',
  '- [ ] Check the error rate',
  '',
  '## Rollback',
  '```',
  'fly deploy --image <previous-image-id>',
  '```',
].join('\n');

let count = 0;
const makeKey = () => {
  count += 1;
  return `k${count}`;
};
const claimsOf = (text: string): readonly ParsedClaim[] => parseClaims(text).claims;
const join = (text: string, before: Parameters<typeof joinDraft>[0] = []) =>
  joinDraft(before, claimsOf(text), makeKey);

describe('numbers of a claim', () => {
  const claim = blankClaim('Redis GETs', 3);

  it.each<[Partial<ParsedClaim>, readonly string[]]>([
    [{ before: 733_000, after: 24_000, window: 'h', approximate: true }, ['733K/h → ~24.0K/h']],
    [{ before: 352, after: 11.52, unit: 'USD', window: 'day' }, ['$352/day → $11.52/day']],
    [{ changePct: -96.7, unit: '%' }, ['−96.7\u00a0%']],
    [{ limit: 5, limitOp: '<=', window: 'h' }, ['≤ 5/h']],
    [{ factor: [10, 50] }, ['10–50×']],
    [{ guard: true }, ['must not get worse']],
    [{ direction: 'down' }, ['lower']],
    [{}, ['no number']],
  ])('%j reads as %j', (parts, figures) => {
    expect(claimFigures({ ...claim, ...parts })).toEqual(figures);
  });

  it('keep the noun only where no window says what they are per', () => {
    expect(spanText(2, 'queries', null)).toBe('2\u00a0queries');
    expect(spanText([212, 240], 'ms', null)).toBe('212–240\u00a0ms');
  });

  it('come back as they stand in their field', () => {
    const number = fc
      .double({ min: -1e6, max: 1e6, noNaN: true })
      .map((value) => Math.round(value * 100) / 100 + 0);
    const span: fc.Arbitrary<Span> = fc.oneof(
      number,
      fc
        .tuple(number.map(Math.abs), number.map(Math.abs))
        .map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)]),
    );
    fc.assert(
      fc.property(span, (value) => {
        expect(readSpan(writeSpan(value))).toEqual({ span: value });
      }),
    );
  });

  it.each([
    ['24K', 24_000],
    ['$35.20', 35.2],
    ['~72K', 72_000],
    ['−96.7 %', -96.7],
    ['10–50', [10, 50]],
    ['10-50', [10, 50]],
    ['50 to 10', [10, 50]],
    ['', null],
  ])('%s is typed as %j', (typed, span) => {
    expect(readSpan(typed)).toEqual({ span });
  });

  it.each(['many', '1,2,3', '10-'])('%s is no number, and says what would be', (typed) => {
    expect(readSpan(typed)).toHaveProperty('fault');
  });

  it('name the metric with what narrows it, and lines in runs', () => {
    expect(metricText({ metric: 'redis_commands_total', labels: { cmd: 'get' } })).toBe(
      'redis_commands_total{cmd=get}',
    );
    expect(linesText([8, 19, 20, 21, 8])).toBe('lines 8, 19–21');
    expect(linesText([8])).toBe('line 8');
    expect(linesText([])).toBe('');
  });
});

describe('claims while the text is written', () => {
  it('keep their place in the list of keys when lines are put before them', () => {
    const before = join(TEXT);
    const after = join(`Some words.\n\n${TEXT}`, before);
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(after[0]?.claim.source.line).toBe((before[0]?.claim.source.line ?? 0) + 2);
  });

  it('keep what a person did to them while other lines change', () => {
    const [first, second] = join(TEXT);
    if (first === undefined || second === undefined) throw new Error('two claims were expected');
    const edited = { ...first, claim: { ...first.claim, metric: null, confidence: 0 } };
    const removed = { ...second, isRemoved: true };
    const after = join(TEXT.replace('the error rate', 'the logs'), [edited, removed]);
    expect(after[0]?.claim.metric).toBeNull();
    expect(after[1]?.isRemoved).toBe(true);
  });

  it('never lose what was edited or added, even when its line is deleted', () => {
    const [first] = join(TEXT);
    if (first === undefined) throw new Error('a claim was expected');
    const edited = { ...first, claim: { ...first.claim, after: 12_345 } };
    const added = { key: 'own', claim: blankClaim('Own', null), read: null, isRemoved: false };
    const after = join('Nothing here.', [edited, added]);
    expect(after.map(({ claim }) => claim.after)).toEqual([12_345, null]);
    expect(after.every(isEdited)).toBe(true);
  });

  it('forget what nobody touched when its line is deleted', () => {
    expect(join('Nothing here.', join(TEXT))).toEqual([]);
  });

  it('are handed over with ids of their own, removed ones as removed', () => {
    const drafts = join(TEXT).map((one, i) => (i === 0 ? { ...one, isRemoved: true } : one));
    const held = heldClaims(drafts);
    expect(new Set(held.map(({ id }) => id)).size).toBe(held.length);
    expect(held.map(({ standing }) => standing)).toEqual(['removed', 'confirmed']);
    expect(held.every(({ edited }) => !edited)).toBe(true);
  });
});

describe('what can be measured', () => {
  const gets = { ...blankClaim('Redis GETs', 1), metric: 'redis_commands_total' };

  it('needs a source that counts it, and names those that would', () => {
    expect(tellMeasurable(gets, ['redis']).kind).toBe('measured');
    const told = tellMeasurable(gets, ['postgres']);
    expect(told).toMatchObject({ kind: 'not', sources: expect.arrayContaining(['redis']) });
  });

  it('says why an unbound claim is not, and what its unit hints at', () => {
    const told = tellMeasurable(blankClaim('p95', 1), []);
    expect(told).toMatchObject({ kind: 'not', why: expect.stringContaining('No metric is bound') });
    expect(tellMeasurable({ ...blankClaim('p95', 1), unit: 'ms' }, [])).toMatchObject({
      sources: ['app', 'prometheus'],
    });
  });

  it('is every metric, each with a source', () => {
    for (const option of METRIC_OPTIONS.values()) expect(option.sources, option.name).not.toEqual([]);
  });

  it('is found by words of its name or help, what is connected first', () => {
    expect(searchMetrics('redis commands', ['redis']).map(({ name }) => name)).toContain(
      'redis_commands_total',
    );
    expect(searchMetrics('no such thing anywhere', [])).toEqual([]);
  });
});

describe('a paste', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(), /is empty/],
    ['blank', bytes(' \n\t '), /nothing but blanks/],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3]), /is no text/],
    [
      'huge',
      new Uint8Array(MAX_SUMMARY_BYTES + 10_240).fill(97),
      /74 KB and a summary can have 64 KB: 10 KB/,
    ],
  ])('that is %s gives a sentence', (_, given, fault) => {
    expect(readBytes(given, 'a.md')).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('is read in the encodings of old editors', () => {
    expect(readBytes(new Uint8Array([0x63, 0x61, 0x66, 0xe9]), 'a')).toEqual({ text: 'café' });
    expect(readBytes(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x62, 0]), 'a')).toEqual({ text: 'ab' });
  });

  it('of exactly 64 KB is taken, in bytes and not in letters', () => {
    expect(tooLong(MAX_SUMMARY_BYTES)).toBeNull();
    expect(byteLength('→')).toBe(3);
  });

  it('of any bytes never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (given) => void readBytes(given, 'x')));
  });
});

describe('what is said of a summary', () => {
  it('lists everything with its lines, by line or by kind', () => {
    const document = parseClaims(TEXT);
    const items = readItems(document, join(TEXT), 'line');
    const lines = items.map(({ lines: [first = 0] }) => first);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(readItems(document, join(TEXT), 'kind')[0]?.kind).toBe('claim');
    expect(itemsWords(items)).toMatch(/^2 claims, 1 check, \d audit findings?$/);
  });

  it('counts promises, and says what holds them back', () => {
    const document: ClaimsDocument = parseClaims(TEXT);
    expect(draftSentence(document, { all: 2, measurable: 1 }).verdict).toBe(
      'Two promises, one of them can be measured here.',
    );
    expect(draftSentence(document, { all: 2, measurable: 2 }).limit).toContain('rollback command can’t run');
    expect(draftSentence(null, { all: 0, measurable: 0 }).verdict).toMatch(/^Paste/);
    expect(doubts({ audit: [], rollback: [] })).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../markdown/test-any-text.ts';
import { TOLD_MS, toldChart, toldCopy } from '../markdown/test-copy.ts';
import type { FrozenCopy } from '../model/share.ts';
import type { CardChild, CardNode } from './card-node.ts';
import { drawableText } from './drawable-text.ts';
import { previewCard } from './preview-card.ts';
import { HOSTILE_TEXTS } from './test-hostile-texts.ts';

const childrenOf = ({ props }: CardNode): readonly CardChild[] =>
  props.children === undefined ? [] : [props.children].flat();
function nodesOf(node: CardNode): CardNode[] {
  return [node, ...childrenOf(node).flatMap((child) => (typeof child === 'string' ? [] : nodesOf(child)))];
}
const textsOf = (node: CardNode): string[] =>
  nodesOf(node).flatMap((one) => childrenOf(one).filter((child) => typeof child === 'string'));
/** Everything but the words. */
const looksOf = (node: CardNode): string =>
  JSON.stringify(nodesOf(node).map(({ type, props: { children: _, ...props } }) => [type, props]));

describe('drawableText', () => {
  it('writes what our numbers and times are written with as it is', () => {
    const text = '733K/h → 24.0K/h, −96.7 %, ≤ 2 µs, 9 Apr 17:54Z – 20:14Z, T₀ · “can’t tell”… Зоя Łódź é';
    expect(drawableText(text, 200)).toBe(text);
  });

  it('shows that something cannot be drawn', () => {
    expect(drawableText('a 🔥🔥 部署 b', 50)).toBe('a ◌ ◌ b');
    expect(drawableText('\u202eexe\u200b.gnp', 50)).toBe('exe.gnp');
    expect(drawableText('e\u0301', 50)).toBe('é');
  });

  it('holds at most as many signs as asked for, whatever the text', () => {
    const text = fc.oneof(anyText(10), fc.constantFrom(...Object.values(HOSTILE_TEXTS)));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 130 }), (any, most) => {
        const drawn = drawableText(any, most);
        expect([...drawn].length).toBeLessThanOrEqual(most);
        expect(drawn).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Mn}]/u);
        expect(drawableText(drawn, most)).toBe(drawn);
      }),
      { numRuns: 60 },
    );
  });
});

describe('previewCard', () => {
  it('says the same as the page: standing, place, range, sentence, numbers, deploys, when it was frozen', () => {
    const [chart] = toldCopy('v1203').charts;
    const copy = toldCopy('v1203', {
      title: 'Redis GETs did not fall after v1203',
      place: 'harbor, production',
      charts: chart === undefined ? [] : [{ ...chart, title: 'Redis GETs' }],
    });
    expect(textsOf(previewCard(copy)).map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
      ...['Afterwatch', 'Frozen 9 Apr 2026 20:54Z', 'Identified', 'harbor, production'],
      ...['9 Apr 16:54Z – 20:14Z, 3 h 20 m', 'Redis GETs did not fall after v1203', 'Redis GETs'],
      ...['500K/h on average', '500K/h', 'v1203', 'no data', '16:54Z', '20:14Z'],
    ]);
  });

  it('text of others is text and nothing else: looks and shapes are the same whatever it says', () => {
    const looks = looksOf(previewCard(toldCopy('word')));
    for (const text of Object.values(HOSTILE_TEXTS)) {
      // A long title is set in smaller type, which is the one thing that its length decides.
      const copy = { ...toldCopy(text), title: 'word' };
      expect(looksOf(previewCard(copy))).toBe(looks);
    }
    expect(looks).not.toMatch(/url|href|http|script|image/i);
  });

  it('a gap has no line, and ground of its own', () => {
    const nodes = nodesOf(previewCard(toldCopy('word')));
    expect(nodes.filter(({ type }) => type === 'rect')).toHaveLength(1);
    const lines = nodes.filter(({ props }) => props['stroke-width'] === 3.5);
    expect(String(lines[0]?.props.d).match(/M/g)).toHaveLength(2);
  });

  it('without a chart that shows something it tells the impact, and without numbers the second line', () => {
    const missing = { ...toldChart('GETs'), missing: { reason: 'no source', fix: null } };
    const charts = toldCopy('word').charts.map((chart) => ({ ...chart, view: missing }));
    expect(textsOf(previewCard(toldCopy('word', { charts })))).toContain('12,345');
    const bare: FrozenCopy = toldCopy('word', { charts: [], impact: [], lead: 'Nobody knows why.' });
    expect(textsOf(previewCard(bare))).toContain('Nobody knows why.');
  });

  it('a chart stands nowhere, and has no glyph', () => {
    const deploy = { kind: 'deploy', state: 'met', provisional: true } as const;
    expect(textsOf(previewCard(toldCopy('word', { standing: deploy })))).toContain('Met, provisional');
    expect(textsOf(previewCard(toldCopy('word', { standing: null, frozenAtMs: TOLD_MS })))).not.toContain(
      'Identified',
    );
  });
});

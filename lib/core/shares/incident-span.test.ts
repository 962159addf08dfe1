import { describe, expect, it } from 'vitest';
import { TOLD_MS, toldCopy } from '../markdown/test-copy.ts';
import type { FrozenCopy } from '../model/share.ts';
import { previewCard } from '../preview/preview-card.ts';
import { MINUTE_MS } from '../time/range.ts';
import { findOutside } from './clip-to-range.ts';
import { frozenCopySchema } from './copy-schema.ts';
import { shareMarkdown } from './share-markdown.ts';

const told = (span: FrozenCopy['span']) => toldCopy('v1203', { span });
const whenOf = (copy: FrozenCopy) => /^- When: .*$/m.exec(shareMarkdown(copy, { url: null }))?.[0];

describe('when a shared incident was', () => {
  it('is told in every form, and not the hour before that its charts begin with', () => {
    const over = told({ startMs: TOLD_MS, endMs: TOLD_MS + 30 * MINUTE_MS });
    expect(whenOf(over)).toMatch(/^- When: 9 Apr 2026 17:54Z to 9 Apr 2026 18:24Z, 30.m; all times in UTC$/);
    expect(JSON.stringify(previewCard(over))).toContain('9 Apr 17:54Z – 18:24Z, 30');
    expect(whenOf(told({ startMs: TOLD_MS, endMs: null }))).toMatch(/17:54Z to .* 20:14Z, 2.h.20.m so far;/);
    expect(whenOf(told(null))).toMatch(/16:54Z to .* 20:14Z, 3.h.20.m;/);
  });

  it('is on the list of what may leave, and lies in the range like everything else', () => {
    const { endMs } = toldCopy('').range;
    const late = told({ startMs: TOLD_MS, endMs: endMs + 1 });
    expect(frozenCopySchema.safeParse(late).success).toBe(true);
    expect(findOutside(late)).toContain('span');
    expect(findOutside(told({ startMs: TOLD_MS, endMs }))).not.toContain('span');
    expect(frozenCopySchema.safeParse({ ...late, span: { ...late.span, by: 'Ana' } }).success).toBe(false);
  });
});

import type { ClaimsDocument, Finding, FollowUp, ParsedCheck, RollbackStep } from '../claims/document.ts';
import type { DraftClaim } from './draft.ts';

/** One thing that was read from a summary, with the lines that say it. */
export type SummaryItem = { key: string; lines: readonly number[] } & (
  | { kind: 'claim'; draft: DraftClaim }
  | { kind: 'finding'; finding: Finding }
  | { kind: 'check'; check: ParsedCheck }
  | { kind: 'follow_up'; followUp: FollowUp }
  | { kind: 'rollback'; step: RollbackStep }
);

/** The order of kinds, and what each is called. */
export const ITEM_KINDS = ['claim', 'finding', 'check', 'follow_up', 'rollback'] as const;

/** How the list is ordered. */
export const ITEM_ORDERS = ['line', 'kind'] as const;
export type ItemOrder = (typeof ITEM_ORDERS)[number];

/** Everything that was read, in the order of the text or by kind; what has no line stands at the end. */
export function readItems(
  summary: Pick<ClaimsDocument, 'audit' | 'checks' | 'followUps' | 'rollback'>,
  drafts: readonly DraftClaim[],
  order: ItemOrder,
): readonly SummaryItem[] {
  const items: SummaryItem[] = [
    ...drafts.map((draft) => ({
      kind: 'claim' as const,
      key: draft.key,
      lines: draft.claim.source.lines,
      draft,
    })),
    ...summary.audit.map((finding, i) => ({
      kind: 'finding' as const,
      key: `finding-${i}`,
      lines: finding.lines.filter((line): line is number => typeof line === 'number'),
      finding,
    })),
    ...summary.checks.map((check, i) => ({
      kind: 'check' as const,
      key: `check-${i}`,
      lines: [check.line],
      check,
    })),
    ...summary.followUps.map((followUp, i) => ({
      kind: 'follow_up' as const,
      key: `follow-${i}`,
      lines: [followUp.line],
      followUp,
    })),
    ...summary.rollback.map((step, i) => ({
      kind: 'rollback' as const,
      key: `rollback-${i}`,
      lines: [step.line],
      step,
    })),
  ];
  const rank = (item: SummaryItem) => ITEM_KINDS.indexOf(item.kind);
  const line = (item: SummaryItem) =>
    item.lines.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...item.lines);
  return items.sort((a, b) => {
    const byLine = line(a) === line(b) ? 0 : line(a) - line(b);
    const byKind = rank(a) - rank(b);
    return order === 'line' ? byLine || byKind : byKind || byLine;
  });
}

/** `5 claims, 4 checks, 2 audit findings`: what a screen reader hears when the text was read. */
export function itemsWords(items: readonly SummaryItem[]): string {
  const count = (kind: SummaryItem['kind']) =>
    items.filter((item) => item.kind === kind && !(item.kind === 'claim' && item.draft.isRemoved)).length;
  const words = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  return [
    words(count('claim'), 'claim', 'claims'),
    words(count('check'), 'check', 'checks'),
    words(count('finding'), 'audit finding', 'audit findings'),
  ].join(', ');
}

import type { CheckState } from '../model/check.ts';
import type { ClaimView } from '../model/claim.ts';
import type { StateChange, WatchCheck } from '../model/verdict.ts';
import type { WatchDetail } from '../model/watch.ts';
import { formatSinceOrigin, formatStamp } from '../units/clock.ts';
import { NO_DATA } from '../units/decimal.ts';
import { claimValueText, effectText, promiseText } from '../units/format-claim.ts';
import { markdownLink, markdownTable, markdownText } from './markdown-text.ts';
import { REASON_NAMES, STATE_NAMES, standingText } from './verdict-text.ts';
import { watchSentence } from './watch-sentence.ts';

/** States of a check in the middle of a line. */
export const CHECK_NAMES: Readonly<Record<CheckState, string>> = {
  waiting: 'waiting',
  passing: 'passing',
  failing: 'failing',
  done: 'done',
  blocked: 'blocked',
};
/** More would hide the verdict; the page has them all. */
const MOST_CHANGES = 20;

/**
 * A watch as Markdown, for a chat, an issue or a postmortem: verdict, claims with before, promised, measured and effect,
 * the checklist, next steps and what changed. Times in UTC. Text of others cannot become markup.
 */
export function watchMarkdown(detail: WatchDetail, { url }: { url: string }): string {
  const { view, checks, followUps, changes, notChecked, override } = detail;
  const title = markdownText(`${view.release}: ${standingText(view)}`);
  const { verdict, limit } = watchSentence(view);
  const sentence = [
    ...(override === null ? [] : [`${override.by} calls it ${STATE_NAMES[override.state]}. Measured:`]),
    verdict,
    ...(limit === null ? [] : [limit]),
  ].join(' ');
  return [
    `### ${title}`,
    '',
    markdownText(sentence),
    ...(override === null
      ? []
      : ['', `Reason given by ${markdownText(override.by)}: ${markdownText(override.reason)}`]),
    '',
    ...claimsTable(view.claims, detail),
    ...block(
      'Checks',
      checks.map((check) => checkLine(check, view.originMs)),
    ),
    ...block(
      'Not checked',
      notChecked.map(({ why }) => `- ${markdownText(why)}`),
    ),
    ...block(
      'Next steps',
      followUps.map(({ text, dueMs, owner, done }) =>
        [
          `- [${done === null ? ' ' : 'x'}] ${markdownText(text)}`,
          ...(dueMs === null ? [] : [`due ${formatStamp(dueMs)}`]),
          ...(owner === null ? [] : [markdownText(owner)]),
        ].join(', '),
      ),
    ),
    ...block(
      'What changed',
      changes.slice(0, MOST_CHANGES).map((change) => changeLine(change, detail)),
    ),
    ...(changes.length > MOST_CHANGES ? [`- ${changes.length - MOST_CHANGES} more on its page`] : []),
    '',
    `${markdownLink(`Page of ${view.release}`, url)}, as of ${formatStamp(view.nowMs)} (${formatSinceOrigin(view.nowMs, view.originMs)}).`,
    '',
  ].join('\n');
}

/** Claims with before, promised, measured and effect, one a row; `verdicts` may know better why than a claim itself. */
export function claimsTable(
  claims: readonly ClaimView[],
  { verdicts }: Pick<WatchDetail, 'verdicts'>,
): string[] {
  if (claims.length === 0) return ['No claim is confirmed.'];
  const head = ['Claim', 'Before', 'Promised', 'Measured', 'Effect', 'Verdict', 'Why'];
  const rows = claims.map((claim) => {
    const { before, measured, unit, window } = claim;
    return [
      markdownText(claim.title),
      claimValueText(before, unit, window),
      promiseText(claim),
      claimValueText(measured, unit, window),
      effectText(claim) ?? NO_DATA,
      standingText(claim),
      verdicts[claim.id]?.why ?? claim.why ?? '',
    ].map((cell, index) => (index === 0 ? cell : markdownText(cell)));
  });
  return markdownTable(head, rows, ['Before', 'Promised', 'Measured', 'Effect']);
}

function checkLine(
  { title, dueMs, state, block: blocked, provisional, evidence, signed }: WatchCheck,
  originMs: number,
): string {
  const why =
    blocked === null
      ? ''
      : `: ${blocked === 'no_demand' ? 'no demand reached the limit' : REASON_NAMES[blocked]}`;
  const soFar = provisional && state === 'passing' ? ' so far' : '';
  const by =
    signed === null ? [] : [`signed by ${signed.by}${signed.note === null ? '' : `: ${signed.note}`}`];
  const seen = [...(evidence === null ? [] : [evidence]), ...by].join('; ');
  const at = formatSinceOrigin(originMs + dueMs, originMs);
  return `- ${at} ${markdownText(title)}: ${CHECK_NAMES[state]}${soFar}${why}${seen === '' ? '' : ` (${markdownText(seen)})`}`;
}

function changeLine(
  { atMs, claimId, from, to, provisional, reason, evidence }: StateChange,
  { view }: WatchDetail,
): string {
  const claim = view.claims.find(({ id }) => id === claimId);
  const what = claimId === null ? 'the deploy' : (claim?.title ?? claimId);
  const was = from === null ? '' : ` (was ${STATE_NAMES[from]})`;
  const now = standingText({ state: to, provisional, reason });
  return `- ${formatStamp(atMs)} ${markdownText(what)}: ${now}${was}. ${markdownText(evidence)}`.trimEnd();
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines];
}

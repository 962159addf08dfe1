import { formatStamp } from '../units/clock.ts';
import { NO_DATA } from '../units/decimal.ts';
import { claimValueText, effectText } from '../units/format-claim.ts';
import { chooseRateWindow, WINDOW_SECONDS } from '../units/format-rate.ts';
import { markdownLink, markdownTable, markdownText } from './markdown-text.ts';
import { standingState, type VerdictAnswer, type VerdictClaim } from './verdict-answer.ts';
import { standingText } from './verdict-text.ts';

/** A comment holds 65,536 signs; with so many claims none comes near it. */
const MOST_CLAIMS = 25;

/** The hidden first line by which a pipeline finds its own comment again, to change it in place of adding another. */
export function commentMarker(deployId: string): string {
  // Nothing that could end the comment early.
  return `<!-- afterwatch:verdict:${deployId.replace(/[^\w.]+/g, '-').slice(0, 80)} -->`;
}

/**
 * The body of a comment on the pull request that was deployed: a hidden marker, the verdict in a sentence, a table of the
 * claims, a link to the page. Text of others cannot become markup, a mention or a link.
 */
export function prComment(answer: VerdictAnswer): string {
  const { deploy, claims, sentence, override, provisional, reason } = answer;
  const standing = standingState(answer);
  const title =
    standing === null
      ? 'nothing is watched'
      : standingText(
          override === null
            ? { state: standing, provisional, reason }
            : { state: standing, provisional: false, reason: null },
        );
  const ends =
    answer.endsAt === null || answer.closed
      ? ''
      : `, watched until ${formatStamp(Date.parse(answer.endsAt))}`;
  return [
    commentMarker(deploy.id),
    `### Afterwatch: ${markdownText(`${deploy.release}, ${title}`)}`,
    '',
    markdownText(sentence),
    ...(override === null ? [] : ['', `Reason: ${markdownText(override.reason)}`]),
    '',
    ...(claims.length === 0 ? [] : [...table(claims), '']),
    `${markdownLink('Evidence, charts and checks', deploy.url)}${ends}.`,
    '',
  ].join('\n');
}

function table(claims: readonly VerdictClaim[]): string[] {
  const rows = claims.slice(0, MOST_CLAIMS).map((claim) => {
    const { before, after, effectPct, interval } = claim;
    return [
      claim.text,
      valueText(claim, before),
      valueText(claim, after),
      effectText({ effectPct, interval }) ?? NO_DATA,
      standingText(claim),
      claim.why,
    ].map(markdownText);
  });
  const head = ['Claim', 'Expected', 'Measured', 'Effect', 'Verdict', 'Why'];
  const more = claims.length - rows.length;
  return [
    ...markdownTable(head, rows, ['Expected', 'Measured', 'Effect']),
    ...(more > 0 ? ['', `${more} more on its page.`] : []),
  ];
}

/** One window for both numbers of a claim, so that they can be compared. */
function valueText({ unit, window, before, after }: VerdictClaim, value: number | null): string {
  if (unit === null || value === null) return NO_DATA;
  switch (window) {
    case null:
      return claimValueText(value, unit, null);
    case 's':
      return claimValueText(value, unit, chooseRateWindow(before ?? after));
    case 'day':
      return claimValueText(value / WINDOW_SECONDS.day, unit, 'day');
    default:
      return window satisfies never;
  }
}

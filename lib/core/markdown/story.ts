import { markWord } from '../chart/marks.ts';
import { HYPOTHESIS_NAMES } from '../incidents/status-names.ts';
import type { FrozenCopy, FrozenEntry } from '../model/share.ts';
import { leftOutText } from '../shares/left-out-text.ts';
import { shareStandingText } from '../shares/standing-text.ts';
import { formatFullStamp, formatSinceOrigin, formatStamp } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { impactText } from '../units/format-impact.ts';
import type { RateWindow } from '../units/format-rate.ts';
import { CHECK_NAMES, claimsTable } from '../watch/markdown.ts';
import { markdownLink, markdownTable, markdownText } from '../watch/markdown-text.ts';
import { chartMarkdown } from './chart-text.ts';
import { noteMarkdown } from './note-markdown.ts';

/** What a document tells; a frozen copy is one. */
export type Story = Omit<FrozenCopy, 'version' | 'frozenAtMs'>;

interface StoryFoot {
  /** Words of the link and of what was written when: `Incident in Afterwatch`. */
  words: string;
  url: string | null;
  /** `Frozen`, `Written`. */
  verb: string;
  atMs: number;
}

/**
 * An incident, a deploy or a chart as one Markdown document for people who were not there: what, where and when, impact,
 * charts as text, promises, timeline, hypotheses, actions, what is not in it. Times in UTC. No text of others becomes
 * markup, a link or a mention.
 */
export function storyMarkdown(story: Story, foot: StoryFoot): string {
  const { title, lead, charts, claims, checks, timeline, hypotheses, actions, deploy } = story;
  const notes = timeline.filter(({ fact }) => fact.kind === 'note');
  return [
    `# ${markdownText(title)}`,
    '',
    ...(lead === null || lead === '' ? [] : [markdownText(lead), '']),
    ...factLines(story),
    ...section('Impact', impactTable(story)),
    ...section(
      charts.length === 1 ? 'What the line shows' : 'What the lines show',
      charts.flatMap((chart, index) => [
        ...(index === 0 ? [] : ['']),
        ...chartMarkdown(chart, windowOf(story, chart.id)),
      ]),
    ),
    ...section(
      deploy === null ? 'What was promised' : `What ${markdownText(deploy.release)} promised`,
      claims.length === 0 ? [] : claimsTable(claims, { verdicts: {} }),
    ),
    ...section(
      'Checks',
      checks.map(({ title: words, dueMs, state, evidence }) => {
        const seen = evidence === null ? '' : ` (${markdownText(evidence)})`;
        return `- ${formatSinceOrigin(dueMs, 0)} ${markdownText(words)}: ${CHECK_NAMES[state]}${seen}`;
      }),
    ),
    ...section('What happened', timelineTable(timeline)),
    ...section(
      'Notes',
      notes.flatMap((entry, index) => noteLines(entry, index)),
    ),
    ...section(
      'Why',
      hypotheses.map(({ text, state, evidence }) => {
        const why = evidence === null || evidence === '' ? '' : `: ${markdownText(evidence)}`;
        return `- **${HYPOTHESIS_NAMES[state]}**: ${markdownText(text)}${why}`;
      }),
    ),
    ...section(
      'Actions',
      actions.map(({ text, owner, dueMs, done }) =>
        [
          `- [${done ? 'x' : ' '}] ${markdownText(text)}`,
          ...(owner === null ? [] : [markdownText(owner)]),
          ...(dueMs === null ? [] : [`due ${formatStamp(dueMs)}`]),
        ].join(', '),
      ),
    ),
    ...section('Left out', [leftOutText(story.leftOut)]),
    '',
    '---',
    '',
    footLine(foot),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function factLines({ place, standing, range, span: lasted, deploy, rail }: Story): string[] {
  const status = shareStandingText(standing);
  const { startMs } = lasted ?? range;
  const endMs = lasted?.endMs ?? range.endMs;
  const span = `${formatFullStamp(startMs)} to ${formatFullStamp(endMs)}`;
  return [
    `- Where: ${markdownText(place)}`,
    `- When: ${span}, ${formatDuration(endMs - startMs)}${lasted?.endMs === null ? ' so far' : ''}; all times in UTC`,
    ...(status === null ? [] : [`- ${standing?.kind === 'deploy' ? 'Verdict' : 'Status'}: ${status}`]),
    ...(deploy === null
      ? []
      : [`- Deploy: ${markdownText(deploy.release)}, ${formatFullStamp(deploy.startMs)}`]),
    ...(rail == null
      ? []
      : [
          `- Watched: ${formatSinceOrigin(Math.min(rail.nowMs, rail.endMs), rail.originMs)} of ${formatDuration(rail.endMs - rail.originMs)}`,
        ]),
    ...(rail?.interruption == null
      ? []
      : [
          `- Interrupted: ${markdownText(rail.interruption.release)} (${markWord(rail.interruption.kind)}), ${formatFullStamp(rail.interruption.atMs)}`,
        ]),
  ];
}

function impactTable({ impact }: Story): string[] {
  if (impact.length === 0) return [];
  const rows = impact.map((figure) => [
    markdownText(figure.label),
    impactText(figure),
    markdownText(
      [figure.note, figure.why, figure.value !== null && figure.quality === 'inferred' ? 'inferred' : null]
        .filter((text) => text !== null && text !== '')
        .join('; '),
    ),
  ]);
  return markdownTable(['What', 'How much', 'How it is known'], rows, ['How much']);
}

function timelineTable(timeline: readonly FrozenEntry[]): string[] {
  if (timeline.length === 0) return [];
  const hasPeople = timeline.some(({ by }) => by !== null);
  let notes = 0;
  const rows = timeline.map(({ atMs, fact, title, detail, by }) => {
    const number = fact.kind === 'note' ? ` ${++notes}` : '';
    return [
      formatStamp(atMs),
      `${markdownText(title)}${number}`,
      markdownText(detail ?? ''),
      ...(hasPeople ? [markdownText(by ?? '')] : []),
    ];
  });
  return markdownTable(['Time', 'What', 'Seen', ...(hasPeople ? ['By'] : [])], rows);
}

function noteLines({ atMs, by, fact }: FrozenEntry, index: number): string[] {
  if (fact.kind !== 'note') return [];
  const who = by === null ? '' : `, ${markdownText(by)}`;
  return [
    ...(index === 0 ? [] : ['']),
    `**Note ${index + 1}**, ${formatStamp(atMs)}${who}`,
    '',
    ...noteMarkdown(fact.markdown),
  ];
}

/** A claim is told in its own window, and so is its chart. */
function windowOf({ claims }: Pick<Story, 'claims'>, chartId: string): RateWindow {
  return claims.find(({ id }) => `claim:${id}` === chartId)?.window ?? 'h';
}

function footLine({ words, url, verb, atMs }: StoryFoot): string {
  const name = url === null ? markdownText(words) : markdownLink(words, url);
  return `${name}. ${verb} ${formatFullStamp(atMs)}.`;
}

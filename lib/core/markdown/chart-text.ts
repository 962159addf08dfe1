import type { NamedChart } from '../alerts/alerts-view.ts';
import { describeChart } from '../chart/describe.ts';
import { listMarks } from '../chart/marks.ts';
import { chartValueText } from '../chart/readout.ts';
import {
  GAP_SIGN,
  MANY_MARKS_SIGN,
  markLetter,
  markLine,
  sparkColumns,
  sparkScale,
  textSparkline,
} from '../chart/text-sparkline.ts';
import type { ChartView } from '../model/view.ts';
import { formatClock } from '../units/clock.ts';
import type { RateWindow } from '../units/format-rate.ts';
import { markdownText } from '../watch/markdown-text.ts';
import { fenced } from './note-markdown.ts';

const MOST_MARKS = 26;

/** A chart as a heading, what it shows in words, and its lines as text with the deploys under them. */
export function chartMarkdown({ title, question, view, marks }: NamedChart, window: RateWindow): string[] {
  const said = [
    question,
    view.missing === null ? (describeChart(view, window) ?? '') : `No data: ${view.missing.reason}.`,
    view.note ?? '',
    view.stale ? 'The newest data were late when this was made.' : '',
  ].filter((text) => text !== '');
  return [
    `### ${markdownText(title)}`,
    ...said.flatMap((text) => ['', markdownText(text)]),
    ...(view.missing === null ? ['', ...fenced(pictureLines(view, marks, window))] : []),
  ];
}

function pictureLines(view: ChartView, marks: NamedChart['marks'], window: RateWindow): string[] {
  const scale = sparkScale(view.lines.map(({ points }) => points));
  const points = view.lines[0]?.points ?? [];
  const startMs = points[0]?.[0] ?? view.range.startMs;
  const endMs = (points.at(-1)?.[0] ?? view.range.endMs - view.stepMs) + view.stepMs;
  const columns = sparkColumns(points.length);
  const inSight = listMarks(marks, { startMs, endMs })
    .filter(({ side }) => side === 'inside')
    .reverse();
  const under = markLine(inSight, { startMs, endMs }, columns);
  const [from, to] = [formatClock(startMs), formatClock(endMs)];
  return [
    ...view.lines.map((line) => {
      const label = view.lines.length > 1 ? `  ${line.label}` : '';
      return textSparkline(line.points, scale) + label;
    }),
    ...(under === '' ? [] : [under]),
    `${from}${to.padStart(Math.max(columns - from.length, to.length + 1))}`,
    ...(scale === null
      ? []
      : [
          `█ ${chartValueText(view, scale.top, window)}, ▁ ${chartValueText(view, scale.bottom, window)}, ${GAP_SIGN} no data`,
        ]),
    ...inSight
      .slice(0, MOST_MARKS)
      .map(({ release, what, time, rolled }, index) =>
        [`${markLetter(index)} ${release}`, what, time, ...(rolled === null ? [] : [rolled])].join(', '),
      ),
    ...(inSight.length > MOST_MARKS ? [`${inSight.length - MOST_MARKS} more deploys are not named`] : []),
    ...(under.includes(MANY_MARKS_SIGN) ? [`${MANY_MARKS_SIGN} more than one of them`] : []),
  ];
}

import type { Row } from '../lib/row.ts';
import { printTable } from '../verdict/format.ts';
import { ENGINE_WORDS } from './engines.ts';
import { goalOf, judge, STORE_ROWS, short } from './goals.ts';
import type { StoreFigures } from './measure-store.ts';

/** Rows of `npm run bench`. */
export function rowsOf(all: readonly StoreFigures[]): Row[] {
  return all.flatMap((figures) =>
    STORE_ROWS.map((row) => {
      const value = row.read(figures);
      const verdict = judge(value, goalOf(row, figures));
      const note = [row.note?.(figures) ?? '', verdict].filter((text) => text !== '').join('; ');
      return {
        name: `${ENGINE_WORDS[figures.engine]}: ${row.name}`,
        value: value ?? Number.NaN,
        unit: row.unit,
        ...(note === '' ? {} : { note }),
      };
    }),
  );
}

/** The same as a part of a page. */
export function printStorePart(
  all: readonly StoreFigures[],
  { date, machine, asked, jitter }: { date: string; machine: string; asked: number; jitter: readonly Row[] },
): string {
  const [first] = all;
  const samples = first?.deep.samples ?? 0;
  return [
    '## The store',
    '',
    `Measured on ${date} by \`npm run bench -- store --samples ${asked} --write\` on ${machine}, on each store alone: ${samples.toLocaleString('en')} samples of 1,300 series at 10 s (${(samples / 1300).toLocaleString('en', { maximumFractionDigits: 0 })} points each), written through the store as visits are, a commit a tick, with packing as hours pass; PostgreSQL with \`fsync\` on, on the same machine. Growth compares an hour of ${(first?.wide.series ?? 0).toLocaleString('en')} series with an hour of 1,300, divided by the series: 1 is just as fast as they grow.`,
    '',
    printTable({
      title: 'Figures and goals',
      note: '',
      head: ['what', 'unit', ...all.map(({ engine }) => ENGINE_WORDS[engine]), 'goal', ''],
      rows: STORE_ROWS.map((row) => {
        const goals = [...new Set(all.map((figures) => goalText(goalOf(row, figures))))];
        return [
          row.name,
          row.unit,
          ...all.map((figures) => {
            const note = row.note?.(figures) ?? '';
            return `${short(row.read(figures))}${note === '' ? '' : ` (${note})`}`;
          }),
          goals.join(' / '),
          all.map((figures) => judge(row.read(figures), goalOf(row, figures))).join(' / '),
        ];
      }).map((cells) => cells.map((cell) => (/^[ /]*$/.test(cell) ? '' : cell))),
    }).replace('## ', '### '),
    'With some ms of jitter in the time of every visit, as a network has it, a smaller set on SQLite takes:',
    '',
    ...jitter.map(
      ({ name, value, unit, note }) =>
        `- ${name}: ${short(value)} ${unit}${note === undefined ? '' : ` (${note})`}`,
    ),
    '',
  ].join('\n');
}

function goalText(goal: { most: number; under?: boolean } | undefined): string {
  if (goal === undefined) return '';
  return `${goal.under === true ? '<' : '≤'} ${goal.most}`;
}

import { printTable } from './format.ts';
import type { BenchOptions } from './options.ts';
import type { GateRow, Section } from './plan.ts';

/** What was measured, when, and with which seeds. */
export interface Report {
  options: BenchOptions;
  startedMs: number;
  tookMs: number;
  sections: readonly Section[];
  /** What could not be measured, and why; one sentence each. */
  left: readonly string[];
}

/** All gates, those that do not hold first. */
export function gatesOf({ sections }: Report): GateRow[] {
  const gates = sections.flatMap((section) => section.gates);
  return gates.toSorted((a, b) => Number(a.holds) - Number(b.holds));
}

/** The report as a Markdown page that reads well as it is. */
export function printReport(report: Report): string {
  const { options, startedMs, tookMs, sections, left } = report;
  const gates = gatesOf(report);
  const kept = gates.filter(({ holds }) => holds).length;
  const date = new Date(startedMs).toISOString().slice(0, 10);
  return [
    '# Verdict gates',
    '',
    'What the verdict promises of itself, measured on seeded simulations and on public series by `npm run bench:verdict -- --write`, which makes this page and fails where a gate does not hold.',
    'Bounds hold with 95 % on the side that is told (Clopper and Pearson). Times run from the end of the settle time.',
    '',
    `${date}, first seed ${options.seed}, ${options.watches} watches of a family where nothing changes${options.isFull ? ', as many everywhere' : ', a part of that elsewhere'}; ${Math.max(1, Math.round(tookMs / 60_000))} min on ${options.threads} threads.`,
    '',
    ...left.flatMap((sentence) => [sentence, '']),
    printTable({
      title: `Gates: ${kept} of ${gates.length} hold`,
      note: '',
      head: ['', 'gate', 'measured', 'asked'],
      rows: gates.map(({ name, measured, gate, holds }) => [holds ? 'holds' : 'FAILS', name, measured, gate]),
    }),
    ...sections.flatMap(({ tables }) => tables.map(printTable)),
  ].join('\n');
}

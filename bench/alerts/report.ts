import { cpus } from 'node:os';
import { printTable } from '../verdict/format.ts';
import type { GateRow, Section } from '../verdict/plan.ts';
import type { AlertBenchOptions } from './options.ts';

/** What was measured, when, and with which seeds. */
export interface AlertReport {
  options: AlertBenchOptions;
  startedMs: number;
  tookMs: number;
  sections: readonly Section[];
  /** What could not be measured, and why; one sentence each. */
  left: readonly string[];
}

/** All gates, those that do not hold first. */
export function gatesOf({ sections }: AlertReport): GateRow[] {
  return sections.flatMap(({ gates }) => gates).toSorted((a, b) => Number(a.holds) - Number(b.holds));
}

/** The report as a Markdown page that reads well as it is. */
export function printReport(report: AlertReport): string {
  const { options, startedMs, tookMs, sections, left } = report;
  const gates = gatesOf(report);
  const kept = gates.filter(({ holds }) => holds).length;
  const date = new Date(startedMs).toISOString().slice(0, 10);
  return [
    '# How good the alerts are',
    '',
    `${kept} of ${gates.length} gates hold. Measured on ${date} by \`npm run bench:alerts -- --write\` in ${Math.round(tookMs / 60_000)} min on ${machineShape()}: ${options.watches} seeded watches of 24 h for each family, seeds from ${options.seed}. The same seeds give the same numbers.`,
    '',
    ...left.flatMap((sentence) => [sentence, '']),
    printTable({
      title: 'Gates',
      note: '',
      head: ['what', 'measured', 'asked', ''],
      rows: gates.map(({ name, measured, gate, holds }) => [
        name,
        measured,
        gate,
        holds ? 'holds' : '**does not hold**',
      ]),
    }),
    ...sections.flatMap(({ tables }) => tables.map(printTable)),
  ].join('\n');
}

function machineShape(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}`;
}

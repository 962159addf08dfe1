import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FORECAST_METHOD } from '../lib/core/budget/forecast/forecast-method.ts';
import { forecastUse } from '../lib/core/budget/forecast/forecast-use.ts';
import { publicSection } from './forecast/public-section.ts';
import { stepSection } from './forecast/step-section.ts';
import type { Row } from './lib/row.ts';
import { notMeasured, tellGates } from './lib/tell-gates.ts';
import { printTable } from './verdict/format.ts';
import type { GateRow, Section } from './verdict/plan.ts';

const PAGE = join('docs', 'budget-forecast.md');
const MOST_MS = 5;

/**
 * How well the forecast of the budget tells, beside naive ones on the public series and after a deploy. Prints the report
 * on stdout, writes `docs/budget-forecast.md` with `--write`, and leaves exit code 1 where a gate does not hold.
 */
export function benchForecast(args: readonly string[] = []): Row[] {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' }, write: { type: 'boolean' } },
  });
  const folder =
    values.data ?? process.env.AFTERWATCH_NAB ?? join(process.cwd(), '..', 'shared', 'data', 'nab');
  const series = publicSection(folder);
  const sections: Section[] = [...(series === null ? [] : [series]), stepSection()];
  const gates = [...sections.flatMap((section) => section.gates), timeGate()];
  const left = series === null ? [notMeasured('the public series')] : [];
  return tellGates('forecast', {
    text: printReport(sections, gates, left),
    gates,
    page: values.write ? PAGE : null,
  });
}

/** Processor time of one forecast from 30 days by the hour. */
function timeGate(): GateRow {
  const hours = Array.from(
    { length: 720 },
    (_, at) => 1_000 + 400 * Math.sin((2 * Math.PI * at) / 24) + (at % 7),
  );
  const ahead = [1, 2, 3, 4, 5, 6, 12, 24, 48, 72, 168];
  const run = (times: number) => {
    const began = process.cpuUsage();
    for (let i = 0; i < times; i += 1) forecastUse(hours, null, ahead);
    return process.cpuUsage(began).user / 1_000 / times;
  };
  run(20);
  const ms = run(50);
  return {
    name: 'one forecast from 30 days by the hour',
    measured: `${ms.toFixed(1)} ms of processor time`,
    gate: `< ${MOST_MS} ms`,
    holds: ms < MOST_MS,
  };
}

function printReport(
  sections: readonly Section[],
  gates: readonly GateRow[],
  left: readonly string[],
): string {
  const kept = gates.filter(({ holds }) => holds).length;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}`;
  return [
    '# How well the forecast of the budget tells',
    '',
    `${kept} of ${gates.length} gates hold. Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:forecast -- --write\` on ${machine}.`,
    '',
    FORECAST_METHOD,
    '',
    'The series are those of the Numenta Anomaly Benchmark, brought to hours and taken for what was used in each. In the order of their names every second one was tuned on; the others were held out. A forecast is made every 7 h from the second day on, by what was known up to there and told of no step; it is held against what was used until 1 h, 6 h, 24 h and 3 days later.',
    '',
    ...left.flatMap((sentence) => [sentence, '']),
    printTable({
      title: 'Gates',
      note: '',
      head: ['what', 'measured', 'asked', ''],
      rows: gates
        .toSorted((a, b) => Number(a.holds) - Number(b.holds))
        .map(({ name, measured, gate, holds }) => [
          name,
          measured,
          gate,
          holds ? 'holds' : '**does not hold**',
        ]),
    }),
    ...sections.flatMap(({ tables }) => tables.map(printTable)),
  ].join('\n');
}

import { writeFileSync } from 'node:fs';
import type { GateRow } from '../verdict/plan.ts';
import type { Row } from './row.ts';

/** Why a part of a report is not there. */
export function notMeasured(name: string): string {
  return `Not measured: ${name}, since the series are not beside this checkout (\`--data FOLDER\`).`;
}

/**
 * Prints a report on stdout, writes it to `page` unless that is null, leaves exit code 1 where a gate does not hold, and
 * gives the rows of `npm run bench`.
 */
export function tellGates(
  of: string,
  { text, gates, page }: { text: string; gates: readonly GateRow[]; page: string | null },
): Row[] {
  console.log(text);
  if (page !== null) writeFileSync(page, text);
  const kept = gates.filter(({ holds }) => holds).length;
  if (kept < gates.length) process.exitCode = 1;
  return [
    { name: `gates of the ${of} that hold`, value: kept, unit: 'gates', note: `of ${gates.length}` },
    ...gates.map(({ name, measured, gate, holds }) => ({
      name,
      value: Number(holds),
      unit: holds ? 'holds' : 'FAILS',
      note: `${measured}; asked ${gate}`,
    })),
  ];
}

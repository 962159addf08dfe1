import { beforeAll, describe, expect, test } from 'vitest';
import { COLUMNS, type Column, openBackstage } from './columns.ts';
import { ROWS, type Row } from './rows.ts';
import { runCell } from './run-cell.ts';
import { type Outcome, writeTable } from './write-table.ts';

/** Every cell may be run by itself; the table is only compared when all of them were. */
const CELL_MS = 60_000;
const backstage = openBackstage();
const outcomes = new Map<string, Outcome>();
const running = new Map<string, ReturnType<typeof runCell>>();

async function cell(row: Row, column: Column): Promise<string[]> {
  const key = `${row.name} ${column}`;
  const own = row.cells[column];
  if (typeof own === 'string') throw new Error(`${key} does not apply`);
  const run = running.get(key) ?? runCell(backstage, column, row, own);
  running.set(key, run);
  const { faults, outcome } = await run;
  outcomes.set(key, outcome);
  return faults;
}

function columnsOf(row: Row): Column[] {
  return COLUMNS.filter((column) => typeof row.cells[column] !== 'string');
}

function tell(row: Row): void {
  for (const column of columnsOf(row)) {
    test(column, { timeout: CELL_MS }, async () => {
      const faults = await cell(row, column);
      expect(faults, faults.join('\n')).toEqual([]);
    });
  }
}

/** A guard that is taken out is only held against its own rows. */
const asked = process.env.FAULT_ROWS?.split('|') ?? null;
const rows = ROWS.filter(({ name }) => asked === null || asked.includes(name));

for (const row of rows.filter(({ slow, alone }) => !slow && !alone))
  describe.concurrent(row.name, () => tell(row));
for (const row of rows.filter(({ alone }) => alone)) describe(row.name, () => tell(row));

describe('ends at the deadline', () => {
  // All of them wait side by side.
  const waiting = rows.filter(({ slow }) => slow);
  beforeAll(() => {
    for (const row of waiting)
      for (const column of columnsOf(row)) void cell(row, column).catch(() => undefined);
  });
  for (const row of waiting) describe(row.name, () => tell(row));
});

describe.skipIf(asked !== null)('docs/faults.md', () => {
  const all = ROWS.reduce((sum, row) => sum + columnsOf(row).length, 0);

  test('holds the table as it was seen', async ({ skip }) => {
    if (outcomes.size < all) skip('not every cell was run');
    const table = writeTable(ROWS, outcomes);
    console.info(table);
    await expect(table).toMatchFileSnapshot('../../docs/faults.md');
  });
});

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COLUMNS } from './columns.ts';
import { GUARDS, type Guard } from './guards.ts';
import { ROWS } from './rows.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 180_000;

/** Runs the rows of a guard without it, in a process of its own; gives `row column → passed or failed`. */
function runWithout({ name, rows }: Guard): Promise<Map<string, string>> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/fault-table/without-guard.config.ts',
  ];
  const env = { ...process.env, WITHOUT_GUARD: name, FAULT_ROWS: Object.keys(rows).join('|') };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        const broken = /^BROKEN .*/m.exec(stdout)?.[0];
        if (broken !== undefined) return reject(new Error(broken));
        const cells = [...stdout.matchAll(/^CELL (.*)$/gm)].map(
          ([, json = '']) => JSON.parse(json) as [string, string, string],
        );
        if (cells.length === 0) return reject(new Error(`no cell was run: ${stderr.slice(-2_000)}`));
        resolve(new Map(cells.map(([row, column, state]) => [`${row} ${column}`, state])));
      },
    );
  });
}

describe('a guard that is taken out turns its cells red, and no others', () => {
  test.concurrent.each(GUARDS)('$name', { timeout: LIMIT_MS }, async (guard) => {
    const seen = await runWithout(guard);
    const red: string[] = [];
    for (const [row, wanted] of Object.entries(guard.rows)) {
      const cells = ROWS.find(({ name }) => name === row)?.cells;
      if (cells === undefined) throw new Error(`there is no row ${row}`);
      const applies = COLUMNS.filter((column) => typeof cells[column] !== 'string');
      const failed = applies.filter((column) => seen.get(`${row} ${column}`) === 'failed');
      expect(applies.filter((column) => !seen.has(`${row} ${column}`))).toEqual([]);
      expect([row, failed.toSorted()]).toEqual([row, [...wanted].toSorted()]);
      red.push(...failed.map((column) => `${row}: ${column}`));
    }
    expect(red.length).toBeGreaterThan(0);
  });
});

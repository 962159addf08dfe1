import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readPart, writePart } from './lib/performance-page.ts';
import { judge, STORE_ROWS } from './store/goals.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

it('the command measures every line of the SQLite store, and a kill loses nothing', () => {
  const words = ['scripts/bench.mjs', 'store', '--samples', '1', '--engine', 'sqlite', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const rows = JSON.parse(stdout) as { name: string; value: number | null }[];
  const known = new Map(rows.map(({ name, value }) => [name, value]));
  for (const { name } of STORE_ROWS) {
    const value = known.get(`SQLite: ${name}`);
    // In five minutes of samples no hour is packed on the way.
    if (name !== 'packing an hour of 1,300 series') expect(value, name).toEqual(expect.any(Number));
  }
  expect(known.get('SQLite: visits lost that were told to be durable')).toBe(0);
}, 90_000);

it('a figure is met at its goal, and under it where it must stay under; what is missing is not met', () => {
  expect(judge(1, { most: 1 })).toBe('met');
  expect(judge(10, { most: 10, under: true })).toBe('missed by ×1.00');
  expect(judge(3, { most: 2 })).toBe('missed by ×1.50');
  expect(judge(2, { most: 0 })).toBe('missed: 2');
  expect(judge(null, { most: 1 })).toBe('not measured');
  expect(judge(Number.NaN, { most: 1 })).toBe('not measured');
  expect(judge(3, undefined)).toBe('');
});

it('writing one part of the page leaves the other as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-bench-'));
  const page = join(folder, 'performance.md');
  try {
    writePart('store', 'of the store', page);
    writePart('peers', 'of the peers', page);
    writePart('store', 'of the store, anew', page);
    const text = readFileSync(page, 'utf8');
    expect(readPart(text, 'peers')).toBe('of the peers');
    expect(readPart(text, 'store')).toBe('of the store, anew');
    writeFileSync(page, '');
    expect(readPart('', 'store')).toBe('Not measured yet.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

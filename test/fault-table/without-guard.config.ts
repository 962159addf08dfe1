import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { GUARDS } from './guards.ts';

// Run by guards-out.live.test.ts: the rows of one guard, without it. Nothing on disk is changed.

const root = fileURLToPath(new URL('../..', import.meta.url));
const guard = GUARDS.find(({ name }) => name === process.env.WITHOUT_GUARD);
if (guard === undefined) throw new Error('WITHOUT_GUARD names no guard');

/** Takes the guard out while its files are loaded; a text that is not there exactly once is a fault of the list. */
const takeOut = {
  name: 'take-a-guard-out',
  enforce: 'pre' as const,
  load(id: string): string | null {
    const own = guard.edits.filter(({ file }) => id.split('?')[0] === `${root}${file}`);
    if (own.length === 0) return null;
    return own.reduce(
      (text, { file, from, to }) => {
        if (text.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
        return text.replace(from, () => to);
      },
      readFileSync(id.split('?')[0] ?? id, 'utf8'),
    );
  },
};

/** One line for each cell: its row, its column, and how it went. */
const tell: Reporter = {
  onTestCaseResult(cell: TestCase) {
    const row = cell.parent.type === 'suite' ? cell.parent.name : '';
    if (cell.result().state !== 'skipped') {
      process.stdout.write(`CELL ${JSON.stringify([row, cell.name, cell.result().state])}\n`);
    }
  },
  onTestRunEnd(modules: readonly TestModule[]) {
    for (const module of modules) {
      for (const { message } of module.errors()) process.stdout.write(`BROKEN ${message}\n`);
    }
  },
};

export default defineConfig({
  root,
  plugins: [takeOut],
  resolve: {
    alias: [
      { find: 'server-only', replacement: `${root}test/empty.ts` },
      { find: /^@\//, replacement: root },
    ],
  },
  test: { environment: 'node', include: ['test/fault-table/fault-table.test.ts'], reporters: [tell] },
});

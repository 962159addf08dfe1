// Runs the measures of bench/*.ts and prints one table: npm run bench [-- --json] [name …]
// The store takes a size: npm run bench -- store --samples 20000000 [--engine sqlite|postgres] [--write]
// Each file exports functions named `bench…` that give rows {name, value, unit, note?}; each file has a process of its own.
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ensureBundled } from './lib/build.mjs';
import { fail, PlainError, root } from './lib/project.mjs';

const HEADS = ['measure', 'value', 'unit', 'note'];

/** Rows of one bundled file, from a process with an exposed garbage collector. */
function runFile(file, options) {
  return new Promise((done, refuse) => {
    const child = fork(fileURLToPath(import.meta.url), ['--child', file, ...options], {
      cwd: root,
      execArgv: ['--expose-gc'],
    });
    let rows = null;
    child.on('message', (message) => {
      rows = message;
    });
    child.on('close', (code) => {
      if (code === 0 && rows !== null) done(rows);
      else refuse(new PlainError(`${basename(file)} ended with code ${code}; its words are above`));
    });
  });
}

async function runChild(file, options) {
  const module = await import(pathToFileURL(file).href);
  const rows = [];
  for (const [name, act] of Object.entries(module)) {
    if (typeof act === 'function' && (name === 'default' || name.startsWith('bench')))
      rows.push(...(await act(options)));
  }
  process.send(rows, () => process.disconnect());
}

/** Three significant digits for small numbers, thousands apart for large ones. */
function formatNumber(value) {
  if (typeof value !== 'number') return String(value ?? '–');
  if (!Number.isFinite(value)) return '–';
  return value.toLocaleString(
    'en',
    Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}

function printTable(rows) {
  const cells = rows.map((r) => [r.name, formatNumber(r.value), r.unit ?? '', r.note ?? '']);
  const widths = HEADS.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i].length)));
  const line = (row) =>
    row.map((cell, i) => (i === 1 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ');
  console.log(
    [HEADS, widths.map((n) => '─'.repeat(n)), ...cells].map((row) => line(row).trimEnd()).join('\n'),
  );
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      child: { type: 'string' },
      list: { type: 'boolean' },
      samples: { type: 'string' },
      engine: { type: 'string' },
      write: { type: 'boolean' },
    },
  });
  const options = [
    ...(values.samples === undefined ? [] : ['--samples', values.samples]),
    ...(values.engine === undefined ? [] : ['--engine', values.engine]),
    ...(values.write ? ['--write'] : []),
  ];
  if (options.length > 0 && values.child === undefined && positionals.join() !== 'store')
    throw new PlainError('--samples, --engine and --write belong to one measure: npm run bench -- store …');
  if (values.child !== undefined) return runChild(values.child, options);
  const all = readdirSync(join(root, 'bench')).filter(
    (name) => /^[^.].*\.ts$/.test(name) && !/\.(test|d)\.ts$/.test(name),
  );
  const names = all.map((name) => basename(name, '.ts')).sort();
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new PlainError(`no measure is called ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  if (values.list) return void console.log(names.join('\n'));
  await ensureBundled(process.stderr);
  const rows = [];
  // Inside the project, so that the bundles find the packages they leave out.
  const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
  try {
    for (const name of positionals.length > 0 ? positionals : names) {
      const outfile = join(folder, `${name}.mjs`);
      await build({
        entryPoints: [join(root, 'bench', `${name}.ts`)],
        outfile,
        absWorkingDir: root,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        packages: 'external',
        alias: { 'server-only': './node_modules/server-only/empty.js' },
        logLevel: 'warning',
      });
      const found = await runFile(outfile, options);
      rows.push(...(found.length > 0 ? found : [{ name, value: Number.NaN, note: 'gave no row' }]));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) console.log(JSON.stringify(rows, null, 2));
  else printTable(rows);
}

await main().catch(fail);

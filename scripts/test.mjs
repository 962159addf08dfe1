// Every check, in the order that fails soonest: npm test. Ends with the line `N passed, N failed`, summed over runners.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureSystemParts } from './install-system.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { fail, PlainError, root } from './lib/project.mjs';
import { runProcess, seconds } from './lib/run.mjs';
import { addCounts, countPlaywright, countVitest } from './lib/test-counts.mjs';
import { watchBuild } from './lib/watched-build.mjs';

const STEP_LIMIT_MS = 20 * 60_000;
const reports = mkdtempSync(join(tmpdir(), 'afterwatch-tests-'));
const program = (name) => join(root, 'node_modules/.bin', name);

// Steps in one list run side by side.
const STEPS = [
  { title: 'system parts', act: async () => void (await ensureSystemParts()) },
  { title: 'format and lint', act: () => tool('biome', ['ci', '--colors=off', '.']) },
  { title: 'types', act: async () => (await tool('next', ['typegen'])) || tool('tsc', ['--noEmit']) },
  // Deadlines are measured against real servers: one file after another, and before everything else that wants the
  // processor. They mostly wait, and the others take what they leave.
  [
    {
      title: 'tests against real servers',
      act: (file) => vitest(file, ['live'], ['--no-file-parallelism']),
      count: countVitest,
    },
    {
      title: 'unit and component tests',
      // Vitest keeps one core free when left alone, which on two cores is half of the machine.
      act: (file) =>
        vitest(file, ['core', 'unit', 'alone', 'dom'], [`--maxWorkers=${availableParallelism()}`], {
          isInBackground: true,
        }),
      count: countVitest,
    },
    { title: 'build', act: buildWatched },
  ],
  { title: 'browser tests', act: playwright, count: countPlaywright },
];

function tool(name, args, options = {}) {
  return runProcess(program(name), args, { timeoutMs: STEP_LIMIT_MS, ...options });
}

function vitest(file, projects, flags, options) {
  const chosen = projects.flatMap((name) => ['--project', name]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return tool('vitest', ['run', ...chosen, ...flags, ...reporters], options);
}

async function buildWatched() {
  const out = { write() {} };
  await watchBuild(reports, (env) => ensureBuilt({ out, env, isInBackground: true }));
}

function playwright(file) {
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
  return runProcess(program('playwright'), args, { env, timeoutMs: STEP_LIMIT_MS });
}

/** Runs one step; its counts always tell a failure, even when the runner broke before it counted one. */
async function runStep({ title, act, count }) {
  const startedMs = performance.now();
  const file = join(reports, `${title}.json`);
  console.log(`\n── ${title}`);
  const code = (await act(file).catch(sayFault)) ?? 0;
  const counts =
    count && existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 0 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(
    `── ${title}: ${code === 0 ? 'ok' : `failed with code ${code}`} (${seconds(performance.now() - startedMs)})`,
  );
  return { code, counts };
}

function sayFault(error) {
  if (error instanceof PlainError) fail(error);
  else console.error(error);
  return 1;
}

let total = { passed: 0, failed: 0 };
const startedMs = performance.now();
for (const each of STEPS) {
  const results = await Promise.all([each].flat().map(runStep));
  total = results.reduce((sum, { counts }) => addCounts(sum, counts), total);
  const failed = results.find(({ code }) => code !== 0);
  if (failed) {
    process.exitCode = failed.code;
    break;
  }
}
rmSync(reports, { recursive: true, force: true });
console.log(`\nall steps took ${seconds(performance.now() - startedMs)}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);

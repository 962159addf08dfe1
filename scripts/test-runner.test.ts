import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = fileURLToPath(new URL('.', import.meta.url));
let root = '';

/** Stands in for every tool: says that it ran, writes the report it is asked for, fails when it is told to. */
const FAKE_TOOL = `#!/usr/bin/env node
const fs = require('node:fs');
const path = require('node:path');
const name = path.basename(process.argv[1]);
const args = process.argv.slice(2);
const step = args.includes('live') ? 'live' : name;
fs.appendFileSync('tools.log', [name, ...args.filter((a) => !a.startsWith('--')).slice(0, 5)].join(' ') + '\\n');
const failed = process.env.FAKE_FAIL === step ? 2 : 0;
const out = args.find((a) => a.startsWith('--outputFile.json='))?.split('=')[1];
if (out && !process.env.FAKE_BREAK) fs.writeFileSync(out, JSON.stringify({ numPassedTests: 5, numFailedTests: failed }));
if (name === 'playwright') {
  const stats = { expected: 3, flaky: 1, unexpected: failed, skipped: 4 };
  fs.writeFileSync(process.env.PLAYWRIGHT_JSON_OUTPUT_FILE, JSON.stringify({ stats }));
}
process.exit(failed ? 7 : 0);
`;
const FAKE_NPM =
  "const fs = require('node:fs'); fs.mkdirSync('.next', { recursive: true }); fs.writeFileSync('.next/BUILD_ID', ''); fs.appendFileSync('tools.log', 'build\\n');";

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'test-runner-')));
  cpSync(scripts, join(root, 'scripts'), { recursive: true, filter: (name) => !name.endsWith('.test.ts') });
  write('scripts/install-system.mjs', 'export async function ensureSystemParts() {}');
  write('package.json', '{"name":"scratch"}');
  write('package-lock.json', '{"packages":{}}');
  write('fake-npm.js', FAKE_NPM);
  for (const name of ['biome', 'next', 'tsc', 'vitest', 'playwright']) {
    write(`node_modules/.bin/${name}`, FAKE_TOOL);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text, { mode: 0o755 });
}

function runTests(env: Record<string, string> = {}) {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs'], {
    cwd: root,
    encoding: 'utf8',
    env: { NODE_ENV: 'test', PATH: process.env.PATH, npm_execpath: join(root, 'fake-npm.js'), ...env },
  });
  const calls = readFileSync(join(root, 'tools.log'), 'utf8').trim().split('\n');
  return { status, stdout, calls, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('npm test', () => {
  it('runs every step in order, units and the build beside the live tests, and ends with the sum over all runners, alone on its line', () => {
    const { status, stdout, calls, last } = runTests();
    expect(status).toBe(0);
    expect(last).toBe('14 passed, 0 failed');
    expect(calls.slice(0, 3)).toEqual(['biome ci .', 'next typegen', 'tsc']);
    expect(calls.slice(3, 6).toSorted()).toEqual([
      'build',
      'vitest run core unit alone dom',
      'vitest run live',
    ]);
    expect(calls.slice(6)).toEqual(['playwright test e2e/playwright.config.ts']);
    expect(stdout).toMatch(/── browser tests: ok \(\d+\.\d s\)/);
  });

  it('stops at the first failing step with its code, and says how many passed until then', () => {
    const { status, calls, last } = runTests({ FAKE_FAIL: 'live' });
    expect([status, last]).toEqual([7, '10 passed, 2 failed']);
    // What ran beside it is waited for; nothing comes after.
    expect(calls.slice(3).toSorted()).toEqual(['build', 'vitest run core unit alone dom', 'vitest run live']);
  });

  it('counts a failing check that counts no tests, and a runner that broke before its report', () => {
    expect(runTests({ FAKE_FAIL: 'tsc' })).toMatchObject({ status: 7, last: '0 passed, 1 failed' });
    expect(runTests({ FAKE_FAIL: 'vitest', FAKE_BREAK: '1' })).toMatchObject({
      status: 7,
      last: '0 passed, 1 failed',
    });
  });

  it('fails in the browser step too', () => {
    expect(runTests({ FAKE_FAIL: 'playwright' })).toMatchObject({ status: 7, last: '14 passed, 2 failed' });
  });
});

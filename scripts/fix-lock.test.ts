import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('fix-lock.mjs', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fix(packages: Record<string, unknown>) {
  const file = join(folder, 'package-lock.json');
  writeFileSync(file, JSON.stringify({ packages }));
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, stderr, stdout, packages: JSON.parse(readFileSync(file, 'utf8')).packages };
}

it('adds each optional package that the lock lacks, with the platform that its name says', () => {
  const { status, packages } = fix({
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/cli-darwin-arm64': '2.0.0',
        '@tool/cli-linux-x64-musl': '2.0.0',
        '@tool/cli-linux-arm-gnueabihf': '2.0.0',
        '@tool/cli-wasm32-wasi': '2.0.0',
        '@tool/cli-win32-x64-msvc': '2.0.0',
      },
    },
    'node_modules/@tool/cli-win32-x64-msvc': { version: '2.0.0', optional: true },
  });
  const base = { version: '2.0.0', dev: true, optional: true };
  expect(status).toBe(0);
  expect(packages).toMatchObject({
    'node_modules/@tool/cli-darwin-arm64': { ...base, os: ['darwin'], cpu: ['arm64'] },
    'node_modules/@tool/cli-linux-x64-musl': { ...base, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/@tool/cli-linux-arm-gnueabihf': { ...base, os: ['linux'], cpu: ['arm'], libc: ['glibc'] },
    'node_modules/@tool/cli-wasm32-wasi': { ...base, cpu: ['wasm32'] },
    'node_modules/@tool/cli-win32-x64-msvc': { version: '2.0.0', optional: true },
  });
  expect(Object.keys(packages)).toHaveLength(6);
});

it('finds a package that stands inside its parent, and changes nothing then', () => {
  const whole = {
    'node_modules/tool': { version: '1.0.0', optionalDependencies: { 'tool-linux-x64': '1.0.0' } },
    'node_modules/tool/node_modules/tool-linux-x64': { version: '1.0.0' },
  };
  expect(fix(whole)).toMatchObject({ stdout: 'package-lock.json is complete\n', packages: whole });
});

it('fails on a lock that says where it was made', () => {
  const { status, stderr } = fix({
    'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' },
    '../b': { version: '1.0.0' },
  });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).not.toContain('registry.example');
});

it('the lock of this project is complete and names no place', () => {
  const lock = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  expect(fix(packages)).toMatchObject({ status: 0, stderr: '', stdout: 'package-lock.json is complete\n' });
});

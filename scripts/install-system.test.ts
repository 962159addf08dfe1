import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('install-system.mjs', import.meta.url));
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apt-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Asks for parts whose programs cannot exist, with an apt-get of our own that writes down its arguments. */
function ensure(programs: string[], uid?: number) {
  const apt = join(folder, 'apt-get');
  writeFileSync(apt, `#!/bin/sh\necho "$@" >> ${folder}/apt.log\necho words of apt\n[ "$1" = update ]\n`, {
    mode: 0o755,
  });
  const parts = JSON.stringify(programs.map((name) => ({ name, programs: [name] })));
  const code = `
    const { ensureSystemParts } = await import(${JSON.stringify(script)});
    const { fail } = await import(${JSON.stringify(script.replace('install-system', 'lib/project'))});
    await ensureSystemParts(${parts}).catch(fail);`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { NODE_ENV: 'test', PATH: `${folder}:/bin` },
    ...(uid === undefined ? {} : { uid }),
  });
}

it('does nothing when every part is there', () => {
  const { status, stdout, stderr } = ensure(['sh']);
  expect([status, stdout, stderr]).toEqual([0, '', '']);
});

it('without the rights to install, names what is missing and how to get it, in one line', () => {
  const { status, stderr } = ensure(['no-such-a', 'sh', 'no-such-b'], isRoot ? NOBODY : undefined);
  expect(stderr).toBe(
    "afterwatch: npm test needs no-such-a, no-such-b; install with: sudo apt-get install -y --no-install-recommends no-such-a no-such-b (Debian's names)\n",
  );
  expect(status).toBe(1);
});

it.runIf(isRoot)('as root asks apt for the missing parts, and shows its words when it fails', () => {
  const { status, stderr } = ensure(['no-such-a']);
  expect(readFileSync(join(folder, 'apt.log'), 'utf8')).toBe(
    'update -qq\ninstall -y -qq --no-install-recommends no-such-a\n',
  );
  expect(stderr).toBe('\nwords of apt\n\nafterwatch: apt-get failed; its words are above\n');
  expect(status).toBe(1);
});

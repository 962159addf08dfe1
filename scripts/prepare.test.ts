import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = fileURLToPath(new URL('.', import.meta.url));
let root = '';

/** Stands in for npm: writes down how it was called and leaves what npm would leave. */
const FAKE_NPM = `
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync('npm.log', args.join(' ') + ' NODE_ENV=' + (process.env.NODE_ENV || '') + '\\n');
if (process.env.FAKE_FAIL === args[0]) { console.log('the words of npm'); process.exit(1); }
const write = (file) => { fs.mkdirSync(require('node:path').dirname(file), { recursive: true }); fs.writeFileSync(file, ''); };
if (args[0] === 'ci') { fs.rmSync('node_modules', { recursive: true, force: true }); write('node_modules/x/index.js'); }
if (args[0] === 'run') { write('.next/BUILD_ID'); write('dist/store-worker.mjs'); }
`;
const FAKE_BUNDLE = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('npm.log', 'bundle\\n');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/store-worker.mjs', '');
writeFileSync('dist/afterwatch.mjs', 'console.log(JSON.stringify(process.argv.slice(2)))');
`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'prepare-')));
  cpSync(scripts, join(root, 'scripts'), { recursive: true, filter: (name) => !name.endsWith('.test.ts') });
  write('scripts/bundle.mjs', FAKE_BUNDLE);
  write('fake-npm.js', FAKE_NPM);
  write('package.json', '{"name":"scratch"}');
  write('package-lock.json', '{"packages":{"":{},"node_modules/x":{"version":"1.0.0"}}}');
  write('lib/core/a.ts', 'export const a = 1;');
  write('app/page.tsx', 'page');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}

function run(script: string, args: string[], env: Record<string, string> = {}, execArgv: string[] = []) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...execArgv, join(root, 'scripts', script), ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        NODE_ENV: 'test',
        PATH: process.env.PATH,
        npm_execpath: join(root, 'fake-npm.js'),
        PORT: '39871',
        ...env,
      },
    },
  );
  return { status, stdout, stderr };
}
const prepare = (mode: string, env: Record<string, string> = {}) => run('prepare.mjs', [mode], env);

/** What npm and the bundler were asked to do since the last look. */
function takeCalls(): string[] {
  const log = join(root, 'npm.log');
  if (!existsSync(log)) return [];
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  rmSync(log);
  return calls.map((call) => call.split(' ').slice(0, 3).join(' '));
}

describe('prepare start', () => {
  it('installs and builds once, with a line and its seconds for each step', () => {
    const first = prepare('start');
    expect(first.stderr).toBe('');
    expect(first.stdout).toMatch(
      /^afterwatch: installing packages … \d+\.\d s\nafterwatch: building … \d+\.\d s\n$/,
    );
    expect(takeCalls()).toEqual(['ci --include=dev --ignore-scripts', 'run --silent build']);
    expect(prepare('start')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(takeCalls()).toEqual([]);
  });

  it('keeps NODE_ENV from npm: with production it would leave out what the build needs', () => {
    prepare('start', { NODE_ENV: 'production' });
    expect(readFileSync(join(root, 'npm.log'), 'utf8')).toMatch(/^ci .* NODE_ENV=\nrun .* NODE_ENV=\n$/);
  });

  it('builds again after an edit of the product, not after an edit of a test', () => {
    prepare('start');
    takeCalls();
    write('lib/core/a.test.ts', 'a test');
    write('docs/configure.md', 'words');
    prepare('start');
    expect(takeCalls()).toEqual([]);
    write('lib/core/a.ts', 'export const a = 2;');
    prepare('start');
    expect(takeCalls()).toEqual(['run --silent build']);
    write('instrumentation.ts', 'new file');
    prepare('start');
    expect(takeCalls()).toEqual(['run --silent build']);
  });

  it('installs again when the lock changes', () => {
    prepare('start');
    takeCalls();
    write('package-lock.json', '{"packages":{"node_modules/y":{"version":"1.0.0"}}}');
    prepare('start');
    expect(takeCalls()).toEqual(['ci --include=dev --ignore-scripts', 'run --silent build']);
  });

  it('takes packages over that npm has installed from this very lock', () => {
    const other = process.platform === 'linux' ? 'darwin' : 'linux';
    write(
      'package-lock.json',
      JSON.stringify({
        packages: {
          '': {},
          'node_modules/x': { version: '1.0.0' },
          'node_modules/x-other': { version: '1.0.0', optional: true, os: [other], cpu: [process.arch] },
        },
      }),
    );
    write('node_modules/.package-lock.json', '{"packages":{"node_modules/x":{"version":"1.0.0"}}}');
    prepare('start');
    expect(takeCalls()).toEqual(['run --silent build']);
    rmSync(join(root, 'node_modules/.afterwatch-stamp'));
    write('node_modules/.package-lock.json', '{"packages":{"node_modules/x":{"version":"0.9.0"}}}');
    prepare('start');
    expect(takeCalls()[0]).toBe('ci --include=dev --ignore-scripts');
  });

  it('a failed build shows its words and one line, leaves no stamp, and is tried again', () => {
    prepare('start');
    takeCalls();
    write('app/page.tsx', 'changed');
    const failed = prepare('start', { FAKE_FAIL: 'run' });
    expect(failed.status).toBe(1);
    expect(failed.stdout).toBe('afterwatch: building … failed\n');
    expect(failed.stderr).toBe('\nthe words of npm\n\nafterwatch: the build failed; its words are above\n');
    expect(existsSync(join(root, '.next/afterwatch-stamp'))).toBe(false);
    write('app/page.tsx', 'page');
    takeCalls();
    expect(prepare('start').status).toBe(0);
    expect(takeCalls()).toEqual(['run --silent build']);
  });

  it('a failed install leaves no stamp either', () => {
    expect(prepare('start', { FAKE_FAIL: 'ci' }).status).toBe(1);
    takeCalls();
    prepare('start');
    expect(takeCalls()).toHaveLength(2);
  });
});

describe('one clear line, before anything is installed', () => {
  const refuses = (env: Record<string, string>, line: RegExp) => {
    const { status, stdout, stderr } = prepare('start', env);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([1, '']);
    expect(takeCalls()).toEqual([]);
  };

  it('for a taken port', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    refuses(
      { PORT: String(port) },
      new RegExp(`^afterwatch: port ${port} is taken: .*PORT=${port + 1} npm start`),
    );
    server.close();
  });
  it('for a port and an address that cannot be', () => {
    refuses({ PORT: 'web' }, /^afterwatch: PORT must be a number from 1 to 65535\.$/m);
    refuses({ HOST: '192.0.2.1' }, /^afterwatch: HOST=192\.0\.2\.1 is no address of this machine/);
  });
  it('for a data folder that cannot be written', () => {
    write('occupied', 'a file');
    refuses(
      { AFTERWATCH_DATA_DIR: 'occupied' },
      /^afterwatch: the data folder \S+occupied cannot be written \(ENOTDIR\)/,
    );
  });
  it('for a disk without room', () => {
    write('scripts/no-room.cjs', "require('node:fs').statfsSync = () => ({ bavail: 100, bsize: 4096 });");
    const preload = ['--require', join(root, 'scripts/no-room.cjs')];
    const { status, stderr } = run('prepare.mjs', ['start'], {}, preload);
    expect(stderr).toMatch(/^afterwatch: only 0 MB are free at \S+, and 200 MB are needed/);
    expect(status).toBe(1);
    expect(takeCalls()).toEqual([]);
  });
  it('for a Node that is too old, from a file that old Nodes can read', () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.1' });";
    write('scripts/old.cjs', old);
    const { status, stderr } = run('prepare.mjs', ['start'], {}, [
      '--require',
      join(root, 'scripts/old.cjs'),
    ]);
    expect(stderr).toBe('afterwatch: needs Node 20.9 or newer, and this is Node 18.20.1.\n');
    expect(status).toBe(1);
    const source = readFileSync(join(scripts, 'prepare.mjs'), 'utf8');
    expect(source).not.toMatch(/^import |^await |\?\?|\?\.|\|\|=|#[a-z]/m);
  });
  it('for a mode that there is not', () => {
    const { status, stderr } = prepare('toString');
    expect(stderr).toBe('afterwatch: prepare.mjs takes one of start, dev, test.\n');
    expect(status).toBe(1);
  });
});

describe('the other modes', () => {
  it('dev and test install and bundle, and build nothing', () => {
    prepare('test');
    expect(takeCalls()).toEqual(['ci --include=dev --ignore-scripts', 'bundle']);
    prepare('dev');
    expect(takeCalls()).toEqual([]);
    write('lib/core/a.ts', 'export const a = 3;');
    prepare('dev');
    expect(takeCalls()).toEqual(['bundle']);
  });
  it('test does not mind a taken port', () => {
    expect(prepare('test', { PORT: 'none' }).status).toBe(0);
  });
});

describe('the CLI in a checkout', () => {
  it('makes itself ready on stderr and leaves stdout to the command', () => {
    const first = run('cli.mjs', ['status', '--json']);
    expect(first.stdout).toBe('["status","--json"]\n');
    expect(first.stderr).toMatch(/installing packages .*\n.*bundling/);
    expect(run('cli.mjs', ['x'])).toEqual({ status: 0, stdout: '["x"]\n', stderr: '' });
  });
  it('ends with 3 when it cannot be made ready', () => {
    expect(run('cli.mjs', ['status'], { FAKE_FAIL: 'ci' }).status).toBe(3);
  });
});

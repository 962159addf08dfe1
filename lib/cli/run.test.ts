import { describe, expect, it } from 'vitest';
import { capture } from './capture.ts';
import { alignColumns, plainText } from './text.ts';

const io = { env: {}, cwd: '/' };

describe('the command line', () => {
  it('lists the commands on --help, and on stderr with code 3 when none is named', async () => {
    const help = await capture(['--help'], io);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(
      /^ {2}status .*\n {2}claims .*\n {2}judge .*\n {2}detect .*\n {2}deploy .*\n {2}verdict .*\n {2}import .*\n {2}export .*\n {2}backup .*\n {2}restore .*\n {2}doctor /m,
    );
    expect(await capture([], io)).toEqual({ code: 3, out: '', err: help.out });
  });
  it('suggests the nearest command for an unknown one', async () => {
    expect(await capture(['docter'], io)).toEqual({
      code: 3,
      out: '',
      err: 'afterwatch: there is no such command; did you mean doctor?',
    });
    expect((await capture(['zzz'], io)).err).toMatch(
      /there are status, claims, judge, detect, deploy, verdict, import, export, backup, restore, doctor, config, token, hook, badge$/,
    );
  });
  it('explains each command, its exit codes included, without doing anything', async () => {
    for (const name of ['status', 'claims', 'doctor', 'config', 'token']) {
      const { code, out, err } = await capture([name, '--help'], io);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^usage: afterwatch ${name} `));
      expect(out).toMatch(/exit codes\n {2}0 /);
    }
  });
  it('refuses flags and words that it does not know', async () => {
    for (const args of [
      ['status', '--jsn'],
      ['doctor', 'now'],
      ['status', '--json=yes'],
    ]) {
      const { code, out, err } = await capture(args, io);
      expect([code, out]).toEqual([3, '']);
      expect(err).toMatch(/takes only --json and --help; try afterwatch/);
    }
  });
});

describe('config', () => {
  const env = { REDIS_URL: 'redis://u:hunter2-canary@cache:1', AFTERWATCH_TOKEN: 'token-canary-of-20-ch' };
  it('prints what the configuration means, and no secret of it', async () => {
    const table = await capture(['config'], { env, cwd: '/nowhere' });
    const { out, code } = await capture(['config', '--json'], { env, cwd: '/nowhere' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      mode: 'configured',
      bind: { host: '127.0.0.1', port: 3000 },
      protected: { password: false, token: true },
      targets: [{ id: 'default/production/redis/redis', address: 'cache:1' }],
    });
    expect(table.out).toMatch(/^target +default\/production\/redis\/redis at cache:1$/m);
    expect(`${out}${table.out}`).not.toContain('canary');
  });
  it('lists faults on stderr and ends with 2', async () => {
    const { code, out, err } = await capture(['config', '--json'], {
      env: { PORT: 'x', HOST: '::' },
      cwd: '/nowhere',
    });
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')).toHaveLength(2);
  });
});

describe('text for a terminal', () => {
  it('cannot move the cursor, add lines or turn the direction of writing', () => {
    expect(plainText('a\u001b[2Jb\nc\u009b1mo\u202ed')).toBe('a [2Jb c 1mod');
  });
  it('aligns columns without padding the last', () => {
    expect(
      alignColumns([
        ['a', 'b'],
        ['long', 'c'],
      ]),
    ).toEqual(['a     b', 'long  c']);
  });
});

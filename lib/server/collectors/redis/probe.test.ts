import { describe, expect, it, test } from 'vitest';
import { judgeReplies, probe, type Reply } from './probe.ts';
import { readRefusal, refusalWords } from './refusals.ts';

const ok: Reply = { error: null };
const MONTHLY =
  'ERR max requests limit exceeded. Limit: 500000, Usage: 500003. See https://upstash.com/docs/redis/troubleshooting/max_requests_limit for details';
const refused: Reply = { error: MONTHLY };

describe('a refusal is read from its text', () => {
  test.each([
    [MONTHLY, 'quota_exhausted', 500_000, 500_003],
    // As a Python client shows it, and as a Node SDK does.
    [MONTHLY.slice('ERR '.length), 'quota_exhausted', 500_000, 500_003],
    [`${MONTHLY}, command was: ["get","user:7:token"]`, 'quota_exhausted', 500_000, 500_003],
    [
      'ERR max daily request limit exceeded. Limit: 10000, Usage: 10001. See …/max_daily_request_limit',
      'quota_exhausted',
      10_000,
      10_001,
    ],
    ['ERR DB capacity quota exceeded', 'quota_exhausted', null, null],
    ['ERR monthly budget reached', 'quota_exhausted', null, null],
    ['ERR max concurrent connections exceeded', 'throttled', null, null],
    ['ERR max number of clients reached', 'throttled', null, null],
    ['ERR max bandwidth limit exceeded', 'throttled', null, null],
    ['ERR max commands per second exceeded', 'throttled', null, null],
    ['ERR this database is suspended', 'suspended_by_provider', null, null],
    ['ERR account suspended because of overdue payments', 'suspended_by_provider', null, null],
    ['ERR The database has been archived for inactivity', 'suspended_by_provider', null, null],
  ])('%s', (text, kind, limit, usage) => {
    expect(readRefusal(text)).toMatchObject({ kind, limit, usage });
  });

  test.each([
    'WRONGPASS invalid username-password pair or user is disabled',
    'NOAUTH Authentication required',
    "NOPERM this user has no permissions to run the 'get' command",
    'LOADING Redis is loading the dataset in memory',
    "OOM command not allowed when used memory > 'maxmemory'.",
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    'READONLY You can’t write against a read only replica.',
    'ERR something new',
    '',
  ])('%s is no refusal of service', (text) => {
    expect(readRefusal(text)).toBeNull();
  });

  it('keeps nothing of the text but numbers and our own words', () => {
    const refusal = readRefusal(`${MONTHLY}, command was: ["get","user:7:token"]`);
    expect(JSON.stringify(refusal)).not.toContain('user');
    expect(refusal === null ? '' : refusalWords(refusal)).toBe(
      'its monthly command quota is used up (used 500003 of 500000)',
    );
  });
});

describe('replies of one visit', () => {
  it('three refusals of eight, in any order, are an exhausted quota and never active', () => {
    for (let mask = 0; mask < 256; mask += 1) {
      const bits = [...mask.toString(2).padStart(8, '0')].map((bit) => bit === '1');
      if (bits.filter(Boolean).length !== 3) continue;
      const result = judgeReplies(
        bits.map((is) => (is ? refused : ok)),
        false,
      );
      expect(result).toMatchObject({ mode: 'quota_exhausted', refused: 3, answered: 8 });
    }
  });

  test.each([
    ['all answered', [ok, ok, ok, ok], false, 'active'],
    ['the last of four refused', [ok, ok, ok, refused], false, 'quota_exhausted'],
    ['an error of another kind', [ok, { error: 'LOADING Redis is loading' }], false, 'unknown'],
    ['the connection lost', [ok], true, 'unreachable'],
    ['lost after a refusal', [refused], true, 'quota_exhausted'],
    ['no reply at all', [], false, 'unknown'],
  ] as const)('%s', (_name, replies, lost, mode) => {
    expect(judgeReplies(replies, lost).mode).toBe(mode);
  });
});

describe('what a probe sends', () => {
  async function run(answers: readonly (Reply | null)[], untilRefused = false) {
    const sent: string[] = [];
    let at = 0;
    const result = await probe(
      ok,
      async (...words) => {
        sent.push(words.join(' '));
        const answer = answers[at++] ?? null;
        if (answer === null) throw new Error('cut');
        return answer;
      },
      untilRefused,
    );
    return { sent, result };
  }

  it('three GETs of a key that nobody uses', async () => {
    const { sent, result } = await run([ok, refused, ok]);
    expect(sent).toEqual(Array(3).fill('GET afterwatch:probe'));
    expect(result).toMatchObject({ mode: 'quota_exhausted', answered: 4, refused: 1 });
  });

  it('INFO instead, where the ACL forbids GET; the forbidden one counts for no refusal', async () => {
    const noperm = { error: "NOPERM this user has no permissions to run the 'get' command" };
    const { sent, result } = await run([noperm, ok, ok]);
    expect(sent).toEqual(['GET afterwatch:probe', 'INFO server', 'INFO server']);
    expect(result).toMatchObject({ mode: 'active', answered: 3, refused: 0 });
  });

  it('no more than one refusal while the quota is known to be used up', async () => {
    const { sent } = await run([refused, ok, ok], true);
    expect(sent).toHaveLength(1);
  });

  it('nothing more once the connection is lost', async () => {
    const { sent, result } = await run([ok, null, ok]);
    expect(sent).toHaveLength(2);
    expect(result.mode).toBe('unreachable');
  });
});

import { describe, expect, it } from 'vitest';
import { readMends, type VisitWords, withoutCommand } from './mend.ts';

const words = (given: Partial<VisitWords> & Pick<VisitWords, 'kind'>): VisitWords => ({
  error: null,
  notices: [],
  ...given,
});
const texts = (given: VisitWords) => readMends(given).map(({ weight, kind, text }) => [weight, kind, text]);

describe('readMends', () => {
  it('takes the command out of an error, and leaves its remark beside it', () => {
    const message =
      'postgres: db: pg_stat_statements is not installed; as an admin run: CREATE EXTENSION pg_stat_statements (with it in shared_preload_libraries)';
    expect(readMends(words({ kind: 'postgres', notices: [{ code: 'x', text: message }] }))).toEqual([
      {
        weight: 'better',
        missing: 'postgres: db: pg_stat_statements is not installed',
        kind: 'run',
        text: 'CREATE EXTENSION pg_stat_statements',
        remark: 'with it in shared_preload_libraries',
      },
    ]);
    expect(withoutCommand(message)).toBe('postgres: db: pg_stat_statements is not installed');
  });

  it('finds the command of a token that may read a part only, once for all parts', () => {
    const command = 'fly tokens create readonly -o acme --expiry 8760h';
    const notices = ['metrics', 'releases'].map((part) => ({
      code: `no_grant_${part}`,
      text: `${part} are missing: fly: web: its ${part} were refused with 403: the token has no right to them; make one with ${command}`,
    }));
    expect(texts(words({ kind: 'fly', notices }))).toEqual([['grant', 'run', command]]);
  });

  it('gives the step of the kind for a key that was refused by status', () => {
    const error = {
      kind: 'auth',
      message: 'upstash: main: the Developer API refused the key (401)',
    } as const;
    expect(texts(words({ kind: 'upstash', error }))).toEqual([
      ['grant', 'step', expect.stringMatching(/Create API key/)],
    ]);
  });

  it('gives no step where the error itself says what to correct', () => {
    const error = {
      kind: 'grant',
      message: 'upstash: main: this account has 3 databases; set database',
    } as const;
    expect(texts(words({ kind: 'upstash', error }))).toEqual([]);
    const denied = {
      kind: 'auth',
      message: 'redis: main refused the password; put the right one in',
    } as const;
    expect(texts(words({ kind: 'redis', error: denied }))).toEqual([]);
  });

  it('puts a missing right before what would only be better', () => {
    const notices = [
      { code: 'a', text: 'x; as an admin run: ALTER EXTENSION pg_stat_statements UPDATE' },
      { code: 'b', text: 'y; as an admin run: GRANT pg_monitor TO "watcher"' },
    ];
    expect(readMends(words({ kind: 'postgres', notices })).map(({ weight }) => weight)).toEqual([
      'grant',
      'better',
    ]);
  });
});

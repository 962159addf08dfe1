import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeAsker } from '@/test/askers.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { Secret } from '../config/secret.ts';
import type { CookieChange } from './cookies.ts';
import { type AuthService, createAuth, type SignIn } from './index.ts';

const PASSWORD = 'correct horse battery';
const HOUR_MS = 3_600_000;
let nowMs: number;
const clock = { wallMs: () => nowMs };

beforeEach(() => {
  nowMs = 1_700_000_000_000;
});
afterEach(() => {
  vi.useRealTimers();
});

interface Settings {
  host?: string;
  publicUrl?: string;
  password?: string | null;
  token?: string;
  state?: MemoryState;
}

function start(settings: Settings = {}): Promise<AuthService> {
  const password = settings.password === undefined ? PASSWORD : settings.password;
  return createAuth(
    {
      bind: { host: settings.host ?? '127.0.0.1', port: 3000 },
      publicUrl: settings.publicUrl === undefined ? null : new URL(settings.publicUrl),
      password: password === null ? null : new Secret(password),
      token: settings.token === undefined ? null : new Secret(settings.token),
    },
    settings.state ?? new MemoryState(),
    clock,
  );
}

function cookiesOf(result: SignIn): ReadonlyMap<string, string> {
  if (!result.ok) throw new Error(`not signed in: ${result.reason}`);
  return new Map(result.cookies.map((one: CookieChange) => [one.name, one.value]));
}

async function grantOf(auth: AuthService, cookies: ReadonlyMap<string, string>): Promise<string> {
  const access = await auth.authorise(makeAsker({ cookies }));
  return access.ok ? access.grant.kind : access.refusal.code;
}

describe('who may read', () => {
  it('a server on loopback without a password is open to this machine', async () => {
    const auth = await start({ password: null });
    expect(await grantOf(auth, new Map())).toBe('open');
  });

  it('an open server still refuses a name that is not its own', async () => {
    const auth = await start({ password: null });
    const access = await auth.authorise(makeAsker({ host: 'evil.example:3000' }));
    expect(access).toMatchObject({ ok: false, refusal: { code: 'forbidden' } });
  });

  it.each([
    ['bound beyond loopback', { host: '192.0.2.7' }, '192.0.2.7:3000'],
    ['bound to every address', { host: '0.0.0.0' }, 'localhost:3000'],
    ['behind a public address', { publicUrl: 'https://watch.example.org' }, 'watch.example.org'],
    [
      'behind a public address, by its loopback name',
      { publicUrl: 'https://watch.example.org' },
      '127.0.0.1:3000',
    ],
  ])('without a password nobody gets in: %s', async (_what, settings, host) => {
    const auth = await start({ ...settings, password: null });
    expect(await auth.authorise(makeAsker({ host }))).toMatchObject({
      ok: false,
      refusal: { code: 'forbidden' },
    });
    expect(await auth.signIn(makeAsker({ host }), '')).toEqual({ ok: false, reason: 'no_password' });
  });

  it('with a password a stranger is asked to log in', async () => {
    const auth = await start();
    expect(await grantOf(auth, new Map())).toBe('not_signed_in');
    expect(await grantOf(auth, new Map([['afterwatch', 'x'.repeat(43)]]))).toBe('not_signed_in');
  });

  it('the token opens the door, a wrong one closes it, also where the door was open', async () => {
    const guarded = await start({ token: 'tok-123456789' });
    const open = await start({ token: 'tok-123456789', password: null });
    const withToken = (token: string) => makeAsker({ authorization: `Bearer ${token}` });
    expect(await guarded.authorise(withToken('tok-123456789'))).toEqual({
      ok: true,
      grant: { kind: 'token' },
    });
    expect(await guarded.authorise(withToken('tok-12345678'))).toMatchObject({ ok: false });
    expect(await open.authorise(withToken('wrong'))).toMatchObject({ ok: false });
  });
});

describe('sessions', () => {
  it('a login opens a session whose token is written down nowhere', async () => {
    const state = new MemoryState();
    const auth = await start({ state });
    const cookies = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    expect(await grantOf(auth, cookies)).toBe('session');
    const token = cookies.get('afterwatch') ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const written = JSON.stringify([...state.rows]);
    expect(written).not.toContain(token);
    expect(written).not.toContain(PASSWORD);
    expect(written).toContain(`session/${createHash('sha256').update(token).digest('hex')}`);
  });

  it('a session ends after 12 h alone', async () => {
    const auth = await start();
    const cookies = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    nowMs += 12 * HOUR_MS - 1;
    expect(await grantOf(auth, cookies)).toBe('session');
    nowMs += 12 * HOUR_MS;
    expect(await grantOf(auth, cookies)).toBe('not_signed_in');
    nowMs -= 12 * HOUR_MS;
    expect(await grantOf(auth, cookies), 'an ended session does not come back').toBe('not_signed_in');
  });

  it('a session ends after 7 days, however busy', async () => {
    const auth = await start();
    const cookies = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    for (let hour = 0; hour < 7 * 24 - 1; hour += 1) {
      nowMs += HOUR_MS;
      expect(await grantOf(auth, cookies)).toBe('session');
    }
    nowMs += HOUR_MS;
    expect(await grantOf(auth, cookies)).toBe('not_signed_in');
  });

  it('ticking every few seconds does not write every few seconds', async () => {
    const state = new MemoryState();
    const auth = await start({ state });
    const cookies = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    const before = state.writes;
    for (let tick = 0; tick < 59; tick += 1) {
      nowMs += 5_000;
      await grantOf(auth, cookies);
    }
    expect(state.writes - before).toBe(0);
  });

  it('a login changes the token and ends the one before it', async () => {
    const auth = await start();
    const first = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    const second = cookiesOf(await auth.signIn(makeAsker({ cookies: first }), PASSWORD));
    expect(second.get('afterwatch')).not.toBe(first.get('afterwatch'));
    expect(await grantOf(auth, first)).toBe('not_signed_in');
    expect(await grantOf(auth, second)).toBe('session');
  });

  it('a token that was planted before the login is not taken over', async () => {
    const auth = await start();
    const planted = new Map([['afterwatch', 'A'.repeat(43)]]);
    const cookies = cookiesOf(await auth.signIn(makeAsker({ cookies: planted }), PASSWORD));
    expect(cookies.get('afterwatch')).not.toBe('A'.repeat(43));
    expect(await grantOf(auth, planted)).toBe('not_signed_in');
  });

  it('a logout ends the session at once and takes the cookie away', async () => {
    const auth = await start();
    const cookies = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    expect(await auth.signOut(makeAsker({ cookies }))).toMatchObject([
      { name: 'afterwatch', value: '', maxAgeSeconds: 0 },
    ]);
    expect(await grantOf(auth, cookies)).toBe('not_signed_in');
  });

  it('sessions live through a restart and end with another password', async () => {
    const state = new MemoryState();
    const cookies = cookiesOf(await (await start({ state })).signIn(makeAsker(), PASSWORD));
    expect(await grantOf(await start({ state }), cookies)).toBe('session');
    expect(await grantOf(await start({ state, password: 'another password' }), cookies)).toBe(
      'not_signed_in',
    );
    expect(await grantOf(await start({ state }), cookies), 'ended for good').toBe('not_signed_in');
  });

  it('over https the cookies demand https and this very host', async () => {
    const auth = await start({ publicUrl: 'https://watch.example.org' });
    const result = await auth.signIn(makeAsker(), PASSWORD);
    expect(result.ok && result.cookies.map(({ name, secure }) => [name, secure])).toEqual([
      ['__Host-afterwatch', true],
      ['__Host-afterwatch-device', true],
    ]);
  });

  it('a row that is not ours is no session', async () => {
    const state = new MemoryState();
    const auth = await start({ state });
    const token = 'B'.repeat(43);
    state.rows.set(`session/${createHash('sha256').update(token).digest('hex')}`, { createdAtMs: 'x' });
    expect(await grantOf(auth, new Map([['afterwatch', token]]))).toBe('not_signed_in');
  });
});

describe('passwords', () => {
  it('an argon2id string stands for its password', async () => {
    const { hash } = await import('@node-rs/argon2');
    const auth = await start({ password: await hash(PASSWORD) });
    expect((await auth.signIn(makeAsker(), PASSWORD)).ok).toBe(true);
    expect(await auth.signIn(makeAsker(), 'wrong')).toEqual({ ok: false, reason: 'wrong' });
  });

  it.each(['$argon2id$v=19$broken', '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA'])(
    '%s is refused at start, and its text is not repeated',
    async (password) => {
      const error = await start({ password }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toMatch(/AFTERWATCH_PASSWORD/);
      expect(String(error)).not.toContain(password);
    },
  );

  it('an overlong guess is wrong without being hashed', async () => {
    const auth = await start();
    // Hashing burns processor time in other threads too, and all of them count here.
    const costOf = async (guess: string): Promise<number> => {
      const before = process.cpuUsage();
      expect(await auth.signIn(makeAsker(), guess)).toEqual({ ok: false, reason: 'wrong' });
      return process.cpuUsage(before).user;
    };
    const hashed = await costOf('wrong');
    expect(await costOf('x'.repeat(1_000_000))).toBeLessThan(hashed / 2);
  });
});

describe('login limits', () => {
  /** Guesses until the answer is no longer `wrong`; gives how many were compared. */
  async function guess(
    auth: AuthService,
    times: number,
    clientOf: (index: number) => string,
  ): Promise<number> {
    const results = [];
    for (let index = 0; index < times; index += 1) {
      results.push(await auth.signIn(makeAsker({ client: clientOf(index) }), 'wrong'));
    }
    return results.filter((one) => !one.ok && one.reason === 'wrong').length;
  }

  it('one client has 5 guesses in 15 minutes', async () => {
    const auth = await start();
    expect(await guess(auth, 8, () => '192.0.2.1')).toBe(5);
    const refused = await auth.signIn(makeAsker({ client: '192.0.2.1' }), PASSWORD);
    expect(refused).toMatchObject({ ok: false, reason: 'too_many' });
    expect(!refused.ok && 'retryAfterSeconds' in refused && refused.retryAfterSeconds).toBeGreaterThan(800);
    expect((await auth.signIn(makeAsker({ client: '192.0.2.2' }), PASSWORD)).ok).toBe(true);
  });

  it('the window passes', async () => {
    const auth = await start();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    await guess(auth, 5, () => '192.0.2.1');
    vi.advanceTimersByTime(15 * 60_000 + 1);
    vi.useRealTimers();
    expect((await auth.signIn(makeAsker({ client: '192.0.2.1' }), PASSWORD)).ok).toBe(true);
  });

  it('10,000 guesses from 10,000 clients are at most 30 comparisons an hour, a few at a time', async () => {
    const auth = await start();
    const results = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) =>
        auth.signIn(makeAsker({ client: `10.0.${index >> 8}.${index & 255}` }), 'wrong'),
      ),
    );
    const count = (reason: string): number =>
      results.filter((one) => !one.ok && one.reason === reason).length;
    expect(count('wrong') + count('busy')).toBe(30);
    // Two at work and eight waiting when all come at once.
    expect(count('wrong')).toBe(10);
    expect(count('too_many')).toBe(9_970);
  });

  it('a browser that has logged in before is not locked out by strangers', async () => {
    const auth = await start();
    const known = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    const device = new Map([['afterwatch-device', known.get('afterwatch-device') ?? '']]);
    expect(await guess(auth, 40, (index) => `10.1.0.${index}`)).toBe(30);
    expect(await auth.signIn(makeAsker({ client: '10.2.0.1' }), PASSWORD)).toMatchObject({
      reason: 'too_many',
    });
    expect((await auth.signIn(makeAsker({ client: '10.2.0.1', cookies: device }), PASSWORD)).ok).toBe(true);
  });

  it('a known browser has its own 5 guesses, and a made-up one counts as a stranger', async () => {
    const auth = await start();
    const known = cookiesOf(await auth.signIn(makeAsker(), PASSWORD));
    const mark = known.get('afterwatch-device') ?? '';
    const tries = async (value: string, client: string): Promise<number> => {
      let compared = 0;
      for (let index = 0; index < 8; index += 1) {
        const cookies = new Map([['afterwatch-device', value]]);
        const result = await auth.signIn(makeAsker({ client, cookies }), 'wrong');
        if (!result.ok && result.reason === 'wrong') compared += 1;
      }
      return compared;
    };
    expect(await tries(mark, '10.3.0.1')).toBe(5);
    expect(await tries(mark, '10.3.0.2'), 'the same browser from elsewhere').toBe(0);
    await guess(auth, 5, () => '10.3.0.3');
    expect(await tries(`${mark}x`, '10.3.0.3'), 'a forged mark').toBe(0);
  });

  it('right passwords do not use the limits up', async () => {
    const auth = await start();
    for (let index = 0; index < 40; index += 1)
      expect((await auth.signIn(makeAsker(), PASSWORD)).ok).toBe(true);
  });
});

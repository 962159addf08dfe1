import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_TOKENS } from '@/lib/core/model/token.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { scrubText } from '@/lib/server/log/scrub.ts';
import { makeAsker } from '@/test/askers.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { Secret } from '../../config/secret.ts';
import { type AuthService, createAuth, type Need } from '../index.ts';
import { newTokenSchema } from './token-schema.ts';
import { Tokens, TooManyTokens } from './tokens.ts';

const NOW_MS = Date.parse('2026-04-09T20:15:00Z');
const PASSWORD = 'correct horse battery';
let state: MemoryState;
let nowMs: number;
let tokens: Tokens;

beforeEach(async () => {
  state = new MemoryState();
  nowMs = NOW_MS;
  tokens = await Tokens.open(state, () => nowMs);
});

function startAuth(change: { password?: string | null; token?: string | null } = {}): Promise<AuthService> {
  const { password = PASSWORD, token = 'owner-token-0123456789' } = change;
  return createAuth(
    {
      bind: { host: '127.0.0.1', port: 3000 },
      publicUrl: null,
      password: password === null ? null : new Secret(password),
      token: token === null ? null : new Secret(token),
    },
    state,
    { wallMs: () => nowMs },
  );
}

async function may(auth: AuthService, token: string, need: Need): Promise<boolean | string> {
  const access = await auth.authorise(makeAsker({ authorization: `Bearer ${token}` }), need);
  return access.ok || access.refusal.code;
}

describe('tokens', () => {
  it('have 256 random bits, and only their hash is written down', async () => {
    const made = await tokens.create({ name: 'shipper', scopes: ['ingest'] });
    expect(made.token).toMatch(/^aw_[\w-]{43}$/);
    expect((await tokens.create({ name: 'shipper', scopes: ['ingest'] })).token).not.toBe(made.token);
    const written = JSON.stringify([...state.rows]);
    expect(written).not.toContain(made.token);
    expect(written).not.toContain(made.token.slice(3));
    expect(tokens.list()[1]).toEqual({
      id: made.id,
      name: 'shipper',
      scopes: ['ingest'],
      createdAtMs: NOW_MS,
      lastUsedAtMs: null,
    });
  });

  it('outlive a restart', async () => {
    const { token, id } = await tokens.create({ name: 'ci', scopes: ['deploy', 'read'] });
    const again = await Tokens.open(state, () => nowMs);
    expect(again.scopesOf(token)).toEqual(['deploy', 'read']);
    await again.revoke(id);
    expect((await Tokens.open(state, () => nowMs)).scopesOf(token)).toBeNull();
  });

  it('are refused from the moment that they are revoked, even where the store fails', async () => {
    const made = await tokens.create({ name: 'one', scopes: ['read'] });
    state.putState = () => Promise.reject(new Error('disk full'));
    const revoking = tokens.revoke(made.id);
    expect(tokens.scopesOf(made.token)).toBeNull();
    await expect(revoking).rejects.toThrow('disk full');
    expect(await tokens.revoke(made.id)).toBe(false);
  });

  it('do not exist when they could not be written down', async () => {
    state.putState = () => Promise.reject(new Error('disk full'));
    await expect(tokens.create({ name: 'one', scopes: ['read'] })).rejects.toThrow('disk full');
    expect(tokens.list()).toEqual([]);
  });

  it('are at most a hundred', async () => {
    for (let i = 0; i < MAX_TOKENS; i += 1) await tokens.create({ name: `t${i}`, scopes: ['read'] });
    await expect(tokens.create({ name: 'more', scopes: ['read'] })).rejects.toThrow(TooManyTokens);
  });

  it('remember their last use to the hour, with one write an hour', async () => {
    const { token } = await tokens.create({ name: 'one', scopes: ['read'] });
    const before = state.writes;
    for (let i = 0; i < 50; i += 1) tokens.scopesOf(token);
    await expect.poll(() => state.writes).toBe(before + 1);
    expect(tokens.list()[0]?.lastUsedAtMs).toBe(Date.parse('2026-04-09T20:00:00Z'));
    nowMs += HOUR_MS;
    tokens.scopesOf(token);
    await expect.poll(() => state.writes).toBe(before + 2);
  });

  it('cannot be lost or come back by writes that overlap', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((name) => tokens.create({ name, scopes: ['read'] })));
    await Promise.all(made.slice(0, 2).map(({ id }) => tokens.revoke(id)));
    const again = await Tokens.open(state, () => nowMs);
    expect(again.list().map(({ name }) => name)).toEqual(['c']);
  });

  it('are not guessed at when the store holds something else', async () => {
    state.rows.set('tokens', [{ id: 'x' }]);
    await expect(Tokens.open(state, () => nowMs)).rejects.toThrow(/cannot be read/);
  });

  it('are hidden in everything that is logged', async () => {
    const { token } = await tokens.create({ name: 'one', scopes: ['read'] });
    expect(scrubText(`sent ${token}, refused`)).toBe('sent [secret], refused');
  });
});

describe('what a token may do', () => {
  it('is what its scopes say, and never what people do', async () => {
    const auth = await startAuth();
    const made = async (...scopes: ('ingest' | 'deploy' | 'read')[]) =>
      (await auth.tokens.create({ name: 'x', scopes })).token;
    const [ingest, read, deploy, all] = [
      await made('ingest'),
      await made('read'),
      await made('deploy'),
      await made('ingest', 'deploy', 'read'),
    ];
    const table = await Promise.all(
      [ingest, read, deploy, all].map(async (token) => [
        await may(auth, token, 'ingest'),
        await may(auth, token, 'read'),
        await may(auth, token, 'owner'),
      ]),
    );
    expect(table).toEqual([
      [true, 'forbidden', 'forbidden'],
      ['forbidden', true, 'forbidden'],
      ['forbidden', 'forbidden', 'forbidden'],
      [true, true, 'forbidden'],
    ]);
    for (const need of ['ingest', 'read', 'owner'] as const)
      expect(await may(auth, 'owner-token-0123456789', need)).toBe(true);
  });

  it('is nothing for one that is unknown, changed or revoked, whatever else the server allows', async () => {
    for (const change of [{}, { token: null }, { password: null }, { password: null, token: null }]) {
      const auth = await startAuth(change);
      const { token, id } = await auth.tokens.create({ name: 'x', scopes: ['read'] });
      expect(await may(auth, token, 'read')).toBe(true);
      const changed = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
      expect(await may(auth, changed, 'read')).toBe('not_signed_in');
      await auth.tokens.revoke(id);
      expect(await may(auth, token, 'read')).toBe('not_signed_in');
    }
  });
});

describe('newTokenSchema', () => {
  it('takes a name and known scopes, each once', () => {
    expect(newTokenSchema.parse({ name: ' ci ', scopes: ['read', 'ingest', 'read'] })).toEqual({
      name: 'ci',
      scopes: ['ingest', 'read'],
    });
    for (const wrong of [
      { name: '', scopes: ['read'] },
      { name: 'a\u001b[2J', scopes: ['read'] },
      { name: 'a', scopes: [] },
      { name: 'a', scopes: ['owner'] },
      { name: 'a', scopes: ['read'], id: 'x' },
    ]) {
      expect(newTokenSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});

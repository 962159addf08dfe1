import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryState } from '@/test/memory-state.ts';
import { Secret } from '../../config/secret.ts';
import { HookSecretFault, HookSecrets } from './hook-secrets.ts';
import { Replays, type SignedCall, verifyHookSignature } from './hook-signature.ts';

const NOW_MS = Date.parse('2026-04-09T20:00:00Z');
const KEY = new Secret('k'.repeat(32));

describe('HookSecrets', () => {
  let state: MemoryState;
  beforeEach(() => {
    state = new MemoryState();
  });
  const open = (key: Secret | null) => HookSecrets.open(state, key, () => NOW_MS);

  it('keeps a secret sealed, also over a restart', async () => {
    const { id, secret } = await (await open(KEY)).create('github');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const written = JSON.stringify([...state.rows]);
    for (const form of [
      secret,
      Buffer.from(secret, 'hex').toString('base64'),
      Buffer.from(secret).toString('base64'),
    ])
      expect(written).not.toContain(form);
    const again = await open(KEY);
    expect(again.reveal(id)).toBe(secret);
    expect(again.list()).toEqual([{ id, name: 'github', createdAtMs: NOW_MS }]);
    await again.revoke(id);
    expect((await open(KEY)).reveal(id)).toBeNull();
  });

  it('makes none without AFTERWATCH_SECRET_KEY, and says what to set', async () => {
    await expect((await open(null)).create('github')).rejects.toThrow(
      /AFTERWATCH_SECRET_KEY is not set: set it to/,
    );
    expect(state.rows.size).toBe(0);
  });

  it('says that the key was changed, and gives nothing for a sealed text that was moved or changed', async () => {
    const hooks = await open(KEY);
    const one = await hooks.create('one');
    await hooks.create('two');
    const other = await open(new Secret('o'.repeat(32)));
    expect(() => other.reveal(one.id)).toThrow(/another AFTERWATCH_SECRET_KEY/);
    const rows = (await state.getState('hook-secrets')) as { sealed: string }[];
    const [first, second] = rows;
    state.rows.set('hook-secrets', [{ ...first, sealed: second?.sealed }]);
    const moved = await open(KEY);
    expect(() => moved.reveal(one.id)).toThrow(HookSecretFault);
    state.rows.set('hook-secrets', [{ ...first, sealed: 'AAAA' }]);
    const cut = await open(KEY);
    expect(() => cut.reveal(one.id)).toThrow(HookSecretFault);
  });
});

describe('verifyHookSignature', () => {
  const SECRET = 'a'.repeat(64);
  const body = Buffer.from('{"version":"v12"}');
  const seconds = String(NOW_MS / 1_000);
  let replays: Replays;
  beforeEach(() => {
    replays = new Replays();
  });
  const sign = (signed: string | Buffer, secret = SECRET) =>
    `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
  const call = (change: Partial<SignedCall> = {}): SignedCall => ({
    secret: SECRET,
    body,
    signature: sign(`${seconds}.${body}`),
    timestamp: seconds,
    deliveryId: 'd1',
    ...change,
  });
  const verify = (change: Partial<SignedCall> = {}, nowMs = NOW_MS) =>
    verifyHookSignature(call(change), nowMs, replays);

  it('believes a signed call once', () => {
    expect(verify()).toBeNull();
    expect(verify()).toBe('replayed');
    // Another id does not make the same bytes new, nor other bytes the same id.
    expect(verify({ deliveryId: 'd2' })).toBe('replayed');
    expect(verify({ body: Buffer.from('{}'), signature: sign(`${seconds}.{}`) })).toBe('replayed');
    expect(
      verify({ body: Buffer.from('{}'), signature: sign(`${seconds}.{}`), deliveryId: 'd3' }),
    ).toBeNull();
  });

  it.each<[string, Partial<SignedCall>]>([
    ['another secret', { signature: sign(`${seconds}.${body}`, 'b'.repeat(64)) }],
    ['another body', { body: Buffer.from('{"version":"v13"}') }],
    ['a moved time', { timestamp: String(NOW_MS / 1_000 + 1) }],
    ['a signature of the body alone', { signature: sign(body) }],
    ['a shorter signature', { signature: sign(`${seconds}.${body}`).slice(0, -2) }],
    ['no scheme', { signature: sign(`${seconds}.${body}`).slice(7) }],
    ['an empty signature', { signature: '' }],
    ['signs that are no hex', { signature: `sha256=${'z'.repeat(64)}` }],
  ])('refuses %s, and remembers nothing of it', (_what, change) => {
    expect(verify(change)).toBe('forged');
    expect(verify()).toBeNull();
  });

  it('needs the signature, and the time where the sender signs one', () => {
    expect(verify({ signature: null })).toBe('missing');
    expect(verify({ timestamp: null })).toBe('missing');
  });

  it('refuses a call from more than five minutes away, before and after', () => {
    expect(verify({}, NOW_MS + 301_000)).toBe('expired');
    expect(verify({}, NOW_MS - 301_000)).toBe('expired');
    expect(verify({ timestamp: 'now', signature: sign(`now.${body}`) })).toBe('expired');
    expect(verify({}, NOW_MS + 300_000)).toBeNull();
  });

  it('remembers a call for as long as its time would be believed', () => {
    expect(verify({}, NOW_MS - 300_000)).toBeNull();
    expect(verify({}, NOW_MS + 300_000)).toBe('replayed');
  });

  it('guards a sender that signs no time by the id of its delivery', () => {
    const github = { signature: sign(body), timestamp: undefined };
    const checked = (deliveryId: string, nowMs: number) => {
      const { timestamp: _none, ...rest } = call({ signature: github.signature, deliveryId });
      return verifyHookSignature(rest, nowMs, replays);
    };
    expect(checked('d1', NOW_MS)).toBeNull();
    expect(checked('d1', NOW_MS + 86_400_000)).toBe('replayed');
    expect(checked('d2', NOW_MS + 86_400_000)).toBe('replayed');
  });
});

import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { Secret } from '../config/secret.ts';
import { Gate } from './gate.ts';
import type { StateStore } from './state-store.ts';

/** OWASP's minimum for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. About 50 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const SALT_KEY = 'auth/salt';
/** Longer texts are no passwords but an attempt to keep the hash busy. */
const MAX_PASSWORD_CHARS = 1_024;
/** Each hash takes 19 MiB and a core. */
const CONCURRENT_HASHES = 2;
const WAITING_HASHES = 8;

/** The one password of this server, known only by its hash. */
export interface Credential {
  /** Compares a guess; null when too many others are being compared at this moment. */
  check(guess: string): Promise<boolean | null>;
  /**
   * Changes with the password and with nothing else, restarts included. Sessions carry it, so a new password ends
   * them. It is a HMAC under the hash: who steals it still pays one argon2id per guess.
   */
  fingerprint: string;
  /** A key for signatures that must end with the password too. */
  deviceKey: Buffer;
}

/**
 * Hashes a plain password in memory, or takes one that is already an argon2id string. Throws when it looks like
 * such a string and is none.
 */
export async function prepareCredential(password: Secret, state: StateStore): Promise<Credential> {
  const text = password.reveal();
  const encoded = text.startsWith('$argon2')
    ? checkEncoded(text)
    : await hash(text, { ...COST, salt: await readSalt(state) });
  const gate = new Gate(CONCURRENT_HASHES, WAITING_HASHES);
  return {
    check: async (guess) =>
      guess.length > MAX_PASSWORD_CHARS ? false : gate.run(() => verify(encoded, guess)),
    fingerprint: derive(encoded, 'session').toString('base64url'),
    deviceKey: derive(encoded, 'device'),
  };
}

function derive(encoded: string, purpose: string): Buffer {
  return createHmac('sha256', encoded).update(`afterwatch ${purpose}`).digest();
}

function checkEncoded(text: string): string {
  const advice = 'give the password itself, or a complete $argon2id$… string in single quotes';
  if (!text.startsWith('$argon2id$'))
    throw new Error(`AFTERWATCH_PASSWORD is an argon2 hash but not argon2id; ${advice}`);
  try {
    parseOptions(text);
  } catch {
    throw new Error(`AFTERWATCH_PASSWORD begins like an argon2id hash but cannot be read as one; ${advice}`);
  }
  return text;
}

/** Kept, so that the same password gives the same hash after a restart and sessions live on. */
async function readSalt(state: StateStore): Promise<Buffer> {
  const known = await state.getState(SALT_KEY);
  if (typeof known === 'string' && known.length >= 22) return Buffer.from(known, 'base64url');
  const salt = randomBytes(16);
  await state.putState({ [SALT_KEY]: salt.toString('base64url') });
  return salt;
}

import 'server-only';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from '../../config/secret.ts';
import { registerSecret } from '../../log/secrets.ts';
import type { StateStore } from '../state-store.ts';

const KEY = 'hook-secrets';
const MOST = 100;
const SECRET_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const rowSchema = z.object({ id: z.string(), name: z.string(), createdAtMs: z.number(), sealed: z.string() });
type Row = z.output<typeof rowSchema>;

/** A hook’s secret without the secret. */
export type HookSecretView = Omit<Row, 'sealed'>;

/** Why a hook’s secret could not be made or read, in words for a person. */
export class HookSecretFault extends Error {
  override readonly name = 'HookSecretFault';
  /** By name: routes are built apart from what the process holds, with a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'HookSecretFault';
  }
}

/**
 * The secret of each hook, by which its sender signs. A signature can only be checked with the secret itself, so it is
 * kept, sealed by AES-256-GCM under AFTERWATCH_SECRET_KEY: the store alone gives none away.
 */
export class HookSecrets {
  readonly #key: Buffer | null;
  #rows: readonly Row[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly state: StateStore,
    secretKey: Secret | null,
    private readonly nowMs: () => number,
    rows: readonly Row[],
  ) {
    // The key is as strong as what was set: at least 32 characters, so it is spread and not slowed down.
    this.#key =
      secretKey === null
        ? null
        : Buffer.from(hkdfSync('sha256', secretKey.reveal(), '', 'afterwatch hook secrets', 32));
    this.#rows = rows;
  }

  /** Reads what there is. Rejects when the store does not answer or holds what no version of ours wrote. */
  static async open(state: StateStore, secretKey: Secret | null, nowMs: () => number): Promise<HookSecrets> {
    const parsed = z.array(rowSchema).safeParse((await state.getState(KEY)) ?? []);
    if (!parsed.success)
      throw new Error(
        'afterwatch: the hook secrets in the store cannot be read; was it written by a newer version?',
      );
    return new HookSecrets(state, secretKey, nowMs, parsed.data);
  }

  list(): readonly HookSecretView[] {
    return this.#rows.map(({ id, name, createdAtMs }) => ({ id, name, createdAtMs }));
  }

  /** Makes a secret (64 hex digits), told only now; durable when resolved. Throws `HookSecretFault`. */
  async create(name: string): Promise<HookSecretView & { secret: string }> {
    const key = this.#needKey();
    if (this.#rows.length >= MOST)
      throw new HookSecretFault(`There are ${MOST} hooks already: remove one first.`);
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const id = randomBytes(6).toString('hex');
    const createdAtMs = this.nowMs();
    const row: Row = { id, name, createdAtMs, sealed: seal(secret, key, id) };
    this.#rows = [...this.#rows, row];
    try {
      await this.#write();
    } catch (error) {
      this.#rows = this.#rows.filter((one) => one.id !== id);
      throw error;
    }
    registerSecret(secret);
    return { id, name, createdAtMs, secret };
  }

  /** The secret of a hook; null when there is none of that id. Throws `HookSecretFault` when it cannot be unsealed. */
  reveal(id: string): string | null {
    const row = this.#rows.find((one) => one.id === id);
    if (row === undefined) return null;
    const secret = unseal(row.sealed, this.#needKey(), id);
    if (secret === null)
      throw new HookSecretFault(
        'The secret of this hook was made under another AFTERWATCH_SECRET_KEY: set that one again, or make a new hook.',
      );
    registerSecret(secret);
    return secret;
  }

  /** Forgets a hook at once. False when there is none of that id. */
  async revoke(id: string): Promise<boolean> {
    const kept = this.#rows.filter((one) => one.id !== id);
    if (kept.length === this.#rows.length) return false;
    this.#rows = kept;
    await this.#write();
    return true;
  }

  #needKey(): Buffer {
    if (this.#key !== null) return this.#key;
    throw new HookSecretFault(
      'Secrets of hooks are kept sealed, and AFTERWATCH_SECRET_KEY is not set: set it to at least 32 random characters and start again.',
    );
  }

  #write(): Promise<void> {
    const writing = this.#writing.catch(() => {}).then(() => this.state.putState({ [KEY]: this.#rows }));
    this.#writing = writing;
    return writing;
  }
}

/** The id is sealed in, so that a sealed secret cannot be moved to another hook. */
function seal(secret: string, key: Buffer, id: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Null when it was sealed by another key, or changed. */
function unseal(text: string, key: Buffer, id: string): string | null {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
  const iv = bytes.subarray(0, IV_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', key, iv, options)
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}

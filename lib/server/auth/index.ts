import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type AllowedAddresses,
  allowAddresses,
  isAllowedHost,
  isLoopbackHost,
} from '@/lib/core/security/addresses.ts';
import { judgeOrigin, type Refusal, readBearer } from '@/lib/core/security/request-rules.ts';
import type { Clock } from '../clock.ts';
import { type Bind, publishBindAddress, toServerPlace } from '../config/bind-address.ts';
import type { Secret } from '../config/secret.ts';
import type { Config } from '../config/types.ts';
import { type CookieChange, cookieNames } from './cookies.ts';
import { DEVICE_SECONDS, makeDevice, readDevice } from './devices.ts';
import { type Access, judgeAccess, type Need } from './judge-access.ts';
import { LoginLimits, RequestLimits, type Turn } from './limits.ts';
import { type Credential, prepareCredential } from './password.ts';
import type { Asker } from './request-facts.ts';
import { ABSOLUTE_MS, Sessions } from './sessions.ts';
import type { StateStore } from './state-store.ts';
import { HookSecrets } from './tokens/hook-secrets.ts';
import { isMadeToken, Tokens } from './tokens/tokens.ts';

export type { Access, AccessRefusal, Grant, Need } from './judge-access.ts';
export type { Asker } from './request-facts.ts';

const PER_MINUTE = 600;
/** On an open server everybody is the person at this machine, with all of their tabs and scripts. */
const PER_MINUTE_OPEN = 6_000;

/** `busy`: too many guesses are being compared. `no_password`: this server has no login. */
export type SignIn =
  | { ok: true; cookies: readonly CookieChange[] }
  | { ok: false; reason: 'wrong' | 'busy' | 'no_password' }
  | { ok: false; reason: 'too_many'; retryAfterSeconds: number };

/** Who may do what on this server. One a process. */
export interface AuthService {
  /** True when a login exists. */
  readonly passwordSet: boolean;
  /** Tokens that people made. */
  readonly tokens: Tokens;
  /** Secrets by which senders of hooks sign. */
  readonly hooks: HookSecrets;
  /** Who asks, and whether they may (`read` when left out). Reads the session, if any. */
  authorise(asker: Asker, need?: Need): Promise<Access>;
  /** The rule for everything that changes state: null when it may go on. */
  judgeOrigin(asker: Asker): Refusal | null;
  /** Counts a request of this client; `cost` for heavy ones. */
  takeTurn(client: string, cost?: number): Promise<Turn>;
  /** Compares a password within the limits; on success ends the old session and opens a new one. */
  signIn(asker: Asker, password: string): Promise<SignIn>;
  /** Ends the session; gives the cookies that must go. */
  signOut(asker: Asker): Promise<readonly CookieChange[]>;
}

/**
 * Prepares the guards from the configuration; hashes the password once (about 50 ms). Rejects when the password is
 * a hash that cannot be read, or when the store does not answer.
 */
export async function createAuth(
  config: Pick<Config, 'bind' | 'publicUrl' | 'password' | 'token'> & Partial<Pick<Config, 'secretKey'>>,
  state: StateStore,
  clock: Pick<Clock, 'wallMs'>,
): Promise<AuthService> {
  publishBindAddress(config);
  const credential = config.password === null ? null : await prepareCredential(config.password, state);
  const nowMs = (): number => clock.wallMs();
  const tokens = await Tokens.open(state, nowMs);
  const hooks = await HookSecrets.open(state, config.secretKey ?? null, nowMs);
  return new Auth(config, credential, state, clock, tokens, hooks);
}

class Auth implements AuthService {
  readonly passwordSet: boolean;
  readonly #bind: Bind;
  readonly #open: boolean;
  readonly #tokenHash: Buffer | null;
  readonly #names;
  readonly #sessions: Sessions | null;
  readonly #logins = new LoginLimits();
  readonly #requests: RequestLimits;

  constructor(
    config: Pick<Config, 'bind' | 'publicUrl' | 'token'>,
    private readonly credential: Credential | null,
    state: StateStore,
    clock: Pick<Clock, 'wallMs'>,
    readonly tokens: Tokens,
    readonly hooks: HookSecrets,
  ) {
    this.passwordSet = credential !== null;
    this.#bind = { ...config.bind, publicUrl: config.publicUrl };
    this.#open = credential === null && isThisMachineOnly(config);
    this.#tokenHash = config.token === null ? null : hashToken(config.token);
    this.#names = cookieNames(config.publicUrl);
    this.#sessions =
      credential === null ? null : new Sessions(state, credential.fingerprint, () => clock.wallMs());
    this.#requests = new RequestLimits(this.#open ? PER_MINUTE_OPEN : PER_MINUTE);
  }

  async authorise(asker: Asker, need: Need = 'read'): Promise<Access> {
    return judgeAccess({
      hostAllowed: isAllowedHost(asker.host, this.#allowed()),
      open: this.#open,
      passwordSet: this.passwordSet,
      token: this.#judgeToken(asker, need),
      session: await this.#readSession(asker),
    });
  }

  judgeOrigin(asker: Asker): Refusal | null {
    return judgeOrigin(asker, this.#allowed());
  }

  takeTurn(client: string, cost = 1): Promise<Turn> {
    return this.#requests.take(client, cost);
  }

  async signIn(asker: Asker, password: string): Promise<SignIn> {
    if (this.credential === null || this.#sessions === null) return { ok: false, reason: 'no_password' };
    const who = {
      client: asker.client,
      device: readDevice(asker.cookies.get(this.#names.device), this.credential.deviceKey),
    };
    const turn = await this.#logins.take(who);
    if (!turn.ok) return { ok: false, reason: 'too_many', retryAfterSeconds: turn.retryAfterSeconds };
    const right = await this.credential.check(password);
    if (right === null) return { ok: false, reason: 'busy' };
    if (!right) return { ok: false, reason: 'wrong' };
    await this.#logins.forgive(who);
    await this.#sessions.close(asker.cookies.get(this.#names.session) ?? '');
    const token = await this.#sessions.open();
    return {
      ok: true,
      cookies: [
        this.#cookie('session', token, ABSOLUTE_MS / 1000),
        this.#cookie('device', makeDevice(this.credential.deviceKey), DEVICE_SECONDS),
      ],
    };
  }

  async signOut(asker: Asker): Promise<readonly CookieChange[]> {
    await this.#sessions?.close(asker.cookies.get(this.#names.session) ?? '');
    return [this.#cookie('session', '', 0)];
  }

  #allowed(): AllowedAddresses {
    return allowAddresses(toServerPlace(this.#bind));
  }

  #cookie(kind: 'session' | 'device', value: string, maxAgeSeconds: number): CookieChange {
    return { name: this.#names[kind], value, maxAgeSeconds, secure: this.#names.secure };
  }

  #judgeToken(asker: Asker, need: Need): 'unused' | 'right' | 'wrong' | 'narrow' {
    const given = readBearer(asker.authorization);
    if (given === null) return 'unused';
    if (this.#tokenHash !== null && timingSafeEqual(sha256(given), this.#tokenHash)) return 'right';
    const scopes = this.tokens.scopesOf(given);
    if (scopes !== null) return scopes.some((scope) => scope === need) ? 'right' : 'narrow';
    // Where no token is set any other text is overlooked, but never one that looks like ours: it was revoked.
    return this.#tokenHash === null && !isMadeToken(given) ? 'unused' : 'wrong';
  }

  async #readSession(asker: Asker): Promise<'none' | 'live' | 'ended'> {
    const token = asker.cookies.get(this.#names.session) ?? '';
    if (token === '' || this.#sessions === null) return 'none';
    return (await this.#sessions.isLive(token)) ? 'live' : 'ended';
  }
}

/** A public address means that a reverse proxy may stand before loopback: then nobody is let in unasked. */
function isThisMachineOnly(config: Pick<Config, 'bind' | 'publicUrl'>): boolean {
  return (
    isLoopbackHost(config.bind.host) &&
    (config.publicUrl === null || isLoopbackHost(config.publicUrl.hostname))
  );
}

function hashToken(token: Secret): Buffer {
  return sha256(token.reveal());
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

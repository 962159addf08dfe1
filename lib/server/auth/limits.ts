import 'server-only';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Whether one more is allowed; if not, when to come again. */
export type Turn = { ok: true } | { ok: false; retryAfterSeconds: number };

const PER_CLIENT = { points: 5, duration: 15 * 60 };
const OVERALL = { points: 30, duration: 3600 };
const ALL = 'all';

/** Who tries to log in. A known browser is counted apart, so strangers cannot lock its owner out. */
export interface LoginTry {
  client: string;
  device: string | null;
}

/** At most 5 guesses in 15 min for each client or known browser, and 30 an hour for all unknown ones together. */
export class LoginLimits {
  readonly #clients = new RateLimiterMemory({ keyPrefix: 'login-client', ...PER_CLIENT });
  readonly #devices = new RateLimiterMemory({ keyPrefix: 'login-device', ...PER_CLIENT });
  readonly #overall = new RateLimiterMemory({ keyPrefix: 'login-all', ...OVERALL });

  /** Counts a guess before it is compared, so that many at once are counted too. */
  async take(who: LoginTry): Promise<Turn> {
    if (who.device !== null) return consume(this.#devices, who.device, 1);
    const own = await consume(this.#clients, who.client, 1);
    return own.ok ? consume(this.#overall, ALL, 1) : own;
  }

  /** After a right password: only wrong guesses count. */
  async forgive(who: LoginTry): Promise<void> {
    if (who.device !== null) {
      await this.#devices.delete(who.device);
      return;
    }
    await this.#clients.delete(who.client);
    await this.#overall.reward(ALL, 1);
  }
}

/** Requests of a client in a minute, over pages' actions and routes alike. */
export class RequestLimits {
  readonly #limiter: RateLimiterMemory;
  constructor(perMinute: number) {
    this.#limiter = new RateLimiterMemory({ keyPrefix: 'request', points: perMinute, duration: 60 });
  }

  take(client: string, cost: number): Promise<Turn> {
    return consume(this.#limiter, client, cost);
  }
}

/** The library rejects with its result, not with an error, when nothing is left. */
async function consume(limiter: RateLimiterMemory, key: string, cost: number): Promise<Turn> {
  try {
    await limiter.consume(key, cost);
    return { ok: true };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) };
  }
}

import 'server-only';

/**
 * Databases whose commands their provider tells us by its API: shared by the sessions of one process. Reading the API
 * costs no command, so that the database itself can be asked less often.
 */
export class UsageBook {
  readonly #endpoints = new Set<string>();

  /** `endpoint` as Upstash names it: a host, or its first part without a region. `told`: whether its commands are known now. */
  note(endpoint: string, told: boolean): void {
    if (told) this.#endpoints.add(plain(endpoint));
    else this.#endpoints.delete(plain(endpoint));
  }

  /** Whether the commands of the database at `host` are known now. */
  tells(host: string): boolean {
    const name = plain(host);
    if (this.#endpoints.has(name)) return true;
    if (!name.endsWith('.upstash.io')) return false;
    const label = name.slice(0, name.indexOf('.'));
    // `eu1-calm-lake-12345.upstash.io` is the endpoint `calm-lake-12345`.
    return [...this.#endpoints].some((known) => label === known || label.endsWith(`-${known}`));
  }
}

function plain(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, '');
}

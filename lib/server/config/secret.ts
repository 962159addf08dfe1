import 'server-only';
import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/**
 * A credential that never serialises: text, JSON, inspection and spreading all give `[secret]` or nothing.
 * The value is taken with `reveal()`, only where it is sent to its own target.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return HIDDEN;
  }
  toJSON(): string {
    return HIDDEN;
  }
  [inspect.custom](): string {
    return HIDDEN;
  }
}

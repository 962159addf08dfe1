import 'server-only';
import type { FaultList } from './faults.ts';

/** The environment as plain data, so that a test can bring its own. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A text file with its permission bits (`mode & 0o777`), or null bits where the system has none. Throws when unreadable. */
export type ReadTextFile = (path: string) => { text: string; mode: number | null };

/** `unreadable`: it is set in a way that gives no value, and a fault says so. */
export type Variable =
  | { state: 'set'; value: string; fromFile: boolean }
  | { state: 'unset' }
  | { state: 'unreadable' };

const MAX_VALUE_CHARS = 65_536;

/**
 * Looks variables up: `NAME`, or the content of the file that `NAME_FILE` names, without its last line break.
 * An empty value counts as unset. Faults are reported once a name.
 */
export class Variables {
  readonly #known = new Map<string, Variable>();
  constructor(
    private readonly env: Env,
    private readonly readFile: ReadTextFile,
    private readonly faults: FaultList,
  ) {}

  get(name: string): Variable {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = this.#find(name);
    this.#known.set(name, found);
    return found;
  }

  /** The value, or null when unset or unreadable. */
  value(name: string): string | null {
    const found = this.get(name);
    return found.state === 'set' ? found.value : null;
  }

  #find(name: string): Variable {
    const direct = this.env[name] ?? '';
    const path = this.env[`${name}_FILE`] ?? '';
    if (path === '')
      return direct === '' ? { state: 'unset' } : { state: 'set', value: direct, fromFile: false };
    if (direct !== '') {
      this.faults.add(name, null, `is set, and so is ${name}_FILE; keep one of the two`);
      return { state: 'unreadable' };
    }
    return this.#read(name, path);
  }

  #read(name: string, path: string): Variable {
    const where = `${name}_FILE`;
    try {
      const value = this.readFile(path).text.replace(/\r?\n$/, '');
      if (value !== '' && value.length <= MAX_VALUE_CHARS) return { state: 'set', value, fromFile: true };
      this.faults.add(
        where,
        null,
        `the file it names is ${value === '' ? 'empty' : 'too large for a secret'}`,
      );
    } catch (error) {
      this.faults.add(where, null, `the file it names cannot be read (${errorCode(error)})`);
    }
    return { state: 'unreadable' };
  }
}

/** `ENOENT` and the like; never the message, which holds the path. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'unknown error';
}

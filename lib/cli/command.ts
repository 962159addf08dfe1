import type { Env } from '@/lib/server/config/variables.ts';

/** What a command may touch. stdout carries what was asked for, and JSON only with `--json`; faults go to stderr. */
export interface CommandIo {
  env: Env;
  cwd: string;
  /** For commands that read `-`; absent where there is none. */
  stdin?: AsyncIterable<Uint8Array>;
  /** One line to stdout, without its line break. */
  out(line: string): void;
  /** One line to stderr. */
  err(line: string): void;
  /** A line on stderr that the next one overwrites, empty to take it away; absent where nobody watches. */
  status?(line: string): void;
  /** Text to stdout as it is; resolves when there is room for more. Absent where lines will do. */
  write?(text: string): Promise<void>;
}

/** Exit codes that scripts rely on. */
export const EXIT = {
  fine: 0,
  firing: 1,
  mend: 1,
  cannotTell: 2,
  unreadable: 2,
  badConfig: 2,
  usage: 3,
  noConnection: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Command {
  /** The whole text of `--help`. */
  help: string;
  /** `words`: what stands behind the command, flags of its own included; empty for commands that take none. */
  run(flags: { json: boolean; words: readonly string[] }, io: CommandIo): Promise<ExitCode>;
}

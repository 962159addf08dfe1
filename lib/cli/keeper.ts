import type { z } from 'zod';
import { askServer, type ServerQuestion } from './ask-server.ts';
import { type CommandIo, EXIT, type ExitCode } from './command.ts';

/** An answer of the expected shape and who gave it; else the exit code, said already. */
export type Kept<T> = { ok: true; body: T; origin: string } | { ok: false; code: ExitCode };

/** Asks the server for what it keeps, in the name of a command: `token`, `hook`, `badge`. */
export async function askKeeper<T>(
  command: string,
  io: CommandIo,
  question: ServerQuestion,
  schema: z.ZodType<T>,
): Promise<Kept<T>> {
  const answer = await askServer(io, question);
  if ('fault' in answer) {
    io.err(`afterwatch ${command}: ${answer.fault}`);
    return { ok: false, code: answer.refused ? EXIT.mend : EXIT.noConnection };
  }
  const parsed = schema.safeParse(answer.raw);
  if (parsed.success) return { ok: true, body: parsed.data, origin: answer.origin };
  io.err(
    `afterwatch ${command}: ${answer.origin} gave no answer that we can read: is it an Afterwatch of this version?`,
  );
  return { ok: false, code: EXIT.noConnection };
}

/** Says what was wrong with the words of a command. */
export function sayMisused(command: string, what: string, io: CommandIo): ExitCode {
  io.err(`afterwatch ${command}: ${what}; try afterwatch ${command} --help`);
  return EXIT.usage;
}

/** An id of something kept, or null: it goes into a path, so anything else never leaves this machine, a secret given by mistake above all. */
export function readKeptId([id, ...more]: readonly string[]): string | null {
  return id !== undefined && more.length === 0 && /^[0-9a-f]{12}$/.test(id) ? id : null;
}

/** `2026-04-09`; a dash for what is no time. */
export function dayText(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : '–';
}

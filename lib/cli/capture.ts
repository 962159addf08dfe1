import type { CommandIo } from './command.ts';
import { runCli } from './run.ts';

/** Runs one command line and keeps what it printed. */
export async function capture(args: readonly string[], io: Pick<CommandIo, 'env' | 'cwd' | 'stdin'>) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, { ...io, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

import { processEnv } from '@/lib/server/config/environment.ts';
import { runCli } from './run.ts';

// A closed pipe (`afterwatch status | head -1`) is the reader's choice and no fault.
process.stdout.on('error', () => process.exit());

process.exitCode = await runCli(process.argv.slice(2), {
  env: processEnv(),
  cwd: process.cwd(),
  // Opened only when a command asks for it: an open stdin would keep the process alive.
  get stdin() {
    return process.stdin;
  },
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY ? { status: (line: string) => process.stderr.write(`\r\u001b[2K${line}`) } : {}),
  write: (text) =>
    new Promise<void>((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
});
// Output is flushed by the natural end of the process; a connection that will not close must not keep it open.
setTimeout(() => process.exit(), 2_000).unref();

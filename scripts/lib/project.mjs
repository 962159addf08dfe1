import { fileURLToPath } from 'node:url';

/** Folder of the checkout, without a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A fault that a person can mend, said in one line without a stack. `details` is what a tool said before it. */
export class PlainError extends Error {
  constructor(message, details = '') {
    super(message);
    this.details = details;
  }
}

/** Prints a `PlainError` as its details and one line, and ends with code 1; other errors keep their stack. */
export function fail(error) {
  if (!(error instanceof PlainError)) throw error;
  if (error.details !== '') console.error(`\n${error.details}\n`);
  console.error(`afterwatch: ${error.message}`);
  process.exitCode = 1;
}

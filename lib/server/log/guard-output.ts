import 'server-only';
import { scrubLine, scrubText } from './scrub.ts';

/** A stream whose `write` can be put aside, such as `process.stdout`. */
type Output = Pick<NodeJS.WriteStream, 'write'>;

/** Well under what one text may have before it is cut. */
const MAX_WHOLE = 8_192;
const GUARDED = Symbol.for('afterwatch.guarded-output');

/**
 * Scrubs what anybody writes to these streams: the framework prints uncaught errors there itself, past our log.
 * Text only changes where a credential stood. Safe to call twice; returns what takes it off again.
 */
export function guardOutput(streams: readonly Output[] = [process.stdout, process.stderr]): () => void {
  const undo = streams.map((stream) => {
    const marked = stream as Output & { [GUARDED]?: true };
    if (marked[GUARDED]) return () => {};
    const original = stream.write;
    const write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const clean = scrubOutput(text);
      // A chunk of bytes without credentials passes as it came: it may be half of a character.
      const passed = clean === text ? chunk : clean;
      return Reflect.apply(original, stream, [passed, ...rest]) as boolean;
    };
    stream.write = write as Output['write'];
    marked[GUARDED] = true;
    return () => {
      stream.write = original;
      delete marked[GUARDED];
    };
  });
  return () => {
    for (const step of undo) step();
  };
}

/** Lines of our own log stay JSON; other text is taken as a whole, or line by line where it would be cut. */
function scrubOutput(text: string): string {
  const isJson = text.startsWith('{');
  if (!isJson && text.length <= MAX_WHOLE) return scrubText(text);
  return text
    .split(/(?<=\n)/)
    .map((line) => (isJson ? scrubLine(line) : scrubText(line)))
    .join('');
}

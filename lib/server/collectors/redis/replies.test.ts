import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyCheck } from './replies.ts';

/** Feeds `text` in portions of `size` after `commands` commands were sent. */
function feed(text: string, commands: number, size = text.length): void {
  const check = new ReplyCheck(1_000);
  for (let n = 0; n < commands; n += 1) check.expect();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) check.feed(bytes.subarray(at, at + size));
}

describe('replies before the driver sees them', () => {
  test.each([
    ['a status and a text', '+OK\r\n$6\r\nab\r\ncd\r\n', 2],
    ['an error', '-NOAUTH Authentication required.\r\n', 1],
    ['no text and an empty text', '$-1\r\n$0\r\n\r\n', 2],
    ['a text that looks like replies', '$8\r\n-1\r\n$-1\r\r\n', 1],
  ])('%s pass, however they are cut into portions', (_name, text, commands) => {
    for (let size = 1; size <= text.length; size += 1) expect(() => feed(text, commands, size)).not.toThrow();
  });

  test.each([
    ['a reply that nobody asked for', '$-1\r\n', 0],
    ['one reply too many', '+OK\r\n+OK\r\n', 1],
    ['a list', '*1\r\n$1\r\na\r\n', 1],
    ['a push', '>1\r\n+x\r\n', 1],
    ['a length that is no number', '$five\r\n', 1],
    ['a length over the limit', '$1001\r\n', 1],
    ['a line without end', `+${'x'.repeat(2_000)}`, 1],
  ])('%s is stopped', (_name, text, commands) => {
    expect(() => feed(text, commands)).toThrow();
    expect(() => feed(text, commands, 1)).toThrow();
  });

  test('an error that comes unasked is told in its own words', () => {
    expect(() => feed('-ERR max number of clients reached\r\n', 0)).toThrow('max number of clients reached');
  });

  test('the limit is for each reply, not for the life of the connection', () => {
    const check = new ReplyCheck(100);
    for (let n = 0; n < 50; n += 1) {
      check.expect();
      check.feed(Buffer.from(`$20\r\n${'x'.repeat(20)}\r\n`));
    }
  });

  test('never lets more replies through than commands were sent, whatever comes', () => {
    const piece = fc.constantFrom(
      '+OK\r\n',
      '-ERR x\r\n',
      '$-1\r\n',
      '$3\r\nabc\r\n',
      ':1\r\n',
      '*1\r\n',
      '\r\n',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.nat(4),
        fc.integer({ min: 1, max: 9 }),
        (pieces, commands, size) => {
          const firstBad = pieces.findIndex((text, n) => n >= commands || /^[:*\r]/.test(text));
          const run = (): void => feed(pieces.join(''), commands, size);
          if (firstBad === -1) expect(run).not.toThrow();
          else expect(run).toThrow();
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameCheck } from './frames.ts';

function message(type: string, body: string, length = body.length + 4): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(length, 1);
  return Buffer.concat([header, Buffer.from(body, 'latin1')]);
}

const GOOD = Buffer.concat([
  message('R', '\0\0\0\0'),
  message('N', 'SNOTICE\0Mhello\0\0'),
  message('E', 'SERROR\0C42501\0Mdenied\0\0'),
  message('E', '\0'),
  message('Z', 'I'),
]);

describe('messages before the driver sees them', () => {
  test('well-formed ones pass, however they are cut into portions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        const check = new FrameCheck(1_000);
        let at = 0;
        for (let n = 0; at < GOOD.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          check.feed(GOOD.subarray(at, at + size));
          at += size;
        }
      }),
    );
  });

  test.each([
    ['an error without its closing zero', message('E', 'SERROR\0Mdenied\0')],
    ['an error whose text has no end', message('E', 'SERROR\0Mdenied')],
    ['an empty error', message('E', '')],
    ['a notice without its closing zero', message('N', 'SNOTICE\0')],
    ['a length that does not even hold itself', message('Z', '', 3)],
    ['a message longer than any of ours', message('D', '', 2_000)],
  ])('%s is stopped', (_name, bytes) => {
    expect(() => new FrameCheck(1_000).feed(bytes)).toThrow();
    const check = new FrameCheck(1_000);
    expect(() => {
      for (const byte of bytes) check.feed(Buffer.from([byte]));
    }).toThrow();
  });

  test('an error that is not there whole yet is waited for', () => {
    const check = new FrameCheck(1_000);
    check.feed(message('E', 'SERROR\0', 40));
    expect(() => check.feed(Buffer.from(`${'M'.repeat(29)}`))).toThrow();
  });
});

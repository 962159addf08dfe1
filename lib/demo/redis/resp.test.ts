import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RespError, RespReader, writeReply } from './resp.ts';

describe('RESP', () => {
  it('a command read in any pieces is the command that was sent', () => {
    const word = fc.uint8Array({ maxLength: 20 });
    const commands = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(commands, fc.nat(), (sent, cut) => {
        const bytes = Buffer.concat(
          sent.map((words) => writeReply({ list: words.map((one) => ({ bulk: Buffer.from(one) })) }, 2)),
        );
        const at = bytes.length === 0 ? 0 : cut % bytes.length;
        const reader = new RespReader();
        const read = [...reader.push(bytes.subarray(0, at)), ...reader.push(bytes.subarray(at))];
        const asText = (words: readonly Uint8Array[]) =>
          words.map((one) => Buffer.from(one).toString('hex')).join();
        expect(read.map(asText)).toEqual(sent.map(asText));
      }),
    );
  });

  it('survives any bytes: they are commands, not yet whole, or named as no RESP', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => {
        const reader = new RespReader();
        try {
          for (const chunk of chunks) reader.push(Buffer.from(chunk));
        } catch (error) {
          expect(error).toBeInstanceOf(RespError);
        }
      }),
    );
  });

  it('writes nulls, maps and texts as each version wants them', () => {
    const reply = { map: [['a', null] as const, ['b', { text: 'x' }] as const] };
    expect(String(writeReply(reply, 2))).toBe('*4\r\n$1\r\na\r\n$-1\r\n$1\r\nb\r\n$1\r\nx\r\n');
    expect(String(writeReply(reply, 3))).toBe('%2\r\n$1\r\na\r\n_\r\n$1\r\nb\r\n=5\r\ntxt:x\r\n');
  });

  it('an error stays on one line', () => {
    expect(String(writeReply({ error: 'ERR a\r\nb' }, 2))).toBe('-ERR a  b\r\n');
  });
});

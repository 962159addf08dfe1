import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, done, rows } from './answer.ts';
import { PostgresSession } from './session.ts';

function open(): { session: PostgresSession; ran: string[] } {
  const ran: string[] = [];
  const answer = (sql: string, { describeOnly }: { describeOnly: boolean }): Answer => {
    if (!describeOnly) ran.push(sql);
    if (sql === 'BEGIN') return done('BEGIN');
    return rows([{ name: 'n', type: 'int4' }], [[1], [2], [3]]);
  };
  const session = new PostgresSession({ processId: 1, serverVersion: '16.4', answer });
  const body = Buffer.from('\0\x03\0\0user\0watcher\0\0', 'latin1');
  session.push(Buffer.concat([int32(body.length + 4), body]));
  return { session, ran };
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, body: string | Buffer) => {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(type), int32(bytes.length + 4), bytes]);
};
const execute = (maxRows: number) => message('E', Buffer.concat([Buffer.from('\0'), int32(maxRows)]));
const parse = (sql: string) => message('P', `\0${sql}\0\0\0`);
const BIND = message('B', '\0\0\0\0\0\0\0\0');
const SYNC = message('S', '');

/** Type letters of the messages in a stream of the server. */
function types(bytes: Buffer): string {
  let found = '';
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1))
    found += String.fromCharCode(bytes[at] ?? 0);
  return found;
}

describe('PostgresSession', () => {
  it('gives a portal in pieces when only some rows are asked for', () => {
    const { session, ran } = open();
    expect(types(session.push(Buffer.concat([parse('q'), BIND, execute(2)])))).toBe('12DDs');
    expect(types(session.push(Buffer.concat([execute(2), SYNC])))).toBe('DCZ');
    expect(ran).toEqual(['q']);
  });

  it('describing a statement or a portal does not run it', () => {
    const { session, ran } = open();
    const ask = (what: string) => message('D', `${what}\0`);
    const bytes = Buffer.concat([parse('BEGIN'), ask('S'), BIND, ask('P'), SYNC]);
    const out = session.push(bytes);
    expect(types(out)).toBe('1tn2nZ');
    expect(ran).toEqual([]);
    // Still idle: nothing began.
    expect(String.fromCharCode(out.at(-1) ?? 0)).toBe('I');
  });

  it('after an error everything up to Sync is passed over', () => {
    const { session, ran } = open();
    const unknown = message('B', '\0nobody\0\0\0\0\0\0\0');
    expect(types(session.push(Buffer.concat([unknown, parse('q'), BIND, execute(0), SYNC])))).toBe('EZ');
    expect(ran).toEqual([]);
  });

  it('an empty statement answers as empty', () => {
    const { session } = open();
    expect(types(session.push(Buffer.concat([parse(' '), BIND, execute(0), SYNC])))).toBe('12IZ');
    expect(types(session.push(message('Q', '\0')))).toBe('IZ');
  });

  it('semicolons in quotes and comments do not cut', () => {
    const { session, ran } = open();
    session.push(message('Q', `a ';' ";" /* ; */ -- ;\n;b\0`));
    expect(ran).toEqual([`a ';' ";" /* ; */ -- ;`, 'b']);
  });

  it('survives any bytes, before and after the start-up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
        fc.boolean(),
        (chunks, started) => {
          const fresh = new PostgresSession({ processId: 1, serverVersion: '16.4', answer: () => done('X') });
          const session = started ? open().session : fresh;
          for (const chunk of chunks) session.push(Buffer.from(chunk));
        },
      ),
      { numRuns: 500 },
    );
  });
});

import type { Answer, StatementAnswerer } from './answer.ts';
import { splitStatements } from './split-statements.ts';
import { readParameters, sessionStatus } from './startup.ts';
import {
  BodyReader,
  type FrontendMessage,
  reply,
  type ServerFault,
  type TransactionStatus,
  TYPES,
  WireError,
  WireReader,
} from './wire.ts';

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const PROTOCOL_3 = 3;

interface Prepared {
  sql: string;
  parameterOids: readonly number[];
}
interface Portal {
  sql: string;
  /** Null until it is executed. */
  answer: Answer | null;
  /** Rows that went out already. */
  sent: number;
}

/** What a session needs from its server. */
export interface SessionDeps {
  processId: number;
  serverVersion: string;
  answer: StatementAnswerer;
}

/** One client connection: bytes in, bytes out. Trusts every user, and knows only the statements of its answerer. */
export class PostgresSession {
  readonly #reader = new WireReader();
  readonly #deps: SessionDeps;
  readonly #prepared = new Map<string, Prepared>();
  readonly #portals = new Map<string, Portal>();
  #started = false;
  #status: TransactionStatus = 'I';
  /** After an error in the extended protocol everything up to Sync is passed over. */
  #skipToSync = false;
  /** True once the connection is to be closed, after what was returned has gone out. */
  isOver = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** Takes bytes of the client and gives the bytes to send. */
  push(chunk: Buffer): Buffer {
    const out: Buffer[] = [];
    try {
      this.#reader.push(chunk);
      while (!this.isOver) {
        if (!this.#started) {
          const body = this.#reader.startup();
          if (body === null) break;
          this.#startup(body, out);
        } else {
          const message = this.#reader.next();
          if (message === null) break;
          this.#handle(message, out);
        }
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      out.push(reply.error({ severity: 'FATAL', code: '08P01', message: error.message }));
      this.isOver = true;
    }
    return Buffer.concat(out);
  }

  #startup(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    const code = reader.int32();
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      out.push(Buffer.from('N'));
      return;
    }
    if (code === CANCEL_REQUEST) {
      // Every answer here is immediate: there is never anything to cancel.
      this.isOver = true;
      return;
    }
    if (code >>> 16 !== PROTOCOL_3) throw new WireError(`unsupported frontend protocol ${code >>> 16}`);
    const parameters = readParameters(reader);
    if (!parameters.has('user')) {
      const fault = 'no PostgreSQL user name specified in startup packet';
      out.push(reply.error({ severity: 'FATAL', code: '28000', message: fault }));
      this.isOver = true;
      return;
    }
    this.#started = true;
    const status = sessionStatus(parameters, this.#deps.serverVersion);
    out.push(reply.authenticationOk(), ...status.map(([name, value]) => reply.parameterStatus(name, value)));
    out.push(reply.backendKeyData(this.#deps.processId, this.#deps.processId * 7_919));
    out.push(reply.readyForQuery(this.#status));
  }

  #handle(message: FrontendMessage, out: Buffer[]): void {
    if (message.type === 'X') {
      this.isOver = true;
      return;
    }
    if (this.#skipToSync && message.type !== 'S') return;
    switch (message.type) {
      case 'Q':
        this.#simpleQuery(new BodyReader(message.body).text(), out);
        return;
      case 'P':
        this.#parse(message.body, out);
        return;
      case 'B':
        this.#bind(message.body, out);
        return;
      case 'D':
        this.#describe(message.body, out);
        return;
      case 'E':
        this.#execute(message.body, out);
        return;
      case 'C':
        this.#close(message.body, out);
        return;
      case 'S':
        this.#skipToSync = false;
        // Portals live as long as their transaction; without one that is until here.
        if (this.#status === 'I') this.#portals.clear();
        out.push(reply.readyForQuery(this.#status));
        return;
      case 'H':
        return;
      default:
        throw new WireError(`invalid frontend message type ${message.type.charCodeAt(0)}`);
    }
  }

  /** Several statements may stand in one text; the first failing one ends it. */
  #simpleQuery(sql: string, out: Buffer[]): void {
    const statements = splitStatements(sql);
    if (statements.length === 0) out.push(reply.emptyQuery());
    for (const statement of statements) {
      const answer = this.#answer(statement);
      if ('fault' in answer) {
        this.#fail(answer.fault, out);
        break;
      }
      if (answer.columns !== null) out.push(reply.rowDescription(answer.columns));
      for (const row of answer.rows) out.push(reply.dataRow(row));
      out.push(reply.commandComplete(answer.tag));
    }
    this.#skipToSync = false;
    out.push(reply.readyForQuery(this.#status));
  }

  #parse(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    const name = reader.text();
    const sql = reader.text();
    const oids = Array.from({ length: reader.int16() }, () => reader.int32());
    if (name !== '' && this.#prepared.has(name)) {
      const text = `prepared statement "${name}" already exists`;
      this.#fail({ severity: 'ERROR', code: '42P05', message: text }, out);
      return;
    }
    // A parameter whose type the client leaves open is text here.
    const wanted = Math.max(0, ...[...sql.matchAll(/\$(\d{1,3})/g)].map((match) => Number(match[1])));
    const parameterOids = Array.from(
      { length: Math.max(wanted, oids.length) },
      (_, i) => oids[i] || TYPES.text.oid,
    );
    this.#prepared.set(name, { sql, parameterOids });
    out.push(reply.parseComplete());
  }

  #bind(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    const portal = reader.text();
    const name = reader.text();
    for (let n = reader.int16(); n > 0; n -= 1) reader.int16();
    // Our statements are told apart by their comment: the values do not change the answer.
    for (let n = reader.int16(); n > 0; n -= 1) reader.skip(Math.max(0, reader.int32()));
    const formats = Array.from({ length: reader.int16() }, () => reader.int16());
    const prepared = this.#prepared.get(name);
    if (prepared === undefined) {
      this.#fail(unknownStatement(name), out);
      return;
    }
    if (formats.includes(1)) {
      this.#fail({ severity: 'ERROR', code: '0A000', message: 'binary results are not supported' }, out);
      return;
    }
    this.#portals.set(portal, { sql: prepared.sql, answer: null, sent: 0 });
    out.push(reply.bindComplete());
  }

  #describe(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    const what = reader.byte();
    const name = reader.text();
    if (what === 'S') {
      const prepared = this.#prepared.get(name);
      if (prepared === undefined) {
        this.#fail(unknownStatement(name), out);
        return;
      }
      this.#describeRows(prepared.sql, prepared.parameterOids, out);
      return;
    }
    const portal = this.#portals.get(name);
    if (portal === undefined) this.#fail(unknownPortal(name), out);
    else this.#describeRows(portal.sql, null, out);
  }

  /** Asking what a statement gives is not running it. */
  #describeRows(sql: string, parameterOids: readonly number[] | null, out: Buffer[]): void {
    const answer = isEmpty(sql) ? EMPTY : this.#deps.answer(sql, { describeOnly: true });
    if ('fault' in answer) {
      this.#fail(answer.fault, out);
      return;
    }
    if (parameterOids !== null) out.push(reply.parameterDescription(parameterOids));
    out.push(answer.columns === null ? reply.noData() : reply.rowDescription(answer.columns));
  }

  #execute(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    const name = reader.text();
    const maxRows = reader.int32();
    const portal = this.#portals.get(name);
    if (portal === undefined) {
      this.#fail(unknownPortal(name), out);
      return;
    }
    portal.answer ??= this.#answer(portal.sql);
    const { answer } = portal;
    if ('fault' in answer) {
      this.#fail(answer.fault, out);
      return;
    }
    if (answer === EMPTY) {
      out.push(reply.emptyQuery());
      return;
    }
    const until = maxRows > 0 ? portal.sent + maxRows : answer.rows.length;
    for (const row of answer.rows.slice(portal.sent, until)) out.push(reply.dataRow(row));
    portal.sent = until;
    out.push(until < answer.rows.length ? reply.portalSuspended() : reply.commandComplete(answer.tag));
  }

  #close(body: Buffer, out: Buffer[]): void {
    const reader = new BodyReader(body);
    if (reader.byte() === 'S') this.#prepared.delete(reader.text());
    else this.#portals.delete(reader.text());
    out.push(reply.closeComplete());
  }

  #answer(sql: string): Answer {
    if (isEmpty(sql)) return EMPTY;
    const answer = this.#deps.answer(sql, { describeOnly: false });
    if ('fault' in answer) return answer;
    if (this.#status === 'E' && answer.tag !== 'COMMIT' && answer.tag !== 'ROLLBACK') {
      const text = 'current transaction is aborted, commands ignored until end of transaction block';
      return { fault: { severity: 'ERROR', code: '25P02', message: text } };
    }
    if (answer.tag === 'BEGIN') this.#status = 'T';
    if (answer.tag === 'COMMIT' || answer.tag === 'ROLLBACK') {
      // A commit of a failed transaction says what it really did.
      const tag = this.#status === 'E' ? 'ROLLBACK' : answer.tag;
      this.#status = 'I';
      return { ...answer, tag };
    }
    return answer;
  }

  #fail(fault: ServerFault, out: Buffer[]): void {
    out.push(reply.error(fault));
    this.#skipToSync = true;
    if (this.#status === 'T') this.#status = 'E';
    if (fault.severity === 'FATAL') this.isOver = true;
  }
}

/** A text without a statement. */
const EMPTY: Answer = { columns: null, rows: [], tag: '' };
function isEmpty(sql: string): boolean {
  return sql.trim() === '';
}

function unknownStatement(name: string): ServerFault {
  return { severity: 'ERROR', code: '26000', message: `prepared statement "${name}" does not exist` };
}
function unknownPortal(name: string): ServerFault {
  return { severity: 'ERROR', code: '34000', message: `portal "${name}" does not exist` };
}

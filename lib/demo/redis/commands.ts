import type { Reply, RespVersion } from './resp.ts';
import type { Served } from './served.ts';

/** One client as the commands see it. */
export interface Client {
  readonly id: number;
  resp: RespVersion;
  name: string;
  loggedIn: boolean;
  closeAfterReply: boolean;
}

/** One key that was really set; `untilMs` null: for ever. */
export interface Kept {
  value: Buffer;
  untilMs: number | null;
}

/** What the commands work on. */
export interface Keyspace {
  /** Null: everybody is let in. */
  password: string | null;
  version: string;
  keys: Map<string, Kept>;
  served: Served;
  /** Why this command is refused whatever it is, as the provider of the database words it; null when it is not. */
  refusal(): string | null;
  nowMs(): number;
  /** Keys of the story, counted by DBSIZE. */
  storyKeys(): number;
  info(sections: readonly string[]): string;
}

type Run = (words: readonly Buffer[], client: Client, space: Keyspace) => Reply;
interface Command {
  /** Words with the name; a negative number means "at least". */
  arity: number;
  run: Run;
  beforeLogin?: true;
  /** Part of opening or closing a connection. */
  connects?: true;
}

const OK: Reply = { simple: 'OK' };
const MAX_KEYS = 10_000;

const COMMANDS: Readonly<Record<string, Command>> = {
  hello: { arity: -1, run: hello, beforeLogin: true, connects: true },
  auth: { arity: -2, run: auth, beforeLogin: true, connects: true },
  quit: {
    arity: -1,
    beforeLogin: true,
    connects: true,
    run: (_, client) => {
      client.closeAfterReply = true;
      return OK;
    },
  },
  reset: {
    arity: 1,
    beforeLogin: true,
    run: (_, client, { password }) => {
      client.resp = 2;
      client.name = '';
      client.loggedIn = password === null;
      return { simple: 'RESET' };
    },
  },
  ping: { arity: -1, run: ([, text]) => (text === undefined ? { simple: 'PONG' } : { bulk: text }) },
  echo: { arity: 2, run: ([, text]) => ({ bulk: text ?? '' }) },
  select: {
    arity: 2,
    run: ([, db]) => (String(db) === '0' ? OK : { error: 'ERR DB index is out of range' }),
  },
  client: { arity: -2, run: clientCommand, connects: true },
  command: { arity: -1, run: commandCommand },
  config: {
    arity: -2,
    // What a client may ask about settings has no answer here, which RESP writes as an empty map.
    run: ([, verb]) =>
      lower(verb) === 'get' ? { map: [] } : { error: `ERR unknown subcommand '${verb}'. Try CONFIG HELP.` },
  },
  info: { arity: -1, run: (words, _, space) => ({ text: space.info(words.slice(1).map(String)) }) },
  dbsize: { arity: 1, run: (_, __, space) => space.storyKeys() + space.keys.size },
  time: {
    arity: 1,
    run: (_, __, space) => {
      const atMs = space.nowMs();
      const micros = Math.round((atMs % 1000) * 1000);
      return { list: [{ bulk: String(Math.floor(atMs / 1000)) }, { bulk: String(micros) }] };
    },
  },
  get: { arity: 2, run: get },
  set: { arity: -3, run: set },
  del: {
    arity: -2,
    run: (words, _, { keys }) => words.slice(1).filter((key) => keys.delete(String(key))).length,
  },
};

/** Runs one command and counts it as the server's statistics would. */
export function runCommand(words: readonly Buffer[], client: Client, space: Keyspace): Reply {
  const { served } = space;
  const name = lower(words[0]);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const args = words.slice(1, 4).map((word) => `'${String(word).slice(0, 32)}' `);
    return refused(
      space,
      null,
      `ERR unknown command '${name.slice(0, 64)}', with args beginning with: ${args.join('')}`,
    );
  }
  const enough = command.arity < 0 ? words.length >= -command.arity : words.length === command.arity;
  if (!enough) return refused(space, name, `ERR wrong number of arguments for '${name}' command`);
  if (!client.loggedIn && command.beforeLogin !== true) {
    return refused(space, name, 'NOAUTH Authentication required.');
  }
  // To connect is no command in this sense: it is refused as soon as it asks for something.
  const refusal = command.connects === true ? null : space.refusal();
  if (refusal !== null) return refused(space, name, refusal);
  const reply = command.run(words, client, space);
  served.add(served.calls, name);
  if (reply !== null && typeof reply === 'object' && 'error' in reply) {
    served.add(served.failed, name);
    served.add(served.errors, prefixOf(reply.error));
  }
  return reply;
}

/** A command that never reached its execution. */
function refused({ served }: Keyspace, name: string | null, error: string): Reply {
  if (name !== null) served.add(served.rejected, name);
  served.add(served.errors, prefixOf(error));
  return { error };
}

function hello(words: readonly Buffer[], client: Client, space: Keyspace): Reply {
  const version = words[1] === undefined ? String(client.resp) : String(words[1]);
  if (version !== '2' && version !== '3') return { error: 'NOPROTO unsupported protocol version' };
  for (let i = 2; i < words.length; i += 1) {
    const option = lower(words[i]);
    if (option === 'auth' && i + 2 < words.length) {
      const failed = logIn(String(words[i + 1]), String(words[i + 2]), client, space);
      if (failed !== null) return failed;
      i += 2;
    } else if (option === 'setname' && i + 1 < words.length) {
      client.name = String(words[i + 1]);
      i += 1;
    } else return { error: `ERR Syntax error in HELLO option '${option}'` };
  }
  if (!client.loggedIn) {
    return {
      error: 'NOAUTH HELLO must be called with the client already authenticated, or with the AUTH option.',
    };
  }
  client.resp = version === '3' ? 3 : 2;
  return {
    map: [
      ['server', { bulk: 'redis' }],
      ['version', { bulk: space.version }],
      ['proto', client.resp],
      ['id', client.id],
      ['mode', { bulk: 'standalone' }],
      ['role', { bulk: 'master' }],
      ['modules', { list: [] }],
    ],
  };
}

function auth(words: readonly Buffer[], client: Client, space: Keyspace): Reply {
  if (words.length > 3) return { error: 'ERR syntax error' };
  if (space.password === null && words.length === 2) {
    return { error: 'ERR AUTH <password> called without any password configured for the default user.' };
  }
  const [user, password] = words.length === 2 ? ['default', words[1]] : [String(words[1]), words[2]];
  return logIn(user, String(password), client, space) ?? OK;
}

/** Null when the login holds. */
function logIn(user: string, password: string, client: Client, space: Keyspace): Reply {
  if (user !== 'default' || (space.password !== null && password !== space.password)) {
    return { error: 'WRONGPASS invalid username-password pair or user is disabled.' };
  }
  client.loggedIn = true;
  return null;
}

function clientCommand(words: readonly Buffer[], client: Client): Reply {
  const verb = lower(words[1]);
  switch (verb) {
    case 'setname':
      client.name = String(words[2] ?? '');
      return OK;
    case 'getname':
      return client.name === '' ? null : { bulk: client.name };
    case 'id':
      return client.id;
    case 'setinfo':
    case 'no-evict':
    case 'no-touch':
      return OK;
    default:
      return { error: `ERR unknown subcommand '${verb.slice(0, 64)}'. Try CLIENT HELP.` };
  }
}

function commandCommand(words: readonly Buffer[]): Reply {
  const verb = words[1] === undefined ? '' : lower(words[1]);
  if (verb === 'count') return Object.keys(COMMANDS).length;
  if (verb === 'docs') return { map: [] };
  if (verb !== '' && verb !== 'info') return { error: `ERR unknown subcommand '${verb}'. Try COMMAND HELP.` };
  return {
    list: Object.entries(COMMANDS).map(([name, { arity }]) => ({
      list: [{ bulk: name }, arity, { list: [] }, 0, 0, 0],
    })),
  };
}

function get([, word]: readonly Buffer[], _: Client, { keys, served, nowMs }: Keyspace): Reply {
  const key = String(word);
  const kept = keys.get(key);
  const isOver = kept?.untilMs != null && kept.untilMs <= nowMs();
  if (isOver) keys.delete(key);
  if (kept === undefined || isOver) {
    served.misses += 1;
    return null;
  }
  served.hits += 1;
  return { bulk: kept.value };
}

/** `SET key value [EX seconds | PX ms]`. */
function set(words: readonly Buffer[], _: Client, { keys, nowMs }: Keyspace): Reply {
  const [, word, value, option, amount] = words;
  const key = String(word);
  let untilMs: number | null = null;
  if (words.length > 3) {
    const unitMs = { ex: 1_000, px: 1 }[lower(option)];
    if (unitMs === undefined || words.length !== 5) return { error: 'ERR syntax error' };
    if (!/^[1-9]\d{0,9}$/.test(String(amount))) return { error: "ERR invalid expire time in 'set' command" };
    untilMs = nowMs() + Number(amount) * unitMs;
  }
  // A demo is no place to fill memory.
  if (!keys.has(key) && keys.size >= MAX_KEYS) {
    return { error: "OOM command not allowed when used memory > 'maxmemory'." };
  }
  // A copy: the word is a view into the connection's buffer.
  keys.set(key, { value: Buffer.from(value ?? ''), untilMs });
  return OK;
}

function lower(word: Buffer | undefined): string {
  return String(word ?? '').toLowerCase();
}

function prefixOf(error: string): string {
  return error.split(' ', 1)[0] ?? 'ERR';
}

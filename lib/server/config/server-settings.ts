import 'server-only';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { isLoopback, readHttpAddress } from './address.ts';
import type { FaultList } from './faults.ts';
import { parseAt, type Reporter, variableReporter } from './issues.ts';
import { hostSchema, portSchema, type serverSchema } from './schema.ts';
import { Secret } from './secret.ts';
import type { Config } from './types.ts';
import type { Env, Variables } from './variables.ts';

interface Input {
  /** The file's `server` part. */
  written: z.output<typeof serverSchema>;
  fileReporter: Reporter;
  env: Env;
  variables: Variables;
  faults: FaultList;
  cwd: string;
}

type ServerSettings = Pick<
  Config,
  | 'dataDir'
  | 'databaseUrl'
  | 'instanceUrl'
  | 'bind'
  | 'publicUrl'
  | 'allowInsecureHttp'
  | 'password'
  | 'token'
  | 'secretKey'
>;

const DATABASE_URL = 'AFTERWATCH_DATABASE_URL';
const INSTANCE_URL = 'AFTERWATCH_INSTANCE_URL';
const PUBLIC_URL = 'AFTERWATCH_PUBLIC_URL';
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 3_000;
const MIN_PASSWORD_CHARS = 8;
const MIN_TOKEN_CHARS = 16;
const MIN_KEY_CHARS = 32;

/** How the server is reached and protected: variables first, then the file. Faults go to `faults`. */
export function readServerSettings(input: Input): ServerSettings {
  const { written, env, variables, faults } = input;
  const password = readSecret('AFTERWATCH_PASSWORD', MIN_PASSWORD_CHARS, variables, faults);
  const token = readSecret('AFTERWATCH_TOKEN', MIN_TOKEN_CHARS, variables, faults);
  const secretKey = readSecret('AFTERWATCH_SECRET_KEY', MIN_KEY_CHARS, variables, faults);
  const host = fromVariable('HOST', hostSchema, input);
  const port = fromVariable('PORT', portSchema, input) ?? written.port ?? DEFAULT_PORT;
  const bind = { host: host ?? written.host ?? DEFAULT_HOST, port };
  if (!isLoopback(bind.host) && password === null && variables.get('AFTERWATCH_PASSWORD').state === 'unset') {
    const message =
      'opens the server to other machines, and AFTERWATCH_PASSWORD is not set; set it, or listen on 127.0.0.1';
    if (host === null) input.fileReporter.report(['server', 'host'], message);
    else faults.add('HOST', null, message);
  }
  const allowInsecureHttp = written.allowInsecureHttp ?? false;
  const dataDir = resolve(input.cwd, env.AFTERWATCH_DATA_DIR || 'data');
  const publicUrl = readPublicUrl(input, allowInsecureHttp);
  const databaseUrl = readDatabaseUrl(variables, faults);
  const instanceUrl = readInstanceUrl(input);
  return {
    ...{ dataDir, databaseUrl, instanceUrl, bind, publicUrl },
    ...{ allowInsecureHttp, password, token, secretKey },
  };
}

/** Its password stays out of every text. */
function readDatabaseUrl(variables: Variables, faults: FaultList): Secret | null {
  const found = variables.get(DATABASE_URL);
  if (found.state !== 'set') return null;
  const isUrl = /^postgres(ql)?:\/\//.test(found.value) && URL.canParse(found.value);
  if (isUrl && new URL(found.value).hostname !== '') return new Secret(found.value);
  faults.add(DATABASE_URL, null, 'must be postgres://user:password@host:port/database');
  return null;
}

function readInstanceUrl({ env, faults }: Input): URL | null {
  const text = env[INSTANCE_URL] || null;
  if (text === null) return null;
  const read = readHttpAddress(text);
  if (read.ok) return new URL(text);
  faults.add(INSTANCE_URL, null, read.problem);
  return null;
}

function readSecret(name: string, minChars: number, variables: Variables, faults: FaultList): Secret | null {
  const found = variables.get(name);
  if (found.state !== 'set') return null;
  if (found.value.length >= minChars) return new Secret(found.value);
  faults.add(name, null, `is too short: at least ${minChars} characters are needed`);
  return null;
}

function fromVariable<T>(name: string, schema: z.ZodType<T>, { env, faults }: Input): T | null {
  const value = env[name] || null;
  return value === null ? null : parseAt(variableReporter(name, faults), schema, value, []);
}

function readPublicUrl(
  { written, fileReporter, env, faults }: Input,
  allowInsecureHttp: boolean,
): URL | null {
  const fromEnv = env[PUBLIC_URL] || null;
  const text = fromEnv ?? written.publicUrl;
  if (text === undefined) return null;
  const report = (message: string) =>
    fromEnv === null
      ? fileReporter.report(['server', 'publicUrl'], message)
      : faults.add(PUBLIC_URL, null, message);
  const read = readHttpAddress(text);
  if (!read.ok) {
    report(read.problem);
    return null;
  }
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    report('must be a bare origin such as https://watch.example.com, without path or query');
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecureHttp) {
    report(
      'must be https; passwords would cross the network in clear (server.allowInsecureHttp: true permits it)',
    );
  }
  return url;
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real server that a test started for itself: on loopback, in a temporary folder, gone after `stop()`. */
export interface Peer {
  readonly port: number;
  /** Address with credentials where the peer has any. */
  readonly url: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** Stops it cleanly and starts it again on the same port with the same data folder. */
  restart(): Promise<void>;
  /** Ends it without a chance to write anything, as a crash would; `restart` brings it back. */
  kill(): Promise<void>;
}

export interface RedisPeerOptions {
  /** Password of the default user; none when left out. */
  password?: string;
  /** More words for the command line, such as `['--maxmemory', '64mb']`. */
  args?: readonly string[];
}

export interface PostgresPeerOptions {
  /** Preloads pg_stat_statements and creates the extension in database `app`; true when left out. */
  statements?: boolean;
  /** Lines for `pg_hba.conf` in place of "everyone on loopback is trusted"; keep a `local` line, `psql` uses it. */
  hba?: readonly string[];
  /** More `-c name=value` settings. */
  settings?: Readonly<Record<string, string>>;
}

export interface PostgresPeer extends Peer {
  /** Runs SQL as the superuser with psql and gives its unaligned text; throws with psql's words when it fails. */
  psql(sql: string, database?: string): string;
  /** Address for another role or database on the same server. */
  urlFor(role: string, options?: { password?: string; database?: string }): string;
}

export interface PrometheusPeerOptions {
  /** What to scrape, by job. */
  jobs: Readonly<Record<string, readonly string[]>>;
  /** Time between two scrapes, a second when left out. */
  scrapeSeconds?: number;
  /** A past that it remembers: OpenMetrics text with a time on each line, ending in `# EOF`. */
  past?: string;
  /** A folder of blocks to serve and to write into; it stays when the peer stops. */
  dataFolder?: string;
}

export interface VictoriaMetricsPeerOptions {
  /** What to scrape, by job; nothing when left out. */
  jobs?: Readonly<Record<string, readonly string[]>>;
  /** Time between two scrapes, a second when left out. */
  scrapeSeconds?: number;
  /** Where its data lie; a folder that goes with the peer when left out. */
  dataFolder?: string;
}

export interface PostgresExporterOptions {
  /** Contents of a file of queries for the exporter, in its YAML. */
  queries?: string;
}

const HOST = '127.0.0.1';
const START_WITHIN_MS = 15_000;

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** True when `startRedis` can work here. */
export function hasRedis(): boolean {
  return findProgram('redis-server') !== null;
}

/** True when `startPostgres` can work here. */
export function hasPostgres(): boolean {
  return findPostgresBin() !== null;
}

/** Starts redis-server without persistence. Throws with the name of the package when it is not installed. */
export async function startRedis(options: RedisPeerOptions = {}): Promise<Peer> {
  const program = findProgram('redis-server');
  if (program === null) throw new Error('redis-server is not installed; install the package redis-server');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-redis-'));
  const args = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no', '--dir', folder];
  if (options.password !== undefined) args.push('--requirepass', options.password);
  args.push(...(options.args ?? []));

  const runner = new Runner('redis-server', folder, () => spawn(program, args, { stdio: 'ignore' }), {
    ready: () => pingRedis(port),
    stopSignal: 'SIGTERM',
  });
  await runner.start();
  const credentials = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  return {
    port,
    url: `redis://${credentials}${HOST}:${port}`,
    stop: () => runner.stop(true),
    restart: () => runner.restart(),
    kill: () => runner.kill(),
  };
}

/**
 * Starts PostgreSQL with a database `app` owned by role `app` (password `app`), superuser `postgres`.
 * PostgreSQL refuses to run as root: then it runs as the system user `postgres`.
 */
export async function startPostgres(options: PostgresPeerOptions = {}): Promise<PostgresPeer> {
  const bin = findPostgresBin();
  if (bin === null)
    throw new Error('PostgreSQL is not installed; install the packages postgresql and postgresql-contrib');
  const owner = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-postgres-'));
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const asOwner = owner === null ? { cwd: folder } : { ...owner, cwd: folder };

  const init = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    { ...asOwner, encoding: 'utf8' },
  );
  if (init.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${init.stderr || String(init.error)}`);
  }
  const hba = options.hba ?? ['local all all trust', 'host all all 127.0.0.1/32 trust'];
  writeFileSync(join(data, 'pg_hba.conf'), `${hba.join('\n')}\n`);

  const withStatements = options.statements ?? true;
  const port = await freePort();
  const settings = {
    ...(withStatements ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
    // Notices its lost client soon, so that stop() never waits for a test's connection.
    client_connection_check_interval: '500ms',
    ...options.settings,
  };
  const args = ['-D', data, '-p', String(port), '-h', HOST, '-k', folder, '-F'];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);

  const runner = new Runner(
    'postgres',
    folder,
    () => spawn(join(bin, 'postgres'), args, { ...asOwner, stdio: 'ignore' }),
    {
      ready: async () =>
        spawnSync(join(bin, 'pg_isready'), ['-q', '-h', HOST, '-p', String(port)], asOwner).status === 0,
      // "Fast" shutdown: ends open sessions, writes statistics.
      stopSignal: 'SIGINT',
    },
  );
  await runner.start();

  // Over the socket in the folder, which no `hba` of a test closes unless it means to.
  const psql = (sql: string, database = 'app'): string => {
    const words = [
      '-X',
      '-q',
      '-A',
      '-t',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      folder,
      '-p',
      String(port),
      '-U',
      'postgres',
    ];
    const result = spawnSync(join(bin, 'psql'), [...words, '-d', database, '-f', '-'], {
      ...asOwner,
      input: sql,
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`psql failed: ${result.stderr || String(result.error)}`);
    return result.stdout.trimEnd();
  };
  const urlFor: PostgresPeer['urlFor'] = (role, { password, database = 'app' } = {}) => {
    const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
    return `postgres://${encodeURIComponent(role)}${secret}@${HOST}:${port}/${database}`;
  };
  try {
    psql(`CREATE ROLE app LOGIN PASSWORD 'app';`, 'postgres');
    psql('CREATE DATABASE app OWNER app;', 'postgres');
    if (withStatements) psql('CREATE EXTENSION pg_stat_statements;');
  } catch (cause) {
    await runner.stop(true);
    throw cause;
  }
  return {
    port,
    url: urlFor('app', { password: 'app' }),
    stop: () => runner.stop(true),
    restart: () => runner.restart(),
    kill: () => runner.kill(),
    psql,
    urlFor,
  };
}

/**
 * Starts pgbouncer in front of the database `app` of a running PostgreSQL, as role `app`, with transactions pooled: two
 * statements of one client may go over two connections unless a transaction holds them together.
 */
export async function startPgbouncer(server: PostgresPeer): Promise<Peer> {
  const program = findProgram('pgbouncer');
  if (program === null) throw new Error('pgbouncer is not installed; install the package pgbouncer');
  const owner = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-pgbouncer-'));
  const port = await freePort();
  const config = [
    '[databases]',
    `app = host=${HOST} port=${server.port} dbname=app user=app password=app`,
    '[pgbouncer]',
    `listen_addr = ${HOST}`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    // More than one, so that what belongs to a session is seen to be lost.
    'default_pool_size = 6',
    'min_pool_size = 3',
    'server_round_robin = 1',
    'server_login_retry = 1',
    'logfile = pgbouncer.log',
  ];
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, `${config.join('\n')}\n`);
  if (owner !== null) for (const path of [folder, file]) chownSync(path, owner.uid, owner.gid);
  const launch = () => spawn(program, ['-q', file], { ...(owner ?? {}), cwd: folder, stdio: 'ignore' });
  const runner = new Runner('pgbouncer', folder, launch, {
    ready: () => acceptsConnection(port),
    // Ends at once; SIGINT would wait for the clients.
    stopSignal: 'SIGTERM',
  });
  await runner.start();
  return {
    port,
    url: `postgres://app:app@${HOST}:${port}/app`,
    stop: () => runner.stop(true),
    restart: () => runner.restart(),
    kill: () => runner.kill(),
  };
}

/** True when Prometheus and both exporters can be started here. */
export function hasPrometheus(): boolean {
  return [PROMETHEUS, REDIS_EXPORTER, POSTGRES_EXPORTER].every((names) => findAny(names) !== null);
}

const PROMETHEUS = ['prometheus'];
/** Debian's name, then the project's own. */
const REDIS_EXPORTER = ['prometheus-redis-exporter', 'redis_exporter'];
const POSTGRES_EXPORTER = ['prometheus-postgres-exporter', 'postgres_exporter'];

/** Starts Prometheus over its static targets. Ready is ready to answer; the first scrape comes within an interval. */
export function startPrometheus({
  jobs,
  scrapeSeconds = 1,
  past,
  dataFolder,
}: PrometheusPeerOptions): Promise<Peer> {
  const config = scrapeConfig(jobs, scrapeSeconds);
  return startHttpPeer('prometheus', PROMETHEUS, '/-/ready', (port, folder) => {
    if (past !== undefined) importPast(past, folder);
    // JSON is YAML.
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    return {
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${dataFolder ?? join(folder, 'data')}`,
        `--web.listen-address=${HOST}:${port}`,
      ],
    };
  });
}

/** What Prometheus and VictoriaMetrics read alike. A target may carry a path: `127.0.0.1:9000/m/1/metrics`. */
function scrapeConfig(
  jobs: Readonly<Record<string, readonly string[]>>,
  scrapeSeconds: number,
): Readonly<Record<string, unknown>> {
  return {
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
    scrape_configs: Object.entries(jobs).map(([job, targets]) => ({
      job_name: job,
      static_configs: targets.map((target) => {
        const [address = target, ...path] = target.split('/');
        const labels = path.length === 0 ? {} : { __metrics_path__: `/${path.join('/')}`, instance: target };
        return { targets: [address], labels };
      }),
    })),
  };
}

/** Writes a past into Prometheus's data folder with its own tool, which comes in the same package. */
function importPast(text: string, folder: string): void {
  const file = join(folder, 'past.txt');
  writeFileSync(file, text);
  const words = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')];
  const result = spawnSync(findProgram('promtool') ?? 'promtool', words, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`promtool failed: ${result.stderr || String(result.error)}`);
}

/** True when VictoriaMetrics can be started here. */
export function hasVictoriaMetrics(): boolean {
  return findAny(VICTORIA_METRICS) !== null;
}

const VICTORIA_METRICS = ['victoria-metrics'];

/** Starts a single VictoriaMetrics over its static targets. Ready is ready to answer. */
export function startVictoriaMetrics({
  jobs = {},
  scrapeSeconds = 1,
  dataFolder,
}: VictoriaMetricsPeerOptions = {}): Promise<Peer> {
  return startHttpPeer('victoria-metrics', VICTORIA_METRICS, '/health', (port, folder) => {
    writeFileSync(join(folder, 'scrape.yml'), JSON.stringify(scrapeConfig(jobs, scrapeSeconds)));
    return {
      args: [
        `-storageDataPath=${dataFolder ?? join(folder, 'data')}`,
        `-httpListenAddr=${HOST}:${port}`,
        `-promscrape.config=${join(folder, 'scrape.yml')}`,
        // A month is its default; what is imported may lie a little further back.
        '-retentionPeriod=100y',
      ],
    };
  });
}

/** Starts the exporter that reads the Redis at `redisUrl`. */
export function startRedisExporter(redisUrl: string): Promise<Peer> {
  return startHttpPeer('redis_exporter', REDIS_EXPORTER, '/health', (port) => ({
    args: ['-redis.addr', redisUrl, '-web.listen-address', `${HOST}:${port}`],
  }));
}

/** Starts the exporter that reads the Postgres at `postgresUrl`. */
export function startPostgresExporter(
  postgresUrl: string,
  { queries }: PostgresExporterOptions = {},
): Promise<Peer> {
  return startHttpPeer('postgres_exporter', POSTGRES_EXPORTER, '/', (port, folder) => {
    const file = join(folder, 'queries.yaml');
    if (queries !== undefined) writeFileSync(file, queries);
    return {
      args: [
        `--web.listen-address=${HOST}:${port}`,
        ...(queries === undefined ? [] : [`--extend.query-path=${file}`]),
      ],
      env: { DATA_SOURCE_NAME: `${postgresUrl}?sslmode=disable` },
    };
  });
}

/** A server of one program that is ready when `path` answers 200. */
async function startHttpPeer(
  what: string,
  programs: readonly string[],
  path: string,
  prepare: (port: number, folder: string) => { args: string[]; env?: Record<string, string> },
): Promise<Peer> {
  const program = findAny(programs);
  if (program === null) throw new Error(`${what} is not installed; install the package ${programs[0]}`);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `afterwatch-${what}-`));
  const { args, env } = prepare(port, folder);
  const launch = () =>
    spawn(program, args, { stdio: 'ignore', cwd: folder, env: { ...process.env, ...env } });
  const url = `http://${HOST}:${port}`;
  const runner = new Runner(what, folder, launch, {
    ready: () => answersOk(`${url}${path}`),
    stopSignal: 'SIGTERM',
  });
  await runner.start();
  return {
    port,
    url,
    stop: () => runner.stop(true),
    restart: () => runner.restart(),
    kill: () => runner.kill(),
  };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** A test run that is cut short leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGQUIT');
});

/** One child process with its folder: start, wait until it answers, stop, start again. */
class Runner {
  #child: ChildProcess | null = null;

  constructor(
    private readonly what: string,
    private readonly folder: string,
    private readonly launch: () => ChildProcess,
    private readonly how: { ready: () => Promise<boolean>; stopSignal: NodeJS.Signals },
  ) {}

  async start(): Promise<void> {
    const child = this.launch();
    this.#child = child;
    let failure: Error | null = null;
    child.once('error', (error) => {
      failure = error;
    });
    running.add(child);
    child.once('exit', () => running.delete(child));

    const deadline = performance.now() + START_WITHIN_MS;
    while (!(await this.how.ready())) {
      const ended = failure ?? (child.exitCode === null ? null : new Error(`exit code ${child.exitCode}`));
      if (ended !== null || performance.now() > deadline) {
        await this.stop(true);
        throw new Error(
          `${this.what} did not start: ${ended?.message ?? `no answer in ${START_WITHIN_MS} ms`}`,
        );
      }
      await pause(20);
    }
  }

  async stop(removeFolder: boolean): Promise<void> {
    await this.#end(this.how.stopSignal);
    if (removeFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  async restart(): Promise<void> {
    await this.stop(false);
    await this.start();
  }

  kill(): Promise<void> {
    // SIGQUIT makes the postmaster end its children at once and skip its shutdown; a plain SIGKILL would orphan them.
    return this.#end(this.what === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(giveUp);
  }
}

/** The user that PostgreSQL may run as: null means "as we are". */
function serverUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => {
    const result = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    if (result.status !== 0) {
      throw new Error(
        'PostgreSQL does not run as root and there is no user postgres; install the package postgresql',
      );
    }
    return Number(result.stdout.trim());
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Debian keeps the server's programs off PATH, one folder per major version: the newest is taken. */
function findPostgresBin(): string | null {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).map(Number).filter(Number.isFinite) : [];
  for (const version of versions.sort((a, b) => b - a)) {
    const bin = join(base, String(version), 'bin');
    if (existsSync(join(bin, 'initdb'))) return bin;
  }
  const initdb = findProgram('initdb');
  return initdb === null ? null : join(initdb, '..');
}

function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  for (const folder of folders) {
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

function findAny(names: readonly string[]): string | null {
  return names.map(findProgram).find((program) => program !== null) ?? null;
}

/** True once the port speaks the protocol; NOAUTH is an answer too. */
function pingRedis(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    const finish = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(/^[+-]/.test(data.toString())));
    socket.once('error', () => finish(false));
  });
}

function acceptsConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    const finish = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import { type CellFault, COLUMNS, type Column, HTTP_COLUMNS, NOW_MS } from './columns.ts';
import type { HttpFault } from './http-gate.ts';
import type { PgRow } from './postgres-script.ts';

/** Faults of the way there, the same for every protocol. */
export type LinkFault =
  | { link: 'refused' }
  | { link: 'no_dns' }
  | { link: 'reset' }
  | { link: 'silent' }
  /** Every byte by itself, heads too. */
  | { link: 'drip'; everyMs: number }
  /** Ends after so many bytes of the answer. */
  | { link: 'cut'; bytes: number }
  | { link: 'idle_cut' }
  /** Our own wall clock, set by this much between two visits. */
  | { link: 'own_clock'; byMs: number }
  | { link: 'untrusted_tls' }
  | { link: 'plain_port' }
  | { link: 'other_protocol' };

/** What a visit has to come to. */
export type Wanted =
  /** Fails by kind. `restMs`: the next visit comes no sooner; left out, it comes on its beat. */
  | { kind: ScrapeErrorKind; restMs?: number; says?: RegExp }
  /** Succeeds: what is bad is left out, nothing is made up. `says`: in a notice. `loses`: some samples are gone. */
  | { kept: 'whole' | 'less'; says?: RegExp }
  /** Succeeds after the counters began again: each adds what it counts now at most, and never a negative amount. */
  | { reset: true };

export interface Cell {
  fault: LinkFault | CellFault;
  wanted: Wanted;
}

export interface Row {
  name: string;
  group: string;
  /** Where the cell does not apply: why not. */
  cells: Readonly<Record<Column, Cell | string>>;
  /** Where the deadline is what ends it. */
  slow?: boolean;
  /** Measures memory, so nothing else runs beside it. */
  alone?: boolean;
}

const HOUR_MS = 3_600_000;
const AS_HTTP: ReadonlySet<Column> = new Set(HTTP_COLUMNS);
const NO_HTTP = 'no HTTP';

/** A row in which every column has the same fault of the link. */
function linkRow(
  name: string,
  fault: LinkFault,
  wanted: Wanted,
  more: Partial<Row> = {},
  over: Partial<Record<Column, Wanted>> = {},
): Row {
  const cells = COLUMNS.map((column) => [column, { fault, wanted: over[column] ?? wanted }] as const);
  return { name, group: 'The way there', cells: Object.fromEntries(cells) as Row['cells'], ...more };
}

interface Others {
  RD?: Cell | string;
  NS?: Cell | string;
  over?: Partial<Record<Column, Wanted | string>>;
}

/** A row with one HTTP fault, and what comes nearest in the two other protocols. */
function httpRow(
  group: string,
  name: string,
  http: HttpFault,
  wanted: Wanted,
  others: Others = {},
  more: Partial<Row> = {},
): Row {
  const cells = COLUMNS.map((column): [Column, Cell | string] => {
    const own = others.over?.[column];
    if (typeof own === 'string') return [column, own];
    if (AS_HTTP.has(column)) return [column, { fault: { http }, wanted: own ?? wanted }];
    return [column, (column === 'RD' ? others.RD : others.NS) ?? NO_HTTP];
  });
  return { name, group, cells: Object.fromEntries(cells) as Row['cells'], ...more };
}

const redis = (bytes: string, wanted: Wanted): Cell => ({ fault: { redis: { do: 'reply', bytes } }, wanted });
const info = (change: (text: string) => string, wanted: Wanted): Cell => ({
  fault: { redis: { do: 'info', change } },
  wanted,
});
const postgres = (fault: NonNullable<CellFault['postgres']>, wanted: Wanted): Cell => ({
  fault: { postgres: fault },
  wanted,
});
const rows = (change: (row: PgRow, topic: string) => PgRow | null, wanted: Wanted): Cell =>
  postgres({ do: 'rows', change }, wanted);
const fatal = (code: string, message: string) => ({ severity: 'FATAL', code, message }) as const;

const limited = (retryAfter?: string): HttpFault => ({
  do: 'status',
  status: 429,
  ...(retryAfter !== undefined && { retryAfter }),
});
const date = (afterMs: number) => new Date(NOW_MS + afterMs).toUTCString();

const LINK: readonly Row[] = [
  linkRow('connection refused', { link: 'refused' }, { kind: 'network', says: /refused the connection/ }),
  linkRow('a name that DNS does not know', { link: 'no_dns' }, { kind: 'network', says: /DNS/ }),
  linkRow('reset on connect', { link: 'reset' }, { kind: 'network', says: /reset|closed the connection/ }),
  linkRow(
    'accepts, then silence',
    { link: 'silent' },
    { kind: 'timeout', says: /within \d/ },
    { slow: true },
  ),
  linkRow(
    'a byte at a time, heads too',
    { link: 'drip', everyMs: 250 },
    { kind: 'timeout', says: /within \d/ },
    { slow: true },
  ),
  linkRow(
    'cut in mid-answer',
    { link: 'cut', bytes: 150 },
    { kind: 'network', says: /closed the connection|reset/ },
  ),
  linkRow(
    'the kept connection was cut between visits',
    { link: 'idle_cut' },
    { kept: 'whole' },
    { alone: true },
  ),
  linkRow(
    'a certificate that nobody knows',
    { link: 'untrusted_tls' },
    { kind: 'network', says: /certificate/ },
  ),
  linkRow(
    'TLS where the port is plain',
    { link: 'plain_port' },
    { kind: 'parse', says: /TLS/ },
    {},
    {
      RD: { kind: 'network', says: /TLS/ },
      NS: { kind: 'network', says: /TLS/ },
    },
  ),
  linkRow(
    'another protocol',
    { link: 'other_protocol' },
    { kind: 'parse', says: /not HTTP/ },
    {},
    {
      RD: { kind: 'parse', says: /not the Redis protocol/ },
      NS: { kind: 'parse', says: /not the Postgres protocol/ },
    },
  ),
];

const NO_LIMIT_ANSWER = 'has no such answer';
const limits = (name: string, retryAfter: string | undefined, restMs: number | undefined): Row =>
  httpRow(
    'Refusals',
    `429, Retry-After ${name}`,
    limited(retryAfter),
    { kind: 'limit', ...(restMs !== undefined && { restMs }), says: /429/ },
    { RD: NO_LIMIT_ANSWER, NS: NO_LIMIT_ANSWER },
  );

const REFUSALS: readonly Row[] = [
  limits('120', '120', 120_000),
  limits('in seconds with a fraction', '90.5', 90_500),
  limits('a date', date(180_000), 120_000),
  limits('a date long gone', date(-86_400_000), undefined),
  limits('absent', undefined, undefined),
  limits('in words', 'soon', undefined),
  limits('below 0', '-5', undefined),
  limits('of 30 years', '1000000000', HOUR_MS),
  limits('of more digits than a number holds', '9'.repeat(40), undefined),
  httpRow(
    'Refusals',
    '500',
    { do: 'status', status: 500 },
    { kind: 'http', says: /500/ },
    {
      RD: redis('-ERR something broke inside\r\n', { kind: 'network', says: /something broke/ }),
      NS: postgres(
        { do: 'error', fault: { severity: 'ERROR', code: 'XX000', message: 'something broke inside' } },
        { kind: 'network', says: /something broke/ },
      ),
    },
  ),
  httpRow(
    'Refusals',
    '502 of a gateway, a page of HTML',
    { do: 'status', status: 502, body: '<html><body>Bad gateway $AUTH</body></html>' },
    { kind: 'http', says: /502/ },
  ),
  httpRow(
    'Refusals',
    '503 that asks to wait 200 s; still starting',
    { do: 'status', status: 503, retryAfter: '200' },
    { kind: 'http', restMs: 200_000, says: /503/ },
    {
      RD: redis('-LOADING Redis is loading the dataset in memory\r\n', { kind: 'network', says: /loading/ }),
      NS: postgres(
        { do: 'refuse', fault: fatal('57P03', 'the database system is starting up') },
        { kind: 'network', says: /starting up/ },
      ),
    },
  ),
  httpRow(
    'Refusals',
    '401, a revoked credential',
    { do: 'status', status: 401 },
    { kind: 'auth', restMs: HOUR_MS, says: /401/ },
    {
      RD: redis('-WRONGPASS invalid username-password pair or user is disabled.\r\n', {
        kind: 'auth',
        restMs: HOUR_MS,
        says: /password/,
      }),
      NS: postgres(
        { do: 'refuse', fault: fatal('28P01', 'password authentication failed for user "watcher"') },
        { kind: 'auth', restMs: HOUR_MS, says: /password/ },
      ),
      // A machine is not billed by contact: it is asked on its beat.
      over: { AM: { kind: 'auth', says: /401/ } },
    },
  ),
  httpRow(
    'Refusals',
    '403, no right to it',
    { do: 'status', status: 403 },
    { kind: 'grant', says: /403|right|read/ },
    {
      RD: redis("-NOPERM this user has no permissions to run the 'info' command\r\n", {
        kind: 'grant',
        says: /ACL SETUSER/,
      }),
      NS: postgres(
        { do: 'error', fault: { severity: 'ERROR', code: '42501', message: 'permission denied for view' } },
        { kind: 'grant', says: /GRANT pg_monitor/ },
      ),
      over: { UA: { kind: 'grant', restMs: HOUR_MS, says: /403/ }, AM: { kind: 'auth', says: /403/ } },
    },
  ),
  httpRow(
    'Refusals',
    '404, not there',
    { do: 'status', status: 404 },
    { kind: 'grant', says: /404|check/ },
    {
      RD: redis("-ERR unknown command 'INFO'\r\n", { kind: 'grant', says: /INFO/ }),
      NS: postgres(
        { do: 'refuse', fault: fatal('3D000', 'database "harbor" does not exist') },
        { kind: 'grant', says: /no database/ },
      ),
      over: {
        UA: { kind: 'grant', restMs: HOUR_MS, says: /404/ },
        AM: { kind: 'http', says: /404/ },
        PM: { kind: 'http', says: /404/ },
      },
    },
  ),
  httpRow(
    'Refusals',
    'a quota of the plan is used up',
    { do: 'status', status: 402 },
    { kind: 'http', says: /402/ },
    {
      RD: redis(
        '-ERR max requests limit exceeded. Limit: 500000, Usage: 500000. See https://upstash.com/docs\r\n',
        { kind: 'quota', restMs: HOUR_MS, says: /500000 of 500000/ },
      ),
      NS: postgres(
        {
          do: 'refuse',
          fault: fatal(
            'XX000',
            'Your account or project has exceeded the compute time quota. Upgrade your plan.',
          ),
        },
        { kind: 'quota', restMs: HOUR_MS, says: /quota/ },
      ),
      over: {
        NA: { kind: 'quota', restMs: HOUR_MS, says: /billing/ },
        UA: 'its API stays free',
        FA: 'its APIs have no quota',
        AM: 'no plan',
        PM: 'no plan',
      },
    },
  ),
  httpRow(
    'Refusals',
    'a redirect to another host',
    { do: 'status', status: 302, headers: { location: 'http://127.0.0.1:$SINK/stolen' } },
    { kind: 'http', says: /redirects are not followed/ },
  ),
  httpRow(
    'Refusals',
    'a redirect to a metadata service',
    { do: 'status', status: 307, headers: { location: 'http://169.254.169.254/latest/meta-data' } },
    { kind: 'http', says: /redirects are not followed/ },
  ),
];

const ANSWERS: readonly Row[] = [
  httpRow('Answers', '204, no content', { do: 'status', status: 204 }, { kind: 'parse' }),
  httpRow(
    'Answers',
    'an empty body',
    { do: 'body', body: '' },
    { kind: 'parse' },
    {
      RD: redis('$0\r\n\r\n', { kind: 'parse', says: /without a version/ }),
      NS: rows(() => null, { kind: 'parse', says: /no row/ }),
    },
  ),
  httpRow(
    'Answers',
    'HTML with 200',
    { do: 'body', body: '<!doctype html><title>Sign in</title>', type: 'text/html' },
    { kind: 'parse' },
    {
      RD: redis('$37\r\n<!doctype html><title>Sign in</title>\r\n', {
        kind: 'parse',
        says: /without a version/,
      }),
    },
  ),
  httpRow(
    'Answers',
    'the wrong content type',
    { do: 'rewrite', change: (text) => text, type: 'application/octet-stream' },
    { kept: 'whole' },
    {
      over: { AM: { kept: 'whole', says: /content type/ } },
    },
  ),
  httpRow(
    'Answers',
    'malformed',
    { do: 'body', body: '{"result":[{"a":1' },
    { kind: 'parse' },
    {
      RD: redis('*3\r\n:1\r\n', { kind: 'parse' }),
      NS: postgres(
        { do: 'reply', bytes: Buffer.from([0x45, 0, 0, 0, 9, 0x53, 0x45, 0x52, 0x52, 0x4f]) },
        { kind: 'parse' },
      ),
    },
  ),
  httpRow(
    'Answers',
    'cut in mid-body, its length known',
    { do: 'cut', how: 'length' },
    { kind: 'network', says: /closed the connection/ },
  ),
  httpRow(
    'Answers',
    'cut in mid-body, in chunks',
    { do: 'cut', how: 'chunked' },
    { kind: 'network', says: /closed the connection/ },
  ),
  httpRow(
    'Answers',
    'head at once, body a byte at a time',
    { do: 'trickle', everyMs: 400 },
    { kind: 'timeout', says: /within \d/ },
    {
      RD: {
        fault: { redis: { do: 'trickle', everyMs: 400 } },
        wanted: { kind: 'timeout', says: /within \d/ },
      },
      NS: postgres({ do: 'trickle', everyMs: 400 }, { kind: 'timeout', says: /within \d/ }),
    },
    { slow: true },
  ),
];

const MB = 1024 * 1024;
const HUGE: readonly Row[] = [
  httpRow(
    'Size',
    'a body without end',
    { do: 'huge', bytes: 256 * MB },
    { kind: 'limit', says: /more than \d+ MB/ },
    {
      RD: {
        fault: { redis: { do: 'huge', bytes: 256 * MB } },
        wanted: { kind: 'parse', says: /longer than any INFO/ },
      },
      NS: postgres({ do: 'huge', bytes: 256 * MB }, { kind: 'parse' }),
    },
    { alone: true },
  ),
  httpRow(
    'Size',
    'a length of 256 MB, said at once',
    { do: 'declared', bytes: 256 * MB },
    { kind: 'limit', says: /more than \d+ MB/ },
    {
      RD: redis('$99999999999\r\n', { kind: 'parse' }),
      NS: postgres({ do: 'reply', bytes: Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]) }, { kind: 'parse' }),
    },
    { alone: true },
  ),
  httpRow(
    'Size',
    'a gzip bomb',
    { do: 'bomb' },
    { kind: 'limit', says: /more than \d+ MB/ },
    {},
    { alone: true },
  ),
  httpRow(
    'Size',
    'headers without end',
    { do: 'headers', bytes: 60 * 1024 },
    { kind: 'limit', says: /headers/ },
    {},
    { alone: true },
  ),
];

/** Every leaf of a JSON text through `change`; the skeleton stays. */
function leaves(text: string, change: (value: unknown, key: string) => unknown): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
    typeof value === 'object' && value !== null ? value : change(value, key),
  );
}
/** Members of a JSON text whose value is a number or null, through `change`; undefined takes one away. */
const numbers =
  (change: (value: number, key: string) => unknown) =>
  (text: string): string =>
    leaves(text, (value, key) => (typeof value === 'number' ? change(value, key) : value));
/** The values of a page of metrics. */
const values =
  (change: (value: string, name: string) => string) =>
  (text: string): string =>
    text.replace(
      /^([a-zA-Z_:][\w:]*)(\{[^}]*\})? (\S+)$/gm,
      (_line, name: string, labels = '', value: string) => `${name}${labels} ${change(value, name)}`,
    );

/** A different change for a page and for JSON, since one gate serves both. */
const both =
  (json: (text: string) => string, page: (text: string) => string) =>
  (text: string): string =>
    /^\s*[{[]/.test(text) ? json(text) : page(text);

/** Values of INFO fields. */
const fields =
  (change: (value: string, name: string) => string | null) =>
  (text: string): string =>
    text
      .split('\r\n')
      .flatMap((line) => {
        const at = line.indexOf(':');
        if (at === -1 || line.startsWith('#')) return [line];
        const name = line.slice(0, at);
        if (/version|run_id|mode|executable/.test(name)) return [line];
        const value = change(line.slice(at + 1), name);
        return value === null ? [] : [`${name}:${value}`];
      })
      .join('\r\n');

/** Columns of rows that are no words. */
const cells =
  (change: (value: number, name: string) => PgRow[string]) =>
  (row: PgRow): PgRow =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' ? change(value, name) : value,
      ]),
    );

/** Objects of a JSON text through `change`, from the inside out; labels of series are left alone. */
function objects(text: string, change: (value: Record<string, unknown>) => unknown): string {
  return JSON.stringify(
    JSON.parse(text, (key, value: unknown) => {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject && key !== 'metric' && key !== 'metadata' && key !== 'env'
        ? change(value as Record<string, unknown>)
        : value;
    }),
  );
}

const VALUES_GROUP = 'Values';
/** Numbers of JSON and values of Prometheus' own answers, but no times: those have a row of their own. */
const odd = (json: number, prom: string, page: string): HttpFault => ({
  do: 'rewrite',
  change: both(
    (text) =>
      /"resultType"/.test(text)
        ? text.replaceAll(/,"[^"\]]*"\]/g, `,"${prom}"]`)
        : numbers((value, key) => (key === 'timestamp' ? value : json))(text),
    values((_value, name) => (name.endsWith('_info') ? '1' : page)),
  ),
});
const oddInfo = (text: string) =>
  info(
    fields((value) => (/^\d+(\.\d+)?$/.test(value) ? text : value.replaceAll(/=\d+/g, `=${text}`))),
    { kept: 'less' },
  );

const VALUES: readonly Row[] = [
  httpRow(
    VALUES_GROUP,
    'texts where numbers belong',
    {
      do: 'rewrite',
      change: both(
        numbers((value) => `x${value}`),
        values(() => 'x'),
      ),
    },
    { kind: 'parse' },
    {
      RD: info(
        fields(() => 'x'),
        { kept: 'less' },
      ),
      NS: rows(
        cells(() => 'x'),
        { kind: 'parse' },
      ),
      over: { AM: { kind: 'parse', says: /the whole page is left out/ }, NA: { kept: 'less' } },
    },
  ),
  httpRow(
    VALUES_GROUP,
    'null in every number',
    {
      do: 'rewrite',
      change: both(
        numbers(() => null),
        values(() => ''),
      ),
    },
    { kind: 'parse' },
    {
      RD: info(
        fields(() => ''),
        { kept: 'less' },
      ),
      NS: rows(
        cells(() => null),
        { kind: 'parse' },
      ),
      over: { UA: { kept: 'less' }, NA: { kept: 'less' } },
    },
  ),
  httpRow(
    VALUES_GROUP,
    'every number absent',
    {
      do: 'rewrite',
      change: both(
        numbers(() => undefined),
        (text) => text.replace(/^(?!#).*$/gm, ''),
      ),
    },
    { kind: 'parse' },
    {
      RD: info((text) => fields(() => null)(text).replaceAll(/^#.*$/gm, ''), { kept: 'less' }),
      NS: rows(
        (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'number')),
        { kind: 'parse' },
      ),
      over: { UA: { kept: 'less' }, NA: { kept: 'less' }, AM: { kept: 'less' } },
    },
  ),
  httpRow(
    VALUES_GROUP,
    'unknown fields and unknown words',
    {
      do: 'rewrite',
      change: both(
        (text) => objects(text, (value) => ({ ...value, brand_new: 'tomorrow' })),
        (text) => `${text}# TYPE brand_new gauge\nbrand_new{since="tomorrow"} 5\n`,
      ),
    },
    { kept: 'whole' },
    {
      RD: info((text) => `${text}brand_new:5\r\ncmdstat_brandnew:calls=x\r\n`, { kept: 'whole' }),
      NS: rows((row) => ({ ...row, brand_new: 5 }), { kept: 'whole' }),
    },
  ),
  httpRow(
    VALUES_GROUP,
    'NaN and infinite',
    odd(Number.NaN, 'NaN', '+Inf'),
    { kept: 'less' },
    {
      RD: oddInfo('nan'),
      NS: rows(
        cells(() => 'NaN'),
        { kind: 'parse' },
      ),
    },
  ),
  httpRow(
    VALUES_GROUP,
    'below 0',
    odd(-7, '-7', '-7'),
    { kept: 'less' },
    {
      RD: oddInfo('-7'),
      NS: rows(
        cells((value, name) => (/_ms$|connections$/.test(name) ? value : -7)),
        { kind: 'parse' },
      ),
    },
  ),
  httpRow(
    VALUES_GROUP,
    'beyond what a number holds',
    odd(1e300, '1e300', '1e300'),
    { kept: 'less' },
    {
      RD: oddInfo('99999999999999999999999'),
      NS: rows(
        cells((value, name) => (/_ms$|connections$/.test(name) ? value : 1e300)),
        { kept: 'less' },
      ),
    },
  ),
];

const doubled = (text: string) =>
  JSON.stringify(
    JSON.parse(text, (key, value: unknown) =>
      Array.isArray(value) && ['operations', 'events', 'nodes', 'data_points'].includes(key)
        ? [...value, ...value].reverse()
        : value,
    ),
  );
/** Numbers above it are moments, in seconds. */
const A_TIME = 1e9;
const tenth = (value: number | string) => Math.floor(Number(value) / 10);
const shifted = (names: RegExp, byMs: number) => (row: PgRow) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      names.test(name) && typeof value === 'number' ? value + byMs : value,
    ]),
  );

const TIMES: readonly Row[] = [
  httpRow(
    'Times',
    'records twice, and in reverse',
    { do: 'rewrite', change: both(doubled, (text) => text.replaceAll(/^([^#\n]+)$/gm, '$1\n$1')) },
    { kept: 'whole' },
    {
      RD: info((text) => `${text}${text}`, { kept: 'whole' }),
      NS: 'has one row of each',
      over: { AM: { kept: 'whole', says: /repeat a series/ }, PM: 'has one point of each' },
    },
  ),
  httpRow(
    'Times',
    'samples stamped an hour ago',
    {
      do: 'rewrite',
      change: both(
        (text) => text,
        (text) => text.replaceAll(/^([^#\n]+ \S+)$/gm, `$1 ${NOW_MS - HOUR_MS}`),
      ),
    },
    { kept: 'whole' },
    {
      RD: 'stamps nothing',
      NS: 'stamps nothing',
      over: {
        UA: 'has a row of its own tests',
        NA: 'stamps nothing',
        FA: 'stamps nothing that we read',
        PM: 'stamps what was asked',
      },
    },
  ),
  ...[1, -1].map((sign) =>
    httpRow(
      'Times',
      `the clock there is an hour ${sign > 0 ? 'ahead' : 'behind'}`,
      { do: 'clock', byMs: sign * HOUR_MS },
      { kept: 'whole' },
      {
        RD: info(
          (text) =>
            text.replace(/server_time_usec:(\d+)/, `server_time_usec:${(NOW_MS + sign * HOUR_MS) * 1_000}`),
          { kept: 'whole', says: /clock/ },
        ),
        NS: rows(shifted(/^(now|started)_ms$/, sign * HOUR_MS), { kept: 'whole' }),
        over: { UA: 'its clock and its points are one: tests of its own' },
      },
    ),
  ),
  linkRow(
    'our own clock goes back an hour',
    { link: 'own_clock', byMs: -HOUR_MS },
    { kept: 'whole' },
    { group: 'Times' },
  ),
  httpRow(
    'Times',
    'counters begin again',
    {
      do: 'rewrite',
      change: both(
        (text) =>
          /"resultType"/.test(text)
            ? text.replaceAll(
                /,"(\d+(?:\.\d+)?)"\]/g,
                (_all, value: string) => `,"${Number(value) > A_TIME ? value : tenth(value)}"]`,
              )
            : numbers((value, key) => (/seconds$|bytes$/.test(key) && value > 0 ? tenth(value) : value))(
                text,
              ),
        values((value, name) =>
          name === 'process_start_time_seconds'
            ? String((NOW_MS + 40_000) / 1_000)
            : /_total$|_count$|_sum$|_bucket$/.test(name)
              ? String(tenth(value))
              : value,
        ),
      ),
    },
    { reset: true },
    {
      RD: info(
        (text) =>
          fields((value) => value.replaceAll(/\b\d+\b/g, (digits) => String(tenth(digits))))(text)
            .replace(/run_id:\w+/, `run_id:${'b'.repeat(40)}`)
            .replace(/uptime_in_seconds:\d+/, 'uptime_in_seconds:20'),
        { reset: true },
      ),
      NS: rows(
        (row, topic) =>
          topic === 'database'
            ? { ...cells((value) => tenth(value))(row), stats_reset_ms: NOW_MS + 30_000 }
            : topic === 'statements'
              ? cells((value, name) => (name === 'reset_ms' ? NOW_MS + 30_000 : tenth(value)))(row)
              : row,
        { reset: true },
      ),
      over: { UA: 'its totals begin again with each day: tests of its own' },
    },
  ),
];

/** The table. */
export const ROWS: readonly Row[] = [...LINK, ...REFUSALS, ...ANSWERS, ...HUGE, ...VALUES, ...TIMES];

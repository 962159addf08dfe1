/** How grave a line is, from least to most. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a log, whatever shipped it. Null where the shipper did not say. */
export interface LogLine {
  text: string;
  level: LogLevel | null;
  machine: string | null;
  app: string | null;
  atMs: number | null;
}

/** A longer text is cut before patterns look at it. */
export const MAX_LINE_CHARS = 8_192;

const LEVEL_WORDS: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fatal: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
};

// Where shippers put each thing, the most exact place first. `host` is last: on Fly it is the server below the machines.
const TEXT_AT = ['message', 'msg', 'log', 'text', 'body', 'line'];
const LEVEL_AT = ['log.level', 'level', 'severity', 'severity_text', 'levelname', 'lvl'];
const MACHINE_AT = [
  'fly.app.instance',
  'instance',
  'machine',
  'machine_id',
  'kubernetes.pod_name',
  'container_name',
  'hostname',
  'host',
];
const APP_AT = ['fly.app.name', 'log.app', 'app', 'app_name', 'appname', 'service'];
const TIME_AT = ['timestamp', '@timestamp', 'time', 'ts'];

// Each is held to its place, so that none can try a long line in many ways.
const TIME = '(?:[0-9TZ:.,+/-]{4,40} ){0,3}';
const PREFIX = new RegExp(`^${TIME}(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|PANIC)\\b`);
const BRACKETS = new RegExp(`^${TIME}\\[ ?([A-Za-z]{3,11}) ?\\]`);
const PAIR = /(?:^| )(?:level|lvl|severity)="?([A-Za-z]{3,11})\b/;

/** True when a line is at `level` or graver. */
export function isAtLeast(line: Pick<LogLine, 'level'>, level: LogLevel): boolean {
  return line.level !== null && LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level);
}

/**
 * Reads one line: an object of Vector, of Fly's shipper or of a common logger, or plain text. Null when it is neither,
 * such as JSON that was cut in half.
 */
export function readLine(item: unknown): LogLine | null {
  if (typeof item === 'string') return readText(item);
  return isObject(item) ? readObject(item, JSON.stringify(item)) : null;
}

function readText(raw: string): LogLine | null {
  const text = raw.trim();
  if (text === '') return null;
  if (!text.startsWith('{'))
    return { text: cut(text), level: textLevel(text), machine: null, app: null, atMs: null };
  const object = parseObject(text);
  return object === null ? null : readObject(object, text);
}

function readObject(object: Fields, raw: string): LogLine {
  const text = cut(firstText(object, TEXT_AT) ?? raw);
  // A shipper calls every line of a program info; the program's own word, inside its text, is the better one.
  const inner = text.startsWith('{') ? parseObject(text) : null;
  const own = inner === null ? textLevel(text) : levelOf(inner);
  return {
    text,
    level: own ?? levelOf(object),
    machine: firstText(object, MACHINE_AT),
    app: firstText(object, APP_AT),
    atMs: timeOf(object),
  };
}

function levelOf(object: Fields): LogLevel | null {
  for (const path of LEVEL_AT) {
    const value = at(object, path);
    const level =
      typeof value === 'string' ? wordLevel(value) : typeof value === 'number' ? pinoLevel(value) : null;
    if (level !== null) return level;
  }
  return null;
}

/**
 * The level that a line of plain text begins with: `ERROR …`, `[warn] …`, either behind a time, or `level=error`. Small
 * words in the middle of a sentence are no level.
 */
function textLevel(text: string): LogLevel | null {
  const head = text.slice(0, 200);
  const found = PREFIX.exec(head) ?? BRACKETS.exec(head) ?? PAIR.exec(head);
  return found?.[1] === undefined ? null : wordLevel(found[1]);
}

function wordLevel(word: string): LogLevel | null {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(LEVEL_WORDS, key) ? (LEVEL_WORDS[key] ?? null) : null;
}

/** Loggers of Node count 10 (trace) to 60 (fatal). Smaller numbers have two opposite meanings and say nothing. */
function pinoLevel(level: number): LogLevel | null {
  if (level < 10 || level > 100) return null;
  if (level >= 60) return 'fatal';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  return level >= 30 ? 'info' : 'debug';
}

function timeOf(object: Fields): number | null {
  for (const path of TIME_AT) {
    const value = at(object, path);
    const ms = typeof value === 'number' ? numberMs(value) : typeof value === 'string' ? textMs(value) : null;
    if (ms !== null) return ms;
  }
  return null;
}

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by size: all mean years from 2001 to 2286. */
function numberMs(value: number): number | null {
  for (const perMs of [0.001, 1, 1e3, 1e6]) {
    const ms = value / perMs;
    if (ms >= 1e12 && ms < 1e13) return Math.round(ms);
  }
  return null;
}

/** An instant without its zone could be any hour, so it is none. */
function textMs(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i.test(text)) return null;
  // Beyond milliseconds engines differ.
  const ms = Date.parse(
    text
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/(\.\d{3})\d+/, '$1'),
  );
  return Number.isFinite(ms) ? ms : null;
}

type Fields = Readonly<Record<string, unknown>>;

function firstText(object: Fields, paths: readonly string[]): string | null {
  for (const path of paths) {
    const value = at(object, path);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

/** The field at a path, or a field whose name is the whole path, as some shippers flatten them. */
function at(object: Fields, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path];
  let value: unknown = object;
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  return text.length > MAX_LINE_CHARS ? text.slice(0, MAX_LINE_CHARS) : text;
}

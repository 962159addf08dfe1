import 'server-only';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { scrubLine } from './scrub.ts';

export { scrubText } from './scrub.ts';
export { registerSecret, registerSecretsIn } from './secrets.ts';

/** `(fields, message)` or `(message)`; an error goes under `err`. */
export type Log = Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a log line is written to, such as `process.stdout`. */
export interface LogDestination {
  write(line: string): unknown;
}

/** Which of the levels a word names; `info` for nothing or an unknown word. */
export function toLogLevel(word: string | undefined): LogLevel {
  return LOG_LEVELS.find((level) => level === word?.toLowerCase()) ?? 'info';
}

/**
 * A log of JSON lines with ISO times. Credentials are taken out of each finished line, not by the path of a field:
 * they also hide inside messages, stacks and nested errors.
 */
export function createLog(options: { level: LogLevel; destination?: LogDestination }): Log {
  const destination = options.destination ?? process.stdout;
  const scrubbing: DestinationStream = {
    write: (line) => {
      destination.write(scrubLine(line));
    },
  };
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    scrubbing,
  );
}

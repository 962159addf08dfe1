import 'server-only';
import type { z } from 'zod';
import { alertsSchema, http429Schema } from './alerts-schema.ts';
import { promQuerySchema } from './api-schema.ts';
import type { FaultList } from './faults.ts';
import { logPatternSchema } from './logs-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { heartbeatSchema, RECEIVER_SCHEMAS, webhookSchema } from './receiver-schemas.ts';
import {
  goalSchema,
  machineSchema,
  mappingSchema,
  retentionSchema,
  SOURCE_SCHEMAS,
  serverSchema,
} from './schema.ts';
import { didYouMean } from './suggest.ts';
import { describePath, isPlainWord, type Path, type YamlFile } from './yaml-file.ts';

/** Where the faults of a piece of configuration go; silent for a place that has a fault already. */
export interface Reporter {
  report(path: Path, message: string): void;
  /** The text at a place as written; null when it is none. */
  writtenAt(path: Path): string | null;
}

/** Reports with the line of the file and the variables that a value was made from. */
export function fileReporter(file: YamlFile, where: string, faults: FaultList): Reporter {
  return {
    report: (path, message) => {
      if (file.isBroken(path)) return;
      const names = file.variablesOf(path);
      const origin = names.length === 0 ? '' : ` (its value comes from ${names.join(' and ')})`;
      faults.add(where, file.lineOf(path), `${describePath(path)}${message}${origin}`);
    },
    writtenAt: (path) => file.writtenAt(path),
  };
}

/** Reports under the name of a variable, or of the file that holds its value. */
export function variableReporter(variable: string, faults: FaultList): Reporter {
  return { report: (_path, message) => faults.add(variable, null, message), writtenAt: () => null };
}

/** Parses `data`, which stands at `path`. Null when it has faults; all of them are reported. */
export function parseAt<T>(reporter: Reporter, schema: z.ZodType<T>, data: unknown, path: Path): T | null {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(reporter, issue, path);
  return null;
}

function reportIssue(reporter: Reporter, issue: z.core.$ZodIssue, base: Path): void {
  const path = [...base, ...issue.path];
  if (issue.code !== 'unrecognized_keys') {
    reporter.report(path, issueText(issue, path));
    return;
  }
  const known = knownKeys(path, reporter);
  for (const key of issue.keys) reporter.report([...path, key], unknownKeyText(key, known));
}

function issueText(issue: z.core.$ZodIssue, path: Path): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is missing';
      if (issue.message.endsWith('received null')) return 'is empty; give a value or remove the line';
      return issue.message.startsWith('Invalid input') ? `must be ${article(issue.expected)}` : issue.message;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? issue.message
        : `must be ${Object.keys(path[0] === 'notify' ? RECEIVER_SCHEMAS : SOURCE_SCHEMAS).join(', ')}`;
    case 'too_big':
      return issue.message.startsWith('Too big') ? `is too large (at most ${issue.maximum})` : issue.message;
    case 'too_small':
      return issue.message.startsWith('Too small')
        ? `is too small (at least ${issue.minimum})`
        : issue.message;
    default:
      return issue.message;
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list (lines that begin with -)',
  object: 'keys with values',
  record: 'keys with values',
  number: 'a number',
  int: 'a whole number',
};

function article(expected: string): string {
  return ARTICLES[expected] ?? `of type ${expected}`;
}

function unknownKeyText(key: string, known: readonly string[]): string {
  if (/^\d{3}(,\d{3})*\s*\//.test(key))
    return 'is the rest of a number with commas; put quotes around the number';
  const near = didYouMean(key, known);
  const shown = isPlainWord(key) ? `${key} ` : '';
  return `${shown}is not a key here${near === '' ? ` (known: ${known.join(', ')})` : near}`;
}

/** Keys that may stand in the map at `path`. */
function knownKeys(path: Path, reporter: Reporter): string[] {
  const [top, index, part] = path;
  if (top === 'retention') return Object.keys(retentionSchema.shape);
  if (top === 'server') return Object.keys(serverSchema.shape);
  if (top === 'alerts') return Object.keys((index === 'http429' ? http429Schema : alertsSchema).shape);
  if (top === 'notify') return notifyKeys(path, reporter);
  if (top === 'goals') return Object.keys(goalSchema.shape);
  if (top !== 'sources') return TOP_KEYS;
  if (part === 'machines') return Object.keys(machineSchema.shape);
  if (part === 'queries') return Object.keys(promQuerySchema.shape);
  if (part === 'patterns') return Object.keys(logPatternSchema.shape);
  if (part === 'metrics') return Object.keys(mappingSchema.shape);
  const kind = reporter.writtenAt(['sources', index ?? 0, 'kind']) as keyof typeof SOURCE_SCHEMAS | null;
  return kind !== null && Object.hasOwn(SOURCE_SCHEMAS, kind) ? Object.keys(SOURCE_SCHEMAS[kind].shape) : [];
}

function notifyKeys([, key, index]: Path, reporter: Reporter): string[] {
  if (key === 'webhook') return Object.keys(webhookSchema.shape);
  if (key === 'heartbeat') return Object.keys(heartbeatSchema.shape);
  if (key !== 'receivers' || index === undefined) return Object.keys(notifySchema.shape);
  const kind = reporter.writtenAt(['notify', 'receivers', index, 'kind']) as
    | keyof typeof RECEIVER_SCHEMAS
    | null;
  return kind !== null && Object.hasOwn(RECEIVER_SCHEMAS, kind)
    ? Object.keys(RECEIVER_SCHEMAS[kind].shape)
    : [];
}

const TOP_KEYS = ['app', 'environment', 'sources', 'goals', 'alerts', 'notify', 'retention', 'server'];

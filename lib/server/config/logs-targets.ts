import 'server-only';
import { z } from 'zod';
import { PatternFault } from '@/lib/core/logs/pattern-syntax.ts';
import { compileLogPattern, type LogPattern } from '@/lib/core/logs/patterns.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { parseAt, type Reporter } from './issues.ts';
import { logPatternSchema, logsSchema } from './logs-schema.ts';
import { settingsOf } from './settings.ts';
import type { LogsTarget } from './types.ts';
import type { Path } from './yaml-file.ts';

// Patterns are parsed one by one, so that a fault in one is said by its own line and key.
const LOGS = logsSchema.extend({ patterns: z.array(z.unknown()).max(30).optional() });

/** A source that lines are sent to. It has no address: only its identity tells it from others. */
export function readLogs(
  reporter: Reporter,
  data: unknown,
  path: Path,
  scope: Scope,
): { target: LogsTarget; key: string; path: Path }[] {
  const source = parseAt(reporter, LOGS, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const { name = 'logs', keepText = false, logApp = null } = source;
  const target: LogsTarget = {
    ...settings,
    kind: 'logs',
    name,
    address: 'POST /api/logs',
    patterns: readPatterns(reporter, source.patterns ?? [], path),
    keepText,
    logApp,
  };
  return [{ target, key: `${target.app}/${target.environment}/${name}`, path }];
}

function readPatterns(reporter: Reporter, patterns: readonly unknown[], path: Path): LogPattern[] {
  const names = new Set<string>();
  return patterns.flatMap((data, i): LogPattern[] => {
    const at = [...path, 'patterns', i];
    const written = parseAt(reporter, logPatternSchema, data, at);
    if (written === null) return [];
    const pattern = { name: written.name, match: written.match ?? null, level: written.level ?? null };
    const problem = problemOf(pattern, names);
    names.add(pattern.name);
    if (problem === null) return [pattern];
    reporter.report([...at, ...problem.at], problem.text);
    return [];
  });
}

function problemOf(pattern: LogPattern, names: ReadonlySet<string>): { at: string[]; text: string } | null {
  if (names.has(pattern.name)) return { at: ['name'], text: 'names a pattern twice' };
  if (pattern.match === null && pattern.level === null)
    return { at: [], text: 'needs a match, a level or both' };
  try {
    compileLogPattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternFault) return { at: ['match'], text: error.message };
    throw error;
  }
}

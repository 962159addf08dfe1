import { isAtLeast, type LogLevel, type LogLine } from './line.ts';
import { compilePattern } from './pattern.ts';
import { PatternFault } from './pattern-syntax.ts';

/** What is counted, as configured. A line counts when it fits all that is given. */
export interface LogPattern {
  name: string;
  /** Text that the line holds, or `/pattern/` with `i` behind it to ignore case; null: any text. */
  match: string | null;
  /** At this level or graver; a line that tells none does not fit. Null: any level. */
  level: LogLevel | null;
}

export interface CompiledPattern {
  name: string;
  fits(line: LogLine): boolean;
}

/** Counted without being asked for; a configured pattern of the same name takes the place of one. */
export const BUILT_IN_PATTERNS: readonly LogPattern[] = [
  { name: 'redis_suspended', match: '/redis\\s+(is\\s+)?suspended/i', level: null },
  { name: 'error', match: null, level: 'error' },
  {
    name: 'limiter',
    match:
      '/rate[ _-]?limit|too many requests|\\bthrottl(ed|ing)\\b|\\b(status|code|http)["\']?[ =:]{1,3}["\']?429\\b/i',
    level: null,
  },
];

/** Throws `PatternFault`, whose text stands after the pattern's name. */
export function compileLogPattern({ name, match, level }: LogPattern): CompiledPattern {
  const hasText = match === null ? null : textTest(match);
  return {
    name,
    fits: (line) => (level === null || isAtLeast(line, level)) && (hasText === null || hasText(line.text)),
  };
}

/** The patterns that a source counts: its own and the built-in ones that it does not replace. */
export function withBuiltIn(own: readonly LogPattern[]): LogPattern[] {
  const names = new Set(own.map(({ name }) => name));
  return [...BUILT_IN_PATTERNS.filter(({ name }) => !names.has(name)), ...own];
}

function textTest(match: string): (text: string) => boolean {
  const written = /^\/(.+)\/([a-z]*)$/s.exec(match);
  if (written === null) return (text) => text.includes(match);
  const [, source = '', flags = ''] = written;
  if (flags !== '' && flags !== 'i') throw new PatternFault('has flags other than i');
  const matcher = compilePattern(source, { ignoreCase: flags === 'i' });
  return (text) => matcher.test(text);
}

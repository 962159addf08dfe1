import type { Column, ServerFault, Value } from './wire.ts';

/** What one statement gives: rows (`columns` null when it gives none) and its command tag, or a fault. */
export type Answer =
  | { columns: readonly Column[] | null; rows: readonly (readonly Value[])[]; tag: string }
  | { fault: ServerFault };

/** Answers one statement; with `describeOnly` nothing is counted or changed. */
export type StatementAnswerer = (sql: string, options: { describeOnly: boolean }) => Answer;

/** Rows of a SELECT. */
export function rows(columns: readonly Column[], values: readonly (readonly Value[])[]): Answer {
  return { columns, rows: values, tag: `SELECT ${values.length}` };
}

/** A statement that gives no rows. */
export function done(tag: string): Answer {
  return { columns: null, rows: [], tag };
}

/** Comments and outer blanks away, inner blanks single, keywords in small letters outside quotes. */
function bare(sql: string): string {
  return sql
    .replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/;\s*$/, '')
    .trim()
    .toLowerCase();
}

/** The few statements that every client may send; null for all others. */
export function answerCommon(sql: string, settings: ReadonlyMap<string, string>): Answer | null {
  const text = bare(sql);
  if (/^(begin|start transaction)\b/.test(text)) return done('BEGIN');
  if (/^(commit|end)\b/.test(text)) return done('COMMIT');
  if (/^(rollback|abort)$/.test(text)) return done('ROLLBACK');
  if (/^(set|reset)\b/.test(text)) return done(text.startsWith('reset') ? 'RESET' : 'SET');
  if (text === 'discard all') return done('DISCARD ALL');
  if (text === 'deallocate all') return done('DEALLOCATE ALL');
  const show = /^show ([a-z_.]+)$/.exec(text)?.[1];
  if (show !== undefined) {
    const value = settings.get(show);
    if (value === undefined) return unknownSetting(show);
    return { columns: [{ name: show, type: 'text' }], rows: [[value]], tag: 'SHOW' };
  }
  const one = /^select (\d{1,9})(?: as ([a-z_]+))?$/.exec(text);
  if (one !== null) return rows([{ name: one[2] ?? '?column?', type: 'int4' }], [[Number(one[1])]]);
  if (text === 'select version()') {
    const version = `PostgreSQL ${settings.get('server_version')}`;
    return rows([{ name: 'version', type: 'text' }], [[version]]);
  }
  return null;
}

/** The answer to everything that this small server has not learned. */
export function notSupported(sql: string): Answer {
  const start = bare(sql).slice(0, 40);
  return {
    fault: {
      severity: 'ERROR',
      code: '0A000',
      message: `the demo database does not support this statement: ${start}`,
      hint: 'It is a small program that answers the statements of this product only.',
    },
  };
}

function unknownSetting(name: string): Answer {
  const message = `unrecognized configuration parameter "${name}"`;
  return { fault: { severity: 'ERROR', code: '42704', message } };
}

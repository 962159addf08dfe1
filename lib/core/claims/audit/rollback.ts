import type { Finding, RollbackStep } from '../document.ts';
import { type AuditContext, finding } from './context.ts';

/** A setting that a command gives a value: `fly secrets set SUSPEND_REDIS=true`. */
export interface Setting {
  name: string;
  value: string;
  line: number;
}

const SET = /\b([A-Z][A-Z0-9_]{2,60})=["']?([\w.-]{1,60})/g;
const MAX_LINES = 5_000;

/** Rollback commands that cannot run as written, undo half, contradict each other or repeat what was deployed. */
export function checkRollback(context: AuditContext): Finding[] {
  return [...checkCommands(context), ...checkOpposites(context), ...checkRepeats(context)];
}

function checkCommands({ summary }: AuditContext): Finding[] {
  const seen = new Map<string, { step: RollbackStep; why: string; lines: number[] }>();
  for (const step of summary.rollback.slice(0, 200)) {
    const why =
      halfUndone(step, summary.deploy.commits.length) ??
      (step.executable ? null : (step.why ?? 'it cannot run as written'));
    if (why === null) continue;
    const known = seen.get(step.command);
    if (known === undefined) seen.set(step.command, { step, why, lines: [step.line] });
    else known.lines.push(step.line);
  }
  return [...seen.values()].map(({ step, why, lines }) => {
    const command = step.command.length <= 80 ? step.command : `${step.command.slice(0, 77)}…`;
    return finding({
      kind: 'rollback',
      severity: 'warning',
      message: `\`${command}\` does not do as a rollback: ${why.replace(/\.$/, '')}.`,
      stated: command,
      computed: why,
      lines,
    });
  });
}

/** `git revert HEAD` takes back one commit. */
function halfUndone({ command }: RollbackStep, commits: number): string | null {
  if (commits < 2 || !/^git\s+revert\s+(?:--\S+\s+)*HEAD$/.test(command.trim())) return null;
  return `it undoes the last of ${commits} commits only`;
}

/** Settings that the rollback of a summary makes. */
export function settingsOf(steps: readonly RollbackStep[]): Setting[] {
  return steps.slice(0, 200).flatMap(({ command, line }) => settingsIn(command, line));
}

function settingsIn(text: string, line: number): Setting[] {
  return [...text.slice(0, 500).matchAll(SET)].map(([, name = '', value = '']) => ({
    name,
    value: value.toLowerCase(),
    line,
  }));
}

function checkOpposites({ summary }: AuditContext): Finding[] {
  const settings = settingsOf(summary.rollback);
  const names = [...new Set(settings.map(({ name }) => name))];
  return names.flatMap((name) => {
    const own = settings.filter((one) => one.name === name);
    const values = [...new Set(own.map(({ value }) => value))];
    if (values.length < 2) return [];
    const stated = values.map((value) => `${name}=${value}`).join(' and ');
    return [
      finding({
        kind: 'rollback',
        severity: 'error',
        message: `The rollback sets ${stated}: only one of them can take the change back.`,
        stated,
        computed: 'opposite actions',
        lines: own.map(({ line }) => line),
      }),
    ];
  });
}

/** A rollback that sets what the deploy itself set takes nothing back. */
function checkRepeats(context: AuditContext): Finding[] {
  const rollback = settingsOf(context.summary.rollback);
  if (rollback.length === 0) return [];
  const taken = new Set(rollback.map(({ line }) => line));
  const done = context.summary.lines
    .slice(0, MAX_LINES)
    .flatMap((text, index) =>
      taken.has(index + 1) || !/\bset\b|\bexport\b/.test(text) ? [] : settingsIn(text, index + 1),
    );
  return [...new Set(rollback.map(({ name }) => name))].flatMap((name) => {
    const [back, forth] = [rollback, done].map((all) => all.filter((one) => one.name === name));
    const values = new Set([...(back ?? []), ...(forth ?? [])].map(({ value }) => value));
    const [value] = values;
    if (forth === undefined || back === undefined || forth.length === 0 || values.size !== 1) return [];
    return [
      finding({
        kind: 'rollback',
        severity: 'error',
        message: `The rollback sets ${name}=${value}, which is what the deploy itself sets: it takes nothing back.`,
        stated: `${name}=${value} to roll back`,
        computed: `${name}=${value} was deployed`,
        lines: [...back, ...forth].map(({ line }) => line),
      }),
    ];
  });
}

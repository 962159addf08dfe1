import { windowSeconds } from '../bind/base-units.ts';
import type { Finding, ReadSummary } from '../document.ts';
import { type AuditClaim, type AuditContext, contextOf, isRate, thingOf } from './context.ts';
import { type Figure, perSecond } from './figures.ts';
import { apart, middleOf, unitFactor } from './numbers.ts';
import { type Setting, settingsOf } from './rollback.ts';
import { countText, spanText, windowText } from './wording.ts';

/** A summary with the name that findings tell it by. */
export interface NamedSummary {
  file: string;
  summary: ReadSummary;
}

type Side = 'before' | 'after';
/** Numbers of several documents that are this close are one number, written twice. */
const SAME = { before: 0.02, after: 0.05 } as const;

interface Said {
  file: string;
  context: AuditContext;
  one: AuditClaim;
  value: number;
}

/**
 * What documents of one app say against each other: baselines, targets and rollbacks. Documents that name no app belong
 * to the only one that is named, if there is only one. Lines are `FILE:LINE`. Pure; never throws.
 */
export function auditTogether(docs: readonly NamedSummary[]): Finding[] {
  return groupsByApp(docs).flatMap((group) => {
    if (group.length < 2) return [];
    const read = group.map(({ file, summary }) => ({ file, context: contextOf(summary) }));
    return [...compareSide(read, 'before'), ...compareSide(read, 'after'), ...compareRollbacks(group)];
  });
}

function groupsByApp(docs: readonly NamedSummary[]): NamedSummary[][] {
  const apps = [...new Set(docs.flatMap(({ summary }) => summary.deploy.app ?? []))];
  if (apps.length <= 1) return [[...docs]];
  return apps.map((app) => docs.filter(({ summary }) => summary.deploy.app === app));
}

function compareSide(read: readonly { file: string; context: AuditContext }[], side: Side): Finding[] {
  const said = read.flatMap(({ file, context }) =>
    headlines(context, side).map((one) => ({ file, context, one, value: one[side] ?? 0 })),
  );
  const things = [...new Set(said.map(({ one }) => thingOf(one)))];
  const told: number[] = [];
  return things.flatMap((thing) => {
    const groups = groupsOf(
      said.filter(({ one }) => thingOf(one) === thing),
      side,
    );
    if (groups.length < 2 || new Set(groups.flat().map(({ file }) => file)).size < 2) return [];
    const [first, second] = groups.map((group) => group[0]);
    if (first === undefined || second === undefined) return [];
    // The same numbers once as GETs and once as commands are one contradiction.
    const values = groups.flatMap(([one]) => one?.value ?? []);
    if (values.every((value) => told.some((other) => apart(other, value) <= SAME[side]))) return [];
    told.push(...values);
    return side === 'before' ? [baselines(groups, first, second)] : [targets(groups, first)];
  });
}

/** The claims of a document that speak of the whole of a thing, one for each thing and level. */
function headlines(context: AuditContext, side: Side): AuditClaim[] {
  return context.claims.filter((one) => {
    const { claim, scope } = one;
    return (
      claim.metric !== null &&
      isRate(one) &&
      scope.length === 0 &&
      one[side] !== null &&
      one.before !== null &&
      !claim.guard
    );
  });
}

/** Groups of one number, in the order in which they are first said. */
function groupsOf(said: readonly Said[], side: Side): Said[][] {
  const groups: Said[][] = [];
  for (const one of said) {
    const group = groups.find(
      ([first]) => first !== undefined && apart(first.value, one.value) <= SAME[side],
    );
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups;
}

function baselines(groups: readonly (readonly Said[])[], first: Said, second: Said): Finding {
  const factor = groups.length === 2 ? unitFactor(first.value, second.value) : null;
  const alike = factor === null ? [null, null] : [alikeFigure(first, second), alikeFigure(second, first)];
  const [a, b] = [first, second].map((said, index) => {
    const figure = alike[index] ?? null;
    return figure === null
      ? textOf(said, 'before')
      : spanText(figure.value, said.one.claim.unit, figure.window);
  });
  const window = longest(groups);
  const rates = groups.map(([one], index) => perSecondOf(alike[index] ?? null) ?? one?.value ?? 0);
  const rest = groups
    .slice(2)
    .flatMap(([one]) => (one === undefined ? [] : `, ${textOf(one, 'before')} in ${one.file}`));
  const stated = `${a} in ${first.file}, ${b} in ${second.file}${rest.join('')}`;
  const computed = rates.map((rate) => countText(rounded(rate * (windowSeconds(window) ?? 1)))).join(' or ');
  const by = factor === null ? '' : `, a factor of ${factor}`;
  return {
    kind: factor === null ? 'two_baselines' : 'unit_factor',
    severity: factor === null ? 'warning' : 'error',
    message: `One baseline is stated as ${stated}${by}: ${computed} per ${windowText(window)}.`,
    stated,
    computed: `${computed} per ${windowText(window)}`,
    lines: linesOf(groups),
  };
}

function targets(groups: readonly (readonly Said[])[], first: Said): Finding {
  const window = longest(groups);
  const values = groups.flatMap(([one]) =>
    one === undefined ? [] : countText(one.value * (windowSeconds(window) ?? 1)),
  );
  const stated = groups
    .flatMap(([one]) => (one === undefined ? [] : `${textOf(one, 'after')} in ${one.file}`))
    .join(', ');
  const unit = first.one.claim.unit ?? 'this';
  const computed = `${values.join(', ')} per ${windowText(window)}`;
  return {
    kind: 'two_targets',
    severity: 'warning',
    message: `${values.length === 2 ? 'Two' : values.length} targets are stated for ${unit}: ${computed}; keep them per deploy.`,
    stated,
    computed,
    lines: linesOf(groups),
  };
}

/** The longest window that any of them is written in: numbers are compared in it. */
function longest(groups: readonly (readonly Said[])[]): string {
  const windows = groups.flat().flatMap(({ one }) => one.claim.window ?? []);
  return windows.reduce((a, b) => ((windowSeconds(b) ?? 0) > (windowSeconds(a) ?? 0) ? b : a), 's');
}

function textOf({ one }: Said, side: Side): string {
  const span = side === 'before' ? one.claim.before : (one.claim.after ?? one.claim.limit);
  return span === null ? '' : spanText(middleOf(span), one.claim.unit, one.claim.window);
}

/** The number as the document writes it with the other one's digits in another window: `2.2M per 3 hours`. Null without one. */
function alikeFigure({ context, one, value }: Said, other: Said): Figure | null {
  const raw = other.one.claim.before === null ? null : middleOf(other.one.claim.before);
  const figures = one.claim.source.lines.slice(0, 16).flatMap((line) => context.figuresAt(line));
  const alike = (each: Figure) =>
    raw !== null && apart(each.value, raw) < 0.005 && apart(perSecond(each) ?? 0, value) < 0.02;
  return figures.find(alike) ?? null;
}

function perSecondOf(figure: Figure | null): number | null {
  return figure === null ? null : perSecond(figure);
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function linesOf(groups: readonly (readonly Said[])[]): string[] {
  return [...new Set(groups.flat().map(({ file, one }) => `${file}:${one.claim.source.line}`))];
}

/** Opposite actions under the heading of one rollback in one document and another. */
function compareRollbacks(docs: readonly NamedSummary[]): Finding[] {
  const settings = docs.flatMap(({ file, summary }) =>
    settingsOf(summary.rollback).map((one) => ({ ...one, file })),
  );
  const names = [...new Set(settings.map(({ name }) => name))];
  return names.flatMap((name) => {
    const own = settings.filter((one) => one.name === name);
    const byValue = [...new Set(own.map(({ value }) => value))].map((value) =>
      own.filter((one) => one.value === value),
    );
    const files = new Set(byValue.flatMap(([first]) => first?.file ?? []));
    if (byValue.length < 2 || files.size < 2) return [];
    const stated = byValue.flatMap(([first]) => (first === undefined ? [] : placed(first))).join(', ');
    return [
      {
        kind: 'rollback' as const,
        severity: 'error' as const,
        message: `To roll back, ${stated}: opposite actions under one heading; keep them per deploy.`,
        stated,
        computed: 'opposite actions',
        lines: [...new Set(own.map(({ file, line }) => `${file}:${line}`))],
      },
    ];
  });
}

function placed({ name, value, file }: Setting & { file: string }): string {
  return `${name}=${value} in ${file}`;
}

import 'server-only';
import type { AlertSeverity } from '@/lib/core/model/alert.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import type { DigestBody, DigestItem } from './notice-body.ts';
import type { PlainNotice, Tone } from './plain-notice.ts';

const MOST_LINES = 12;
const RANK: Record<AlertSeverity, number> = { critical: 0, warning: 1, info: 2 };

/** Many messages as one text: what still fires first, what came and went as one line, then the rest. */
export function digestNotice({ data: { items, lost } }: DigestBody): PlainNotice {
  const incidents = byIncident(items);
  const firing = incidents
    .filter((all) => isAlert(all) && !isOver(all))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a[0]?.at ?? '').localeCompare(b[0]?.at ?? ''));
  const over = incidents.filter((all) => isAlert(all) && isOver(all));
  const others = items.filter(({ type }) => !type.startsWith('alert.'));
  const times = items.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  const span =
    times.length === 0
      ? []
      : [`From ${formatStamp(times[0] ?? null)} to ${formatStamp(times.at(-1) ?? null)}`];
  return {
    tone: toneOf(firing),
    title: titleOf(items.length, firing.length, lost),
    lines: [
      ...span,
      ...shown(firing.map((all) => `Firing since ${stampOf(all)}: ${aboutOf(all)}`)),
      ...(over.length === 0 ? [] : [`Resolved meanwhile: ${inOneLine(over.map(aboutOf))}`]),
      ...shown(others.map(({ at, about }) => `${formatStamp(Date.parse(at))} ${about}`)),
      ...(lost === 0
        ? []
        : [
            `${count(lost, 'older message')} could not be delivered in time and ${lost === 1 ? 'was' : 'were'} given up`,
          ]),
    ],
    command: null,
    url: null,
  };
}

function titleOf(waited: number, firing: number, lost: number): string {
  if (waited === 0) return `${count(lost, 'message')} could not be delivered`;
  return `${count(waited, 'message')} waited for this receiver, ${firing === 0 ? 'none' : firing} of them still firing`;
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
}

function byIncident(items: readonly DigestItem[]): DigestItem[][] {
  const found = new Map<string, DigestItem[]>();
  for (const item of items) found.set(item.incident, [...(found.get(item.incident) ?? []), item]);
  return [...found.values()];
}

function isAlert(all: readonly DigestItem[]): boolean {
  return all.some(({ type }) => type.startsWith('alert.'));
}

function isOver(all: readonly DigestItem[]): boolean {
  return all.some(({ type }) => type === 'alert.resolved');
}

function rankOf(all: readonly DigestItem[]): number {
  return Math.min(...all.map(({ severity }) => RANK[severity ?? 'info']));
}

function aboutOf(all: readonly DigestItem[]): string {
  return all.at(-1)?.about ?? '';
}

function stampOf(all: readonly DigestItem[]): string {
  return formatStamp(all[0] === undefined ? null : Date.parse(all[0].at));
}

function toneOf(firing: readonly (readonly DigestItem[])[]): Tone {
  return firing[0]?.find(({ severity }) => severity !== null)?.severity ?? 'info';
}

function shown(lines: readonly string[]): string[] {
  return lines.length <= MOST_LINES
    ? [...lines]
    : [...lines.slice(0, MOST_LINES), `and ${(lines.length - MOST_LINES).toLocaleString('en-US')} more`];
}

function inOneLine(about: readonly string[]): string {
  const named = about.slice(0, 3).join('; ');
  return about.length <= 3 ? named : `${named}; and ${(about.length - 3).toLocaleString('en-US')} more`;
}

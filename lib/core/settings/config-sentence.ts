import type { SentenceView } from '../model/view.ts';
import type { Way } from './finding.ts';
import { worstOf } from './finding.ts';
import type { FleetSkew } from './fleet-skew.ts';
import type { SettingRow } from './setting-rows.ts';

const WAY_WORDS: Readonly<Record<Way, string>> = {
  declared: 'what was set',
  parsed: 'what its processes read',
  observed: 'what its machines do',
};

/** Whether what runs is what was meant, in one sentence, and what holds that back, in another. */
export function writeConfigSentence(
  rows: readonly SettingRow[],
  fleet: Pick<FleetSkew, 'findings' | 'machines'>,
): SentenceView {
  return { verdict: verdictOf(rows, fleet), limit: limitOf(rows, fleet) };
}

function verdictOf(rows: readonly SettingRow[], { machines }: Pick<FleetSkew, 'machines'>): string {
  const wrong = rows.filter(({ findings }) => worstOf(findings) === 'error');
  const [first] = wrong;
  if (first !== undefined && wrong.length === 1) {
    return `${first.setting} does not run as it was meant: ${waysOf(first)}.`;
  }
  if (first !== undefined)
    return `${wrong.length} settings do not run as they were meant, first: ${first.setting}.`;
  const odd = rows.filter(({ findings }) => worstOf(findings) === 'warning');
  const told = rows.filter(isAsWritten);
  if (odd.length > 0) {
    const names = odd.slice(0, 3).map(({ setting }) => setting);
    const more = odd.length > names.length ? ` and ${odd.length - names.length} more` : '';
    return `No setting was misread that we can see; ${odd.length === 1 ? 'one needs' : `${odd.length} need`} a look: ${names.join(', ')}${more}.`;
  }
  if (told.length === 0)
    return 'Can’t tell whether what runs is what was meant: no machine says how it read its settings.';
  const telling = new Set(
    told.flatMap(({ cells }) => cells.flatMap(({ looks, machine }) => (looks === null ? [] : [machine]))),
  );
  return `${told.length === 1 ? 'One setting was' : `${told.length} settings were`} read as written, on ${telling.size} of ${machines.length} ${machines.length === 1 ? 'machine' : 'machines'}.`;
}

/** True where every machine that says how it read the setting read it as it was written, and one of them has it. */
function isAsWritten({ cells }: SettingRow): boolean {
  const telling = cells.filter(({ looks }) => looks !== null);
  return telling.some(({ parsed }) => parsed !== 'unset') && telling.every(({ looks }) => looks === 'ok');
}

/** `what was set, what its processes read and what they do show it`. */
function waysOf({ findings }: SettingRow): string {
  const ways = (['declared', 'parsed', 'observed'] as const)
    .filter((way) => findings.some((one) => one.way === way && one.severity === 'error'))
    .map((way) => WAY_WORDS[way]);
  const last = ways.at(-1) ?? '';
  const head = ways.slice(0, -1).join(', ');
  return ways.length === 1 ? `${last} shows it` : `${head} and ${last} show it`;
}

function limitOf(
  rows: readonly SettingRow[],
  { findings, machines }: Pick<FleetSkew, 'findings' | 'machines'>,
): string | null {
  const parts = findings
    .filter(({ kind }) => kind !== 'images')
    .map(({ text }) => text.split('. ')[0] ?? text);
  const telling = new Set(
    rows.flatMap(({ cells }) => cells.flatMap(({ looks, machine }) => (looks === null ? [] : [machine]))),
  );
  const mute = machines.filter(({ name, standing }) => !telling.has(name) && standing !== 'parked').length;
  if (telling.size > 0 && mute > 0) {
    parts.push(
      `${mute} of ${machines.length} machines ${mute === 1 ? 'does not say how it read its' : 'do not say how they read their'} settings`,
    );
  }
  return parts.length === 0 ? null : parts.map((part) => (part.endsWith('.') ? part : `${part}.`)).join(' ');
}

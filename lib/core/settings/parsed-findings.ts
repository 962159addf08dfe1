import { nameList } from '../modes/words.ts';
import type { SettingFinding } from './finding.ts';
import { ACCEPTED, found, namesOf, setCommands } from './finding-words.ts';
import type { MachineCase, SettingCase } from './setting-case.ts';
import type { SettingParsed } from './setting-words.ts';

/** What is wrong with a setting as the processes read it. */
export function parsedFindings(one: SettingCase): SettingFinding[] {
  return [...digests(one), ...unreadable(one), ...disagreement(one)];
}

function digests(one: SettingCase): SettingFinding[] {
  const holding = one.machines.filter(({ reported }) => reported?.looks === 'digest');
  if (holding.length === 0) return [];
  const names = namesOf(holding);
  const subject = `\`${one.setting}\` on ${nameList(names)} holds 16 or more hexadecimal characters`;
  if (!one.isFlag) {
    const text = `${subject}: right for a key or a commit, wrong for anything else.`;
    return [found(one, 'looks_like_digest', 'info', 'parsed', names, text)];
  }
  const text = `${subject}: a digest, copied in place of a value? Read as ${readAs(holding)}. ${ACCEPTED}`;
  return [found(one, 'looks_like_digest', 'error', 'parsed', names, text, setCommands(one))];
}

function unreadable(one: SettingCase): SettingFinding[] {
  const odd = one.machines.filter(
    ({ reported }) =>
      reported !== null &&
      reported.looks !== 'digest' &&
      (reported.looks === 'unparsable' || reported.parsed === 'invalid'),
  );
  const empty = one.machines.filter(({ reported }) => one.isFlag && reported?.looks === 'empty');
  const findings: SettingFinding[] = [];
  if (odd.length > 0) {
    const text = `\`${one.setting}\` on ${nameList(namesOf(odd))} holds something that its process can't read for certain. Read as ${readAs(odd)}. ${ACCEPTED}`;
    findings.push(found(one, 'unparsable', 'error', 'parsed', namesOf(odd), text, setCommands(one)));
  }
  if (empty.length > 0) {
    const text = `\`${one.setting}\` on ${nameList(namesOf(empty))} is set to an empty text. Read as ${readAs(empty)}.`;
    findings.push(found(one, 'empty', 'warning', 'parsed', namesOf(empty), text));
  }
  return findings;
}

function disagreement(one: SettingCase): SettingFinding[] {
  const groups = new Map<SettingParsed, string[]>();
  for (const { machine, reported } of one.machines) {
    if (reported === null) continue;
    groups.set(reported.parsed, [...(groups.get(reported.parsed) ?? []), machine.name]);
  }
  if (groups.size < 2) return [];
  const parts = [...groups].map(([parsed, names]) => `${PARSED_IN_TEXT[parsed]} on ${nameList(names)}`);
  const text = `\`${one.setting}\` is ${parts.join(', ')}.`;
  const names = [...groups.values()].flat();
  return [found(one, 'machines_disagree', 'warning', 'parsed', names, text)];
}

const PARSED_IN_TEXT: Readonly<Record<SettingParsed, string>> = {
  true: 'true',
  false: 'false',
  unset: 'not set',
  invalid: 'unreadable',
  other: 'set',
};

/** `false`, or `false and invalid` where they differ. */
function readAs(machines: readonly MachineCase[]): string {
  const words = new Set(
    machines.flatMap(({ reported }) => (reported === null ? [] : [PARSED_IN_TEXT[reported.parsed]])),
  );
  return [...words].join(' and ');
}

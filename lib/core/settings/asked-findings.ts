import { nameList } from '../modes/words.ts';
import { formatStamp } from '../units/clock.ts';
import type { SettingFinding } from './finding.ts';
import { found, namesOf, suspendCommands } from './finding-words.ts';
import type { MachineCase, SettingCase } from './setting-case.ts';

/** Where what was set asks to suspend Redis, and a machine says that it uses it. */
export function askedFindings(one: SettingCase): SettingFinding[] {
  return [...inVain(one), ...asUnknown(one)];
}

/** Machines that are asked to suspend Redis and say that they use it. */
function inVain(one: SettingCase): SettingFinding[] {
  const using = one.machines.filter(({ suspended, asks }) => suspended === false && asks.length > 0);
  const misread = using.filter(({ isPlainNo }) => !isPlainNo);
  const plain = using.filter(({ isPlainNo, asks }) => isPlainNo && asks.length > 0);
  const findings: SettingFinding[] = [];
  const [first] = misread;
  if (first !== undefined) {
    const text = `What was set asks to suspend Redis, and ${nameList(namesOf(misread))} ${uses(misread)} it${setAt(one)}: ${first.asks.join('; ')}. ${misread.length === 1 ? 'Its process reads' : 'Their processes read'} \`${one.setting}\` as false.`;
    findings.push(
      found(one, 'asked_in_vain', 'error', 'declared', namesOf(misread), text, suspendCommands(one)),
    );
  }
  const [other] = plain;
  if (other !== undefined) {
    const text = `${capital(other.asks.join('; '))}, but \`${one.setting}\` on ${nameList(namesOf(plain))} holds a plain no.`;
    findings.push(
      found(one, 'declared_differs', 'warning', 'declared', namesOf(plain), text, suspendCommands(one)),
    );
  }
  return findings;
}

/** A secret whose value nobody can see, read as false by a process that does not say what it holds. */
function asUnknown(one: SettingCase): SettingFinding[] {
  const { secret, setting } = one;
  if (secret === null) return [];
  const odd = one.machines.filter(
    ({ suspended, asks, reported, machine }) =>
      suspended === false && asks.length === 0 && reported === null && machine.redis.asked === null,
  );
  if (odd.length === 0) return [];
  const at = secret.updatedMs === null ? '' : ` at ${formatStamp(secret.updatedMs)}`;
  const text = `Secret \`${setting}\` was set${at}, and ${nameList(namesOf(odd))} ${uses(odd)} Redis. If it was meant to suspend, it is asked in vain; that can't be told, because no process says what it holds. Export app_setting_info.`;
  return [found(one, 'asked_in_vain', 'warning', 'declared', namesOf(odd), text)];
}

/** `, though its secret was set at 9 Apr 17:32Z`. */
function setAt({ secret }: SettingCase): string {
  const atMs = secret?.updatedMs ?? null;
  return atMs === null ? '' : `, though its secret was set at ${formatStamp(atMs)}`;
}

function uses(machines: readonly MachineCase[]): string {
  return machines.length === 1 ? 'uses' : 'use';
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

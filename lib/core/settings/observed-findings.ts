import { MINUTE_MS } from '../time/range.ts';
import { valueText } from '../units/format-value.ts';
import type { FindingCommand, FindingSeverity, SettingFinding } from './finding.ts';
import { found, suspendCommands } from './finding-words.ts';
import type { MachineCase, SettingCase } from './setting-case.ts';

/** Where what a machine does contradicts its switch. Only the switch of Redis shows in traffic. */
export function observedFindings(one: SettingCase): SettingFinding[] {
  if (!one.isSwitch) return [];
  return one.machines.flatMap((machine) => differs(one, machine) ?? []);
}

/** What a machine did with Redis lately, in words; null where nothing tells. */
export function observedText({ machine: { redis } }: MachineCase): string | null {
  const parts = [
    ...(redis.sent === null
      ? []
      : [
          `${valueText(redis.sent.count, 'commands')} Redis commands in ${Math.max(1, Math.round(redis.sent.ms / MINUTE_MS))} min`,
        ]),
    ...(redis.suspendedLines === null || redis.suspendedLines === 0
      ? []
      : [
          `${redis.suspendedLines === 1 ? '1 log line says' : `${redis.suspendedLines} log lines say`} suspended, 15 min`,
        ]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

function differs(one: SettingCase, here: MachineCase): SettingFinding | null {
  const { machine, suspended, asks, isPlainNo, reported } = here;
  const { name, redis } = machine;
  const sends = (redis.sent?.count ?? 0) > 0;
  const seen = observedText(here) ?? '';
  const make = (severity: FindingSeverity, text: string, commands: readonly FindingCommand[] = []) =>
    found(one, 'observed_differs', severity, 'observed', [name], text, commands);
  if (suspended === true && sends) {
    return make('error', `${name} says that Redis is suspended, and its traffic says otherwise: ${seen}.`);
  }
  if (suspended !== true && asks.length > 0 && !isPlainNo && sends) {
    const text = `${name} is asked to suspend Redis, and its traffic shows that it does not: ${seen}.`;
    return make('error', text, suspendCommands(one));
  }
  if (reported?.parsed === 'true' && redis.suspended === false) {
    return make('error', `${name} reads \`${one.setting}\` as true, and says that it uses Redis.`);
  }
  if (reported?.parsed === 'false' && redis.suspended === true) {
    return make('warning', `${name} reads \`${one.setting}\` as false, and says that Redis is suspended.`);
  }
  if (suspended === false && !sends && (redis.suspendedLines ?? 0) > 0) {
    return make('warning', `${name} says that it uses Redis, and its log says otherwise: ${seen}.`);
  }
  return null;
}

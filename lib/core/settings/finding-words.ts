import type { FindingCommand, FindingSeverity, SettingFinding, SettingFindingKind, Way } from './finding.ts';
import type { MachineCase, SettingCase } from './setting-case.ts';
import { UNNAMED_SWITCH } from './setting-case.ts';
import { FALSE_LITERALS, TRUE_LITERALS } from './setting-words.ts';

/** What a flag may hold, as a sentence. */
export const ACCEPTED = `Accepted: ${TRUE_LITERALS.join(', ')}; or ${FALSE_LITERALS.join(', ')}.`;

/** A finding of one setting. */
export function found(
  { setting }: Pick<SettingCase, 'setting'>,
  kind: SettingFindingKind,
  severity: FindingSeverity,
  way: Way,
  machines: readonly string[],
  text: string,
  commands: readonly FindingCommand[] = [],
): SettingFinding {
  return { kind, severity, way, setting, machines, text, commands };
}

/** Brings a secret to the machines that began before it was set. */
export function deployCommands({ platformApp }: SettingCase): FindingCommand[] {
  return platformApp === null
    ? []
    : [{ why: 'To bring it to every machine', text: `fly secrets deploy -a ${platformApp}` }];
}

/** Suspends Redis, as it was asked. */
export function suspendCommands(one: SettingCase): FindingCommand[] {
  return setCommands(one).slice(0, 1);
}

/** Both ways to set the switch right: which one was meant nobody can know from here. */
export function setCommands({ isSwitch, setting, platformApp }: SettingCase): FindingCommand[] {
  if (!isSwitch || setting === UNNAMED_SWITCH || platformApp === null) return [];
  return [
    { why: 'To suspend Redis', text: `fly secrets set ${setting}=true -a ${platformApp}` },
    { why: 'To use Redis', text: `fly secrets set ${setting}=false -a ${platformApp}` },
  ];
}

/** Names of machines, in their order. */
export function namesOf(machines: readonly MachineCase[]): string[] {
  return machines.map(({ machine }) => machine.name);
}

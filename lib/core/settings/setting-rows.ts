import { askedFindings } from './asked-findings.ts';
import { declaredFindings } from './declared-findings.ts';
import { bySeverity, type FindingSeverity, type SettingFinding, worstOf } from './finding.ts';
import { observedFindings, observedText } from './observed-findings.ts';
import { parsedFindings } from './parsed-findings.ts';
import { type MachineCase, type SettingCase, toCase, UNNAMED_SWITCH } from './setting-case.ts';
import type { SettingsFacts } from './setting-facts.ts';
import { isRedisSwitch, type SettingLooks, type SettingParsed, type ValueClass } from './setting-words.ts';

/** One way in which a setting was set, wherever it runs. */
export interface Declared {
  by: 'config' | 'record' | 'secret' | 'env';
  /** Class of the value; null for a secret, whose value nobody can see. */
  value: ValueClass | 'unset' | null;
  /** Release of a record, digest of a secret (it tells whether it changed, never what it is); null else. */
  name: string | null;
  /** Of a secret. */
  status: 'deployed' | 'staged' | 'partial' | 'unknown' | null;
  atMs: number | null;
  /** Page of the deploy that says so. */
  href: string | null;
}

/** One setting on one machine. */
export interface SettingCell {
  machine: string;
  /** As its process read it; null where it does not tell, with `why`. */
  parsed: SettingParsed | null;
  looks: SettingLooks | null;
  /** Why nothing is told: `it does not answer`; null where it tells. */
  why: string | null;
  /** What it does, in words; null where no traffic shows this setting, or nothing was counted. */
  observed: string | null;
  /** Worst finding that names this machine, by the part that it is in. */
  worst: { parsed: FindingSeverity | null; observed: FindingSeverity | null };
}

/** One setting: what was set, what each machine reads, what is wrong. */
export interface SettingRow {
  setting: string;
  /** True where traffic can show it. */
  isObservable: boolean;
  declared: readonly Declared[];
  /** In the order of the machines. */
  cells: readonly SettingCell[];
  /** Worst first. */
  findings: readonly SettingFinding[];
}

const MOST_ROWS = 200;
const MOST_DECLARED = 6;
/** Beside each other nobody compares more; those in trouble are kept. */
const MOST_MACHINES = 50;

/** What is shown of all settings. */
export interface SettingRows {
  rows: readonly SettingRow[];
  /** Settings and machines beyond those that are shown. */
  left: { settings: number; machines: number };
}

/**
 * Every setting that anything tells of: those in trouble first, then those that a process tells of, then the rest by
 * name.
 */
export function settingRows(facts: SettingsFacts): SettingRows {
  const all = namesOf(facts).map((setting) => toRow(facts, toCase(facts, setting)));
  all.sort((a, b) => rankOf(a) - rankOf(b) || a.setting.localeCompare(b.setting, 'en'));
  const shown = shownMachines(facts, all);
  const rows = all.slice(0, MOST_ROWS).map((row) => ({
    ...row,
    cells: row.cells.filter(({ machine }) => shown.has(machine)),
  }));
  return {
    rows,
    left: { settings: all.length - rows.length, machines: facts.machines.length - shown.size },
  };
}

/** Names of the machines that are shown; those that a finding names come before the others. */
function shownMachines({ machines }: SettingsFacts, rows: readonly SettingRow[]): ReadonlySet<string> {
  const names = machines.map(({ name }) => name);
  if (names.length <= MOST_MACHINES) return new Set(names);
  const inTrouble = new Set(rows.flatMap(({ findings }) => findings.flatMap((one) => one.machines)));
  const ordered = new Set([...names.filter((name) => inTrouble.has(name)), ...names]);
  return new Set([...ordered].slice(0, MOST_MACHINES));
}

function namesOf({ machines, secrets, records }: SettingsFacts): string[] {
  const names = new Set([
    ...machines.flatMap(({ reported, env }) => [
      ...(reported ?? []).map(({ setting }) => setting),
      ...(env ?? []).map(({ name }) => name),
    ]),
    ...(secrets ?? []).map(({ name }) => name),
    ...records.map(({ setting }) => setting),
  ]);
  const tellsMode = machines.some(({ redis }) => redis.suspended !== null || redis.asked !== null);
  if (tellsMode && ![...names].some(isRedisSwitch)) names.add(UNNAMED_SWITCH);
  return [...names];
}

function toRow(facts: SettingsFacts, one: SettingCase): SettingRow {
  const findings = [
    ...declaredFindings(one),
    ...askedFindings(one),
    ...parsedFindings(one),
    ...observedFindings(one),
  ];
  return {
    setting: one.setting,
    isObservable: one.isSwitch,
    declared: declaredOf(facts, one),
    cells: one.machines.map((machine) => toCell(one, machine, findings)),
    findings: findings.sort(bySeverity),
  };
}

function declaredOf({ expected, records }: SettingsFacts, one: SettingCase): Declared[] {
  const { secret, setting, isSwitch, machines } = one;
  const none = { value: null, name: null, status: null, atMs: null, href: null };
  const env = new Set(machines.flatMap((machine) => (machine.env === null ? [] : [machine.env])));
  return [
    ...(isSwitch && expected === 'suspended'
      ? [{ ...none, by: 'config' as const, value: 'true' as const }]
      : []),
    ...(secret === null
      ? []
      : [
          {
            ...none,
            by: 'secret' as const,
            name: secret.digest,
            status: secret.status,
            atMs: secret.updatedMs,
          },
        ]),
    ...[...env].map((value) => ({ ...none, by: 'env' as const, value })),
    ...records
      .filter((record) => record.setting === setting)
      .map(({ value, release, atMs, href }) => ({
        ...none,
        by: 'record' as const,
        value,
        name: release,
        atMs,
        href,
      })),
  ].slice(0, MOST_DECLARED);
}

function toCell(one: SettingCase, here: MachineCase, findings: readonly SettingFinding[]): SettingCell {
  const { machine, reported, suspended } = here;
  const own = findings.filter(({ machines }) => machines.includes(machine.name));
  const told: SettingParsed | null =
    reported?.parsed ?? (suspended === null ? null : suspended ? 'true' : 'false');
  return {
    machine: machine.name,
    parsed: told,
    looks: reported?.looks ?? null,
    why: told === null ? whyOf(one, here) : null,
    observed: one.isSwitch ? observedText(here) : null,
    worst: {
      parsed: worstOf(own.filter(({ way, kind }) => way === 'parsed' || kind === 'asked_in_vain')),
      observed: worstOf(own.filter(({ way }) => way === 'observed')),
    },
  };
}

function whyOf({ secret }: SettingCase, { machine, env }: MachineCase): string {
  if (machine.silent !== null) return machine.silent;
  if (machine.reported === null) return 'its app does not say';
  return secret !== null || env !== null ? 'its app does not say this one' : 'not told';
}

function rankOf({ findings, cells }: SettingRow): number {
  const worst = worstOf(findings);
  if (worst === 'error') return 0;
  if (worst === 'warning') return 1;
  return cells.some(({ parsed }) => parsed !== null) ? 2 : 3;
}

/** What can be wrong with a setting. Closed set; what each means stands in docs/config-page.md. */
export const SETTING_FINDINGS = [
  'looks_like_digest',
  'unparsable',
  'empty',
  'machines_disagree',
  'staged',
  'partial',
  'masked',
  'asked_in_vain',
  'declared_differs',
  'observed_differs',
] as const;
export type SettingFindingKind = (typeof SETTING_FINDINGS)[number];

/** Where it was seen: in what was set, in what the process made of it, or in what it does. */
export const WAYS = ['declared', 'parsed', 'observed'] as const;
export type Way = (typeof WAYS)[number];

/** `error`: it does not run as it was meant. `warning`: it may not. `info`: worth knowing. */
export const FINDING_SEVERITIES = ['error', 'warning', 'info'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** Something about one setting that a person should see. */
export interface SettingFinding {
  kind: SettingFindingKind;
  severity: FindingSeverity;
  way: Way;
  setting: string;
  /** Machines that it holds for; empty where it holds for what was set, wherever it runs. */
  machines: readonly string[];
  /** One or two sentences; never a value. */
  text: string;
  /** What to type, each with the wish that it serves: `to suspend Redis`. Empty where nothing can be offered. */
  commands: readonly FindingCommand[];
}

/** A command to copy, and what it is for. */
export interface FindingCommand {
  why: string;
  text: string;
}

/** Short words for a finding, beside its glyph. */
export const FINDING_WORDS: Readonly<Record<SettingFindingKind, string>> = {
  looks_like_digest: 'Looks like a digest',
  unparsable: 'Not readable',
  empty: 'Empty',
  machines_disagree: 'Machines disagree',
  staged: 'Staged',
  partial: 'Partial',
  masked: 'Masked',
  asked_in_vain: 'Asked in vain',
  declared_differs: 'Not as declared',
  observed_differs: 'Traffic differs',
};

/** Worst first. */
export function bySeverity(a: Pick<SettingFinding, 'severity'>, b: Pick<SettingFinding, 'severity'>): number {
  return FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity);
}

/** The worst of them; null for none. */
export function worstOf(findings: readonly Pick<SettingFinding, 'severity'>[]): FindingSeverity | null {
  return [...findings].sort(bySeverity)[0]?.severity ?? null;
}

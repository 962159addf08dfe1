import type { AlertFacts } from './facts.ts';
import { RULES } from './rules/index.ts';
import { ALERT_RULES, type AlertFinding, type AlertRuleId } from './rules/rule.ts';
import type { AlertSettings } from './settings.ts';

/** Parts of the facts that have no word of their own for "not read": nothing in them reads as nothing to find. */
export const LISTED_PARTS = ['sources', 'series', 'claims', 'limits', 'fleet'] as const;
export type ListedPart = (typeof LISTED_PARTS)[number];

/** What one rule says of one subject. */
export interface Seen {
  /** Rule, and after a colon its subject. */
  id: string;
  rule: AlertRuleId;
  finding: AlertFinding;
}

/** What all rules say at one time. */
export interface Look {
  seen: readonly Seen[];
  /** Rules that asked for something that could not be read: what they do not speak of is not known. */
  blind: ReadonlySet<AlertRuleId>;
}

export function alertId(rule: AlertRuleId, subject: string): string {
  return subject === '' ? rule : `${rule}:${subject}`;
}

/**
 * Asks every rule that is not switched off. `unread`: parts that could not be read now. With `onFault` a rule that throws
 * knows nothing now and keeps no other from being asked; without it the error passes through.
 */
export function lookAround(
  facts: AlertFacts,
  settings: AlertSettings,
  unread: ReadonlySet<ListedPart> = new Set(),
  onFault?: (rule: AlertRuleId, error: unknown) => void,
): Look {
  const seen: Seen[] = [];
  const blind = new Set<AlertRuleId>();
  for (const rule of ALERT_RULES) {
    if (settings.off.includes(rule)) continue;
    const asked = unread.size === 0 ? facts : watched(facts, unread, () => blind.add(rule));
    try {
      const findings = RULES[rule].find(asked, settings);
      for (const finding of blind.has(rule) ? findings.map(halfSeen) : findings)
        seen.push({ id: alertId(rule, finding.subject), rule, finding });
    } catch (error) {
      if (onFault === undefined) throw error;
      blind.add(rule);
      onFault(rule, error);
    }
  }
  return { seen, blind };
}

/** With a part missing what is seen is enough to fire, and never enough to be over. */
function halfSeen(finding: AlertFinding): AlertFinding {
  const { value, levels } = finding;
  return value !== null && value >= levels.trigger ? finding : { ...finding, value: null };
}

/** The same facts, which tell when a rule asks for one of these parts. */
function watched(facts: AlertFacts, parts: ReadonlySet<ListedPart>, onAsked: () => void): AlertFacts {
  const told: AlertFacts = Object.create(facts);
  for (const part of parts) {
    const get = (): AlertFacts[ListedPart] => {
      onAsked();
      return facts[part];
    };
    Object.defineProperty(told, part, { get });
  }
  return told;
}

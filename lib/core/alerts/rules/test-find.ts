import type { AlertFacts } from '../facts.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '../settings.ts';
import { emptyFacts } from '../test-facts.ts';
import { RULES } from './index.ts';
import type { AlertFinding, AlertRuleId } from './rule.ts';

export const NOW_MS = Date.UTC(2026, 3, 9, 22, 0);

/** What a rule finds in these facts, of which nothing else is known; in its words every space is a plain one. */
export function findAll(
  rule: AlertRuleId,
  facts: Partial<AlertFacts>,
  settings: Partial<AlertSettings> = {},
): readonly AlertFinding[] {
  return RULES[rule]
    .find({ ...emptyFacts(NOW_MS), ...facts }, { ...DEFAULT_ALERT_SETTINGS, ...settings })
    .map(plainSpaces);
}

function plainSpaces(finding: AlertFinding): AlertFinding {
  const plain = (text: string): string => text.replace(/\s/g, ' ');
  return {
    ...finding,
    title: plain(finding.title),
    detail: finding.detail === null ? null : plain(finding.detail),
    means: finding.means.map(({ what, text }) => ({ what, text: plain(text) })),
  };
}

/** The one finding of a rule; throws where it finds none or more. */
export function findOne(...asked: Parameters<typeof findAll>): AlertFinding {
  const [only, ...more] = findAll(...asked);
  if (only === undefined || more.length > 0) throw new Error(`${asked[0]}: not one finding`);
  return only;
}

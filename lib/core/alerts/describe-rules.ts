import { RULES } from './rules/index.ts';
import { ALERT_GROUPS, ALERT_RULES, COMMON_WORDS } from './rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';

const MARKS = /(<!-- rules: [^\n]*-->\n)[\s\S]*?(<!-- \/rules -->)/;

/** `docs/alerts.md` with its list of rules put in anew; throws where the marks are missing. */
export function fillAlerts(text: string): string {
  if (!MARKS.test(text)) throw new Error('docs/alerts.md: the marks of rules are missing');
  // A function, since words may hold dollar signs.
  return text.replace(MARKS, (_all, begin: string, end: string) => `${begin}\n${describeRules()}\n${end}`);
}

/** Every rule as it says itself, with the defaults, by what it is about. What all have in common is left out. */
function describeRules(): string {
  return ALERT_GROUPS.map((group) => {
    const rows = ALERT_RULES.filter((id) => RULES[id].group === group).map((id) => {
      const { severity, words, reads } = RULES[id];
      const own = words(DEFAULT_ALERT_SETTINGS).replace(COMMON_WORDS, '');
      return `| \`${id}\` | ${severity} | ${cell(own)} | ${cell(reads)} |`;
    });
    return [`### ${group}`, '', '| rule | how soon | when | reads |', '|---|---|---|---|', ...rows].join(
      '\n',
    );
  }).join('\n\n');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|');
}

import { senseOf } from '../claims/headings.ts';
import { classifyValue, isSettingName, type ValueClass } from './setting-words.ts';

/** What a line of a summary sets a setting to. */
export interface Assignment {
  setting: string;
  value: ValueClass | 'unset';
  /** 1-based. */
  line: number;
}

const COMMAND = /\b(?:fly|flyctl)\s+secrets\s+(set|unset)\s+([^\n;&|#]{1,1000})/;
const OTHER = /\bheroku\s+config:(set|unset)\s+([^\n;&|#]{1,1000})/;
const APP = /(?:^|\s)(?:-a|--app)[ =]([^\s`"']{1,100})/;
/** Stands for a value that a person was to fill in, or that was taken out. */
const PLACEHOLDER = /^["']?(?:<|\$|\[secret\])/;
const MOST_LINES = 5_000;
const FENCE = /^\s{0,12}(?:```|~~~)/;
/** A heading of Markdown, and a short line that can be one. After one `#` may stand a remark of a shell. */
const HEADING = /^\s{0,3}#{2,6}\s+(.{1,80})$/;
const TITLE = /^\s{0,3}(?:#\s+|\d{1,2}\.\s+|\*{2})?([A-Za-z][^:.;`=]{1,50})(?:\*{2})?:?\s*$/;

/**
 * Settings that the commands of a summary have set, in the order of their lines. What stands under a plan, a check or a
 * rollback was not done; lines of `skip` neither. With `apps` known, a command for another app is left out.
 */
export function readAssignments(
  summary: string,
  skip: ReadonlySet<number>,
  apps: readonly string[],
): Assignment[] {
  const found: Assignment[] = [];
  let isFenced = false;
  let isPlan = false;
  for (const [i, text] of summary.split('\n', MOST_LINES).entries()) {
    if (FENCE.test(text)) isFenced = !isFenced;
    else if (!isFenced) isPlan = isPlanAfter(text, isPlan);
    if (isPlan || skip.has(i + 1)) continue;
    found.push(...readLine(text, apps).map((one) => ({ ...one, line: i + 1 })));
  }
  return found;
}

/** A title says whether what follows it was done or is still to come; any other line changes nothing. */
function isPlanAfter(text: string, before: boolean): boolean {
  const heading = HEADING.exec(text)?.[1];
  const title = heading ?? TITLE.exec(text)?.[1];
  if (title === undefined) return before;
  const sense = senseOf(title);
  switch (sense) {
    case 'rollback':
    case 'follow-up':
    case 'open':
    case 'promise':
      return true;
    case 'done':
      return false;
    case 'other':
      return heading === undefined && before;
    default:
      return sense satisfies never;
  }
}

function readLine(text: string, apps: readonly string[]): Omit<Assignment, 'line'>[] {
  const [, verb, rest = ''] = COMMAND.exec(text) ?? OTHER.exec(text) ?? [];
  if (verb === undefined) return [];
  const app = APP.exec(rest)?.[1];
  if (app !== undefined && apps.length > 0 && !apps.includes(app)) return [];
  const words = rest.replace(APP, ' ').replaceAll('`', ' ').split(/\s+/);
  return words.flatMap((word): Omit<Assignment, 'line'>[] => {
    const at = word.indexOf('=');
    const setting = at === -1 ? word : word.slice(0, at);
    if (!isSettingName(setting)) return [];
    if (verb === 'unset') return at === -1 ? [{ setting, value: 'unset' }] : [];
    const value = word.slice(at + 1);
    if (at === -1 || PLACEHOLDER.test(value)) return [];
    return [{ setting, value: classifyValue(value.replace(/^["']|["'.,]+$/g, '')) }];
  });
}

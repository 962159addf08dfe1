import type { Notice, ScrapeErrorKind } from '../model/scrape.ts';
import type { SourceKind } from '../model/target.ts';
import { SOURCE_SPECS } from './index.ts';

/** Something that a person with more rights can do for a source. */
export interface Mend {
  /** `grant`: a right is missing, and with it numbers; `better`: numbers would only be better. */
  weight: 'grant' | 'better';
  /** What is missing, in words. */
  missing: string;
  /** A command to paste, or a step in words. */
  kind: 'run' | 'step';
  text: string;
  /** Beside the command, and not to be pasted with it; null for none. */
  remark: string | null;
}

/** What one visit left behind. */
export interface VisitWords {
  kind: SourceKind;
  error: { kind: ScrapeErrorKind; message: string } | null;
  notices: readonly Notice[];
}

/** The command of an error or notice, and a remark in brackets that must not be pasted with it. */
const COMMAND = /; (?:as an admin run: |make (?:one|a token) with )(.+?)(?: \(([^()]+)\))?$/;
/** Without these rights numbers are missing; the other commands only make numbers better. */
const GRANT = /^(?:GRANT|ACL SETUSER|ALTER ROLE|fly tokens)\b/;
/** A key or token that was refused by status. Other refusals say themselves what a person has to correct. */
const REFUSED = /\b(?:401|403)\b/;
/** Notices by which a collector says that a part of its answers is missing. */
const MISSING_PART = /^(?:no_grant_|grant_missing$|stats_refused$|details_unread$)/;

/** What is missing and what mends it, the weightiest first; each command once. Empty when nothing is. */
export function readMends({ kind, error, notices }: VisitWords): readonly Mend[] {
  const found: Mend[] = [];
  if (error !== null) found.push(...mendsIn(error.message, kind, true));
  for (const { code, text } of notices) found.push(...mendsIn(text, kind, MISSING_PART.test(code)));
  const once = found.filter((mend, i) => found.findIndex(({ text }) => text === mend.text) === i);
  return once.toSorted((a, b) => Number(a.weight === 'better') - Number(b.weight === 'better'));
}

/** The text without its command, which stands on a line of its own. */
export function withoutCommand(text: string): string {
  return text.replace(COMMAND, '');
}

function mendsIn(text: string, kind: SourceKind, mayBeRefused: boolean): Mend[] {
  const [, command, remark] = COMMAND.exec(text) ?? [];
  if (command !== undefined) {
    const weight = GRANT.test(command) ? 'grant' : 'better';
    return [{ weight, missing: withoutCommand(text), kind: 'run', text: command, remark: remark ?? null }];
  }
  const { mend } = SOURCE_SPECS[kind];
  if (mend === null || !mayBeRefused || !REFUSED.test(text)) return [];
  const isCommand = /^(?:curl|fly) /.test(mend.step);
  return [
    {
      weight: 'grant',
      missing: mend.missing,
      kind: isCommand ? 'run' : 'step',
      text: mend.step,
      remark: null,
    },
  ];
}

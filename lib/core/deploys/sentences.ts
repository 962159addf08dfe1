import type { ClaimsDocument, Finding } from '../claims/document.ts';
import type { ClaimState } from '../model/claim.ts';
import type { Deploy } from '../model/deploy.ts';
import type { WatchLine } from '../model/verdict.ts';
import type { SentenceView } from '../model/view.ts';
import type { WatchedDeployLine } from '../model/watch.ts';

const SMALL = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

/** `Seven promises`, `one finding`, `14 checks`; a capital where it begins a sentence. */
export function countWords(count: number, one: string, many = `${one}s`, begins = false): string {
  const word = SMALL[count] ?? String(count);
  return `${begins ? word : word.toLowerCase()} ${count === 1 ? one : many}`;
}

/** Findings that somebody should look at: contradictions and doubts, not rounding. */
export function worthALook(audit: readonly Finding[]): readonly Finding[] {
  return audit.filter(({ severity }) => severity !== 'info');
}

/** What holds a summary back: numbers that contradict each other, commands that cannot run. Null when nothing does. */
export function doubts(summary: Pick<ClaimsDocument, 'audit' | 'rollback'>): string | null {
  const numbers = worthALook(summary.audit).filter(({ kind }) => kind !== 'rollback').length;
  const commands = summary.rollback.filter(({ executable }) => !executable).length;
  const parts = [
    ...(numbers === 0
      ? []
      : [`${countWords(numbers, 'statement')} ${numbers === 1 ? 'does' : 'do'} not add up`]),
    ...(commands === 0 ? [] : [`${countWords(commands, 'rollback command')} can’t run`]),
  ];
  if (parts.length === 0) return null;
  const text = parts.join(', and ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/**
 * What was read of a summary while it is written. `summary` is null before anything was; `decidable` is how many of the
 * claims 24 hours can settle, null or absent while that is not known.
 */
export function draftSentence(
  summary: ClaimsDocument | null,
  claims: { all: number; measurable: number; decidable?: number | null },
): SentenceView {
  if (summary === null) {
    return {
      verdict: 'Paste what this deploy promises.',
      limit: 'Its numbers, checks and way back are read as you type.',
    };
  }
  if (claims.all === 0) {
    return {
      verdict: 'No promise found here yet.',
      limit: doubts(summary) ?? 'Write a number that should change, or add a claim by hand.',
    };
  }
  const { all, measurable, decidable = null } = claims;
  if (decidable !== null && measurable > 0) {
    return {
      verdict: `${countWords(all, 'promise', 'promises', true)}, and 24 hours can settle ${settleWords(decidable, all)}.`,
      limit: doubts(summary),
    };
  }
  const told =
    measurable === all
      ? all === 1
        ? 'and it can be measured here'
        : 'all of them can be measured here'
      : measurable === 0
        ? 'and nothing here can measure them yet'
        : `${countWords(measurable, '', '').trim()} of them can be measured here`;
  return { verdict: `${countWords(all, 'promise', 'promises', true)}, ${told}.`, limit: doubts(summary) };
}

/** `all of them`, `six of them`, `none of them`, `it`. */
function settleWords(decidable: number, all: number): string {
  if (all === 1) return decidable === 1 ? 'it' : 'nothing of it';
  if (decidable === all) return 'all of them';
  return `${decidable === 0 ? 'none' : countWords(decidable, '', '').trim()} of them`;
}

/** Where a deploy stands, after its name, once its watch is over and nothing of it is provisional. */
const STANDS: Record<ClaimState, string> = {
  settling: 'is settling',
  on_track: 'is on track',
  off_track: 'is off track',
  undecided: 'is undecided',
  met: 'did what it promised',
  mostly_met: 'did most of what it promised',
  failing: 'is failing',
  missed: 'missed what it promised',
  worse: 'made it worse',
  relapsed: 'did what it promised, and lost it again',
  cant_tell: 'can’t be told',
};

/** The same of a promise that is kept while that may still change. */
const STANDS_SO_FAR: Partial<Record<ClaimState, string>> = {
  met: 'does what it promised so far',
  mostly_met: 'does most of what it promised so far',
};

function standsOf({ state, provisional, closed }: WatchLine): string {
  const isFinal = closed && !provisional;
  return (isFinal ? undefined : STANDS_SO_FAR[state]) ?? STANDS[state];
}

/** The list of deploys in a sentence. */
export function deploysSentence(deploys: readonly WatchedDeployLine[], all: number): SentenceView {
  if (all === 0)
    return {
      verdict: 'No deploy is known yet.',
      limit: 'Send one, paste its summary, or wait: releases are noticed.',
    };
  const [newest] = deploys;
  if (newest === undefined) return { verdict: 'No deploy of this kind.', limit: null };
  const open = deploys.filter(({ claims }) => claims.confirmed < claims.all).length;
  // The list may be of one kind: the newest of them need not be the one that is watched.
  const watched = deploys.find(({ watch }) => watch !== null);
  const count = countWords(deploys.length, 'deploy', 'deploys', true);
  const stands = watched?.watch == null ? null : standsOf(watched.watch);
  const newestWords =
    stands !== null && watched === newest && deploys.length > 1
      ? `${count}; the newest, ${newest.release}, ${stands}.`
      : `${count}, the newest is ${newest.release}.${stands === null ? '' : ` ${watched?.release} ${stands}.`}`;
  return {
    verdict: newestWords,
    limit:
      open === 0
        ? null
        : `${countWords(open, 'deploy', 'deploys', true)} ${open === 1 ? 'has' : 'have'} claims that nobody has confirmed, so they do not count.`,
  };
}

/** One deploy in a sentence: what it says of itself, never how it went. */
export function deploySentence({ release, claims, document: summary, title }: Deploy): SentenceView {
  const held = claims.filter(({ standing }) => standing !== 'removed');
  const proposed = held.filter(({ standing }) => standing === 'proposed').length;
  const doubt = summary === null ? null : doubts(summary);
  if (held.length === 0) {
    return {
      verdict: `${release} promises nothing to measure.`,
      limit: summary === null ? (title === null ? null : `Noticed: ${title}.`) : doubt,
    };
  }
  const waiting =
    proposed === 0
      ? null
      : `${proposed === held.length ? (proposed === 1 ? 'It waits' : 'They wait') : `${countWords(proposed, '', '', true).trim()} of them ${proposed === 1 ? 'waits' : 'wait'}`} for a person to confirm.`;
  return {
    verdict: `${release} makes ${countWords(held.length, 'promise')}.`,
    limit: [waiting, doubt].filter((part) => part !== null).join(' ') || null,
  };
}

import { countText, spanText } from '@/lib/core/claims/audit/wording.ts';
import {
  type ClaimsDocument,
  type Finding,
  type ParsedClaim,
  SEVERITIES,
  type Span,
} from '@/lib/core/claims/document.ts';
import { plainText } from './text.ts';

const WIDTH = 80;
const INDENT = 8;
/** Of one text: a promise is a line, whatever a broken file makes of it. */
const MAX_CHARS = 600;
const MINUS = '−';
const NAMES = ['error', 'warning', 'remark'] as const;

/** A read summary as lines of at most 80 columns: what it promises, asks for and would undo, and what does not add up. */
export function documentLines(file: string, document: ClaimsDocument): string[] {
  const { claims, checks, followUps, rollback, audit, redactions } = document;
  const done = checks.filter(({ state }) => state === 'done').length;
  return [
    ...wrap([file, ...deployWords(document)].join(', '), 0),
    '',
    `Claims: ${claims.length}`,
    ...claims.flatMap(claimLines),
    ...block(
      `Checks: ${checks.length - done} waiting, ${done} done`,
      checks.flatMap(({ line, state, text }) => row(line, `${state}: ${text}`)),
    ),
    ...block(
      `Next steps: ${followUps.length}`,
      followUps.flatMap(({ line, text, due, when }) =>
        row(line, [due ?? when, text].filter((part) => part !== null).join(': ')),
      ),
    ),
    ...block(
      `Rollback: ${rollback.length}`,
      rollback.flatMap(({ line, command, executable, why }) => [
        ...row(line, command),
        ...(executable ? [] : wrap(`cannot run as written${why === undefined ? '' : `: ${why}`}`, INDENT)),
      ]),
    ),
    '',
    `Audit: ${countsOf(audit)}`,
    ...findingLines(audit),
    ...(redactions === 0
      ? []
      : [
          '',
          `${redactions} ${redactions === 1 ? 'secret was' : 'secrets were'} taken out before anything was read.`,
        ]),
  ];
}

/** Findings as lines, each with its severity and where it stands. */
export function findingLines(findings: readonly Finding[]): string[] {
  const indent = INDENT + 3;
  return findings.flatMap(({ severity, message, lines }) => {
    const [first = '', ...rest] = wrap(message, indent);
    const where = typeof lines[0] === 'string' ? lines.join(', ') : `line ${lines.join(', ')}`;
    return [
      `  ${severity.padEnd(indent - 2)}${first.trimStart()}`,
      ...rest,
      ...(lines.length === 0 ? [] : wrap(where, indent)),
    ];
  });
}

function countsOf(audit: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => audit.filter((one) => one.severity === severity).length);
  const words = counts.flatMap((count, index) =>
    count === 0 ? [] : `${count} ${NAMES[index]}${count === 1 ? '' : 's'}`,
  );
  return words.length === 0 ? 'nothing that disagrees' : words.join(', ');
}

function deployWords({ deploy }: ClaimsDocument): string[] {
  const { app, version, time, machinesRunning, machinesAssumed } = deploy;
  return [
    ...(app === null ? [] : [app]),
    ...(version === null ? [] : [/^v/i.test(version) ? version : `version ${version}`]),
    ...(time === null ? [] : [time]),
    ...(machinesRunning === null
      ? []
      : [machinesRunning === 1 ? '1 machine runs' : `${machinesRunning} machines run`]),
    ...(machinesAssumed === null || machinesAssumed === machinesRunning
      ? []
      : [`sums count on ${machinesAssumed}`]),
  ];
}

/** A part with its title; nothing of a part that is empty. */
function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function claimLines(claim: ParsedClaim): string[] {
  const metric = claim.metric === null ? 'no metric' : `${claim.metric} (${claim.confidence})`;
  return [...row(claim.source.line, `${promiseOf(claim)}: ${metric}`), ...wrap(claim.text, INDENT)];
}

/** What a claim promises, in its own unit and window: `733K → 24,000 GETs per h, −96.7 %`. */
export function promiseOf(claim: ParsedClaim): string {
  const {
    before,
    after,
    unit,
    window,
    changePct,
    changePp,
    delta,
    factor,
    limit,
    limitOp,
    guard,
    direction,
  } = claim;
  const level = (span: Span) => spanText(span, unit, window);
  const parts = [
    ...(before !== null && after !== null
      ? [`${spanText(before, unit === 'USD' ? unit : null, null)} → ${level(after)}`]
      : []),
    ...(before !== null && after === null ? [`from ${level(before)}`] : []),
    ...(before === null && after !== null ? [`to ${level(after)}`] : []),
    ...(limit !== null && limitOp !== null ? [`${limitOp} ${level(limit)}`] : []),
    ...(changePct === null ? [] : [`${signed(changePct)} %`]),
    ...(changePp === null ? [] : [`${signed(changePp)} pp`]),
    ...(delta === null ? [] : [deltaOf(delta, unit, window)]),
    ...(factor === null ? [] : [`${spanText(factor, null, null)}×`]),
  ];
  if (parts.length > 0) return parts.join(', ');
  if (guard) return 'must not get worse';
  return direction === null ? 'no number' : { down: 'falls', up: 'rises', unchanged: 'stays' }[direction];
}

function deltaOf(delta: Span, unit: string | null, window: string | null): string {
  const [low, high] = typeof delta === 'number' ? [delta, delta] : delta;
  const size =
    typeof delta === 'number'
      ? Math.abs(delta)
      : ([Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))] as const);
  return `${high <= 0 ? MINUS : '+'}${spanText(size, unit, window)}`;
}

function signed(span: Span): string {
  const one = (value: number) => `${value < 0 ? MINUS : '+'}${countText(Math.abs(value))}`;
  return typeof span === 'number' ? one(span) : `${one(span[0])} to ${one(span[1])}`;
}

function row(line: number, text: string): string[] {
  const [first = '', ...rest] = wrap(text, INDENT);
  return [`${String(line).padStart(INDENT - 2)}  ${first.trimStart()}`, ...rest];
}

/** Words of a text on lines of 80 columns; a word that is longer is cut into pieces. `hang` indents all but the first. */
function wrap(text: string, indent: number, hang = indent): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let isEmpty = true;
  const next = () => {
    lines.push(line);
    line = ' '.repeat(hang);
    isEmpty = true;
  };
  for (const word of plainText(text.slice(0, MAX_CHARS)).split(/\s+/)) {
    for (const piece of pieces(word, WIDTH - Math.max(indent, hang))) {
      if (!isEmpty && columns(line) + 1 + columns(piece) > WIDTH) next();
      line += isEmpty ? piece : ` ${piece}`;
      isEmpty = false;
    }
  }
  if (!isEmpty) lines.push(line);
  return lines;
}

function pieces(word: string, most: number): string[] {
  const found: string[] = [];
  let piece = '';
  for (const sign of word) {
    if (columns(piece + sign) > most) {
      found.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return piece === '' ? found : [...found, piece];
}

/** Columns that a terminal gives a text: pictures and East Asian signs take two. */
function columns(text: string): number {
  let count = 0;
  for (const sign of text) {
    if (/\p{M}|\u200d|\ufe0f/u.test(sign)) continue;
    count +=
      /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(
        sign,
      )
        ? 2
        : 1;
  }
  return count;
}

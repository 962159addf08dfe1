import type { ClaimState } from '../model/claim.ts';
import { formatSinceOrigin } from '../units/clock.ts';
import { STATE_NAMES } from '../watch/verdict-text.ts';

/** The watch that a badge tells of. */
export interface BadgeWatch {
  release: string;
  state: ClaimState;
  provisional: boolean;
  /** True for a person's own verdict over the measured one. */
  byHand: boolean;
  originMs: number;
  endMs: number;
}

/** `gone`: the link is none, or was withdrawn. `quiet`: nothing is watched. */
export type BadgeContent =
  | { kind: 'watch'; watch: BadgeWatch; nowMs: number }
  | { kind: 'quiet' }
  | { kind: 'gone' };

const HEIGHT = 20;
const PADDING = 7;
const LABEL = 'afterwatch';
/** A release may be a commit or a few words: so much of it fits. */
const MOST_RELEASE = 24;
/** White on each has a contrast of 4.5:1 and more; each stands out from a white page and from a black one by 3:1. */
const FILLS = {
  good: '#1a7f37',
  track: '#0969da',
  warn: '#9a6700',
  bad: '#cf222e',
  unknown: '#6e7781',
} as const;
const LABEL_FILL = '#59636e';
const TEXT_FILL = '#ffffff';

const STATE_FILLS: Readonly<Record<ClaimState, keyof typeof FILLS>> = {
  settling: 'unknown',
  on_track: 'track',
  off_track: 'warn',
  undecided: 'unknown',
  met: 'good',
  mostly_met: 'good',
  failing: 'bad',
  missed: 'bad',
  worse: 'bad',
  relapsed: 'bad',
  cant_tell: 'unknown',
};

/**
 * A badge as SVG, with attributes only: no style, no script, nothing from outside, so that it may be shown under any
 * policy. Text of others is escaped, and set to the width that is drawn for it whatever font shows it.
 */
export function badgeSvg(content: BadgeContent): string {
  const { text, fill } = wordsOf(content);
  const [left, right] = [textWidth(LABEL), textWidth(text)];
  const [leftBox, rightBox] = [left + 2 * PADDING, right + 2 * PADDING];
  const width = leftBox + rightBox;
  const title = escapeXml(`Afterwatch: ${text}`);
  const label = (words: string, x: number, length: number) =>
    `<text x="${x}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escapeXml(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
    '<g clip-path="url(#r)">',
    `<rect width="${leftBox}" height="${HEIGHT}" fill="${LABEL_FILL}"/>`,
    `<rect x="${leftBox}" width="${rightBox}" height="${HEIGHT}" fill="${FILLS[fill]}"/>`,
    '</g>',
    `<g fill="${TEXT_FILL}" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">`,
    label(LABEL, PADDING, left),
    label(text, leftBox + PADDING, right),
    '</g>',
    '</svg>',
  ].join('');
}

function wordsOf(content: BadgeContent): { text: string; fill: keyof typeof FILLS } {
  switch (content.kind) {
    case 'gone':
      return { text: 'unknown badge', fill: 'unknown' };
    case 'quiet':
      return { text: 'nothing watched', fill: 'unknown' };
    case 'watch': {
      const { release, state, provisional, byHand, originMs, endMs } = content.watch;
      const at = formatSinceOrigin(Math.min(Math.max(content.nowMs, originMs), endMs), originMs);
      const isKept = state === 'met' || state === 'mostly_met';
      const how = byHand ? ' by hand' : provisional && isKept ? ' so far' : '';
      return { text: `${shortName(release)} ${STATE_NAMES[state]}${how} ${at}`, fill: STATE_FILLS[state] };
    }
    default:
      return content satisfies never;
  }
}

function shortName(release: string): string {
  const plain = release
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c\ufeff]/g, '')
    .replace(/[^\P{C}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const signs = [...plain];
  return signs.length > MOST_RELEASE ? `${signs.slice(0, MOST_RELEASE - 1).join('')}…` : plain;
}

/** Widths of Verdana at 11 px, in tenths of a px; what is not listed is as wide as a digit, and wide signs as two. */
const TENTHS: Readonly<Record<string, number>> = {
  ...Object.fromEntries([..."ijlI|!.,:;'’"].map((sign) => [sign, 38])),
  ...Object.fromEntries([...'ftr()[]-/\\ '].map((sign) => [sign, 45])),
  ...Object.fromEntries([...'ceksvxyzJ_"?'].map((sign) => [sign, 62])),
  ...Object.fromEntries([...'abdghnopquABCEFKLPRSTVXYZ'].map((sign) => [sign, 70])),
  ...Object.fromEntries([...'DGHNOQU+−=<>~…'].map((sign) => [sign, 85])),
  ...Object.fromEntries([...'mwMW@%'].map((sign) => [sign, 108])),
};
const DIGIT_TENTHS = 70;

/** How wide a text is drawn, whole px. */
export function textWidth(text: string): number {
  let tenths = 0;
  for (const sign of text) {
    const known = Object.hasOwn(TENTHS, sign) ? TENTHS[sign] : undefined;
    const isWide =
      /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(
        sign,
      );
    tenths += known ?? (isWide && !/\d/.test(sign) ? 2 * DIGIT_TENTHS : DIGIT_TENTHS);
  }
  return Math.max(1, Math.ceil(tenths / 10));
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replace(/[&<>"']/g, (sign) => names[sign] ?? '');
}

import 'server-only';
import type { AlertSeverity } from '@/lib/core/model/alert.ts';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { STATE_NAMES } from '@/lib/core/watch/verdict-text.ts';
import { digestNotice } from './digest-text.ts';
import type { AlertBody, NoticeBody } from './notice-body.ts';

/** How it stands, for a glyph or a level; the title says it in words. */
export type Tone = AlertSeverity | 'good' | 'unknown';

/** A message as text without any markup: each channel escapes and joins it in its own way. */
export interface PlainNotice {
  tone: Tone;
  title: string;
  lines: readonly string[];
  /** A command to copy, after the lines; null where there is none. */
  command: string | null;
  /** The page that shows it. */
  url: string | null;
}

const SEVERITY_WORDS: Record<AlertSeverity, string> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'For information',
};
const MOST_CHANGES = 8;

/** What a message says to a person: what, how much, since when, since which deploy, what it means, what to do first. */
export function plainNotice(body: NoticeBody): PlainNotice {
  switch (body.type) {
    case 'alert.firing':
    case 'alert.acknowledged':
    case 'alert.resolved':
      return alertNotice(body);
    case 'verdict.decided':
      return verdictNotice(body);
    case 'review.due': {
      const { deploy, verdict } = body.data;
      const title = `${deploy.release}: the next review is due`;
      return {
        tone: 'info',
        title,
        lines: [verdict.sentence, whereOf(deploy)],
        command: null,
        url: deploy.url,
      };
    }
    case 'followup.due': {
      const { deploy, followUp } = body.data;
      const owner = followUp.owner === null ? [] : [`For ${followUp.owner}`];
      const lines = [followUp.text, ...owner, whereOf(deploy)];
      return {
        tone: 'info',
        title: `${deploy.release}: a next step is due`,
        lines,
        command: null,
        url: deploy.url,
      };
    }
    case 'digest':
      return digestNotice(body);
    case 'test':
      return {
        tone: 'info',
        title: 'A test from Afterwatch',
        lines: [`${body.data.receiver} receives what Afterwatch sends. Nothing is wrong.`],
        command: null,
        url: body.data.url,
      };
    default:
      return body satisfies never;
  }
}

function alertNotice(body: AlertBody): PlainNotice {
  const { alert, firstStep, by } = body.data;
  const isOver = body.type === 'alert.resolved';
  const fired = formatStamp(Date.parse(alert.firedAt));
  const when = isOver
    ? `Fired ${fired}, resolved ${formatStamp(Date.parse(body.timestamp))}`
    : `Since ${fired}`;
  const place = [
    whereOf(alert),
    ...listed(alert.source),
    ...(alert.release === null ? [] : [`deploy ${alert.release}`]),
  ];
  const meaning = isOver ? [] : alert.means.map(({ what, text }) => `${what}: ${text}`);
  const step = isOver || firstStep === null ? [] : [`First: ${firstStep.text}`];
  return {
    tone: isOver ? 'good' : alert.severity,
    title: `${alertWord(body, by)}: ${alert.title}`,
    lines: [...listed(isOver ? null : alert.detail), `${when} · ${place.join(' · ')}`, ...meaning, ...step],
    command: isOver ? null : (firstStep?.command ?? null),
    url: alert.url,
  };
}

function alertWord({ type, data }: AlertBody, by: string | null): string {
  switch (type) {
    case 'alert.firing':
      return SEVERITY_WORDS[data.alert.severity];
    case 'alert.acknowledged':
      return by === null ? 'Taken up' : `Taken up by ${by}`;
    case 'alert.resolved':
      return 'Resolved';
    default:
      return type satisfies never;
  }
}

function verdictNotice({ data }: Extract<NoticeBody, { type: 'verdict.decided' }>): PlainNotice {
  const { deploy, verdict, changes } = data;
  const claims = changes.filter(({ claimId }) => claimId !== null);
  const isWhole = claims.length < changes.length;
  const standing = `${STATE_NAMES[verdict.state]}${verdict.provisional ? ', so far' : ''}`;
  const rows = claims.map(
    ({ text, to, evidence }) =>
      `${STATE_NAMES[to]}: ${text ?? 'a claim'}${evidence === '' ? '' : ` (${evidence})`}`,
  );
  const more = rows.length > MOST_CHANGES ? [`and ${rows.length - MOST_CHANGES} more`] : [];
  return {
    tone: isWhole ? toneOf(verdict.state) : 'info',
    title: `${deploy.release}: ${isWhole ? standing : `${claims.length} ${claims.length === 1 ? 'claim is' : 'claims are'} decided`}`,
    lines: [verdict.sentence, ...rows.slice(0, MOST_CHANGES), ...more, whereOf(deploy)],
    command: null,
    url: deploy.url,
  };
}

/** How bad a verdict is, for receivers that know levels. */
export function toneOf(state: ClaimState): Tone {
  switch (state) {
    case 'met':
    case 'mostly_met':
      return 'good';
    case 'missed':
    case 'worse':
    case 'relapsed':
    case 'failing':
      return 'warning';
    case 'cant_tell':
    case 'undecided':
      return 'unknown';
    case 'settling':
    case 'on_track':
    case 'off_track':
      return 'info';
    default:
      return state satisfies never;
  }
}

function whereOf({ app, environment }: { app: string; environment: string }): string {
  return `${app} ${environment}`;
}

function listed(text: string | null): string[] {
  return text === null ? [] : [text];
}

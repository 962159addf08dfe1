import { REDIS_MODES } from '../model/redis-mode.ts';
import { SCRAPE_ERROR_KINDS } from '../model/scrape.ts';
import { SOURCE_STATES } from '../model/source-state.ts';
import { acknowledge, planMaintenance, silence } from './alert-acts.ts';
import { type AlertBook, EMPTY_ALERTS, stepAlerts } from './alert-book.ts';
import type { AlertFacts, ModeFact, SourceFact } from './facts.ts';
import { LISTED_PARTS, type ListedPart } from './look.ts';
import type { Maintenance } from './maintenance.ts';
import { ALERT_RULES, type AlertRuleId } from './rules/rule.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { emptyFacts } from './test-facts.ts';

// Reads alerts.scenario.txt. A word that it does not know is a fault of the file, never skipped.

const DAY_START_MS = Date.UTC(2026, 3, 9);
const LOOK_MS = 15_000;

export interface Scenario {
  title: string;
  lines: readonly string[];
}

export function readScenarios(text: string): Scenario[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      return { title, lines: lines.map((line) => line.trim()).filter((line) => line !== '') };
    });
}

/** All that is true at one time of a scenario. */
interface Stage {
  facts: AlertFacts;
  settings: AlertSettings;
  unread: ReadonlySet<ListedPart>;
  book: AlertBook;
}

const BEGINNING: Stage = {
  facts: emptyFacts(DAY_START_MS),
  settings: DEFAULT_ALERT_SETTINGS,
  unread: new Set(),
  book: EMPTY_ALERTS,
};

function looked({ facts, settings, unread, book }: Stage, nowMs: number): AlertBook {
  return stepAlerts(book, { ...facts, nowMs }, settings, unread);
}

/** Plays a scenario; gives for each line with bars what was expected and what stands, and what was told since the last. */
export function playScenario({ lines }: Scenario): { at: string; expected: string; found: string }[] {
  let stage = BEGINNING;
  let lookedMs: number | null = null;
  let isPaused = false;
  let told = 0;
  const results: { at: string; expected: string; found: string }[] = [];
  for (const line of lines) {
    const [said = '', ...expected] = line.split('|').map((part) => part.trim());
    const [at = '', ...words] = said.split(/\s+/);
    const atMs = timeOf(at);
    for (let ms = (lookedMs ?? atMs) + LOOK_MS; ms < atMs && !isPaused; ms += LOOK_MS) {
      stage = { ...stage, book: looked(stage, ms) };
    }
    isPaused = words[0] === 'pause';
    if (isPaused) continue;
    stage = applied(stage, words, atMs);
    stage = { ...stage, book: looked(stage, atMs) };
    lookedMs = atMs;
    if (expected.length === 0) continue;
    const found = [standing(stage.book), ...(expected.length > 1 ? [noticesSince(stage.book, told)] : [])];
    if (expected.length > 1) told = stage.book.noticed;
    results.push({ at, expected: expected.join(' | '), found: found.join(' | ') });
  }
  return results;
}

function noticesSince({ notices }: AlertBook, n: number): string {
  const fresh = notices.filter((notice) => notice.n > n);
  return fresh.length === 0 ? 'nothing' : fresh.map(({ rule, what }) => `${rule} ${what}`).join(', ');
}

function standing({ entries }: AlertBook): string {
  const found = Object.values(entries).map(
    ({ rule, track, inhibitedBy, release }) =>
      `${inhibitedBy === null ? '' : '+'}${rule} ${track.state}${release === null ? '' : ` ${release}`}`,
  );
  return found.length === 0 ? 'none' : found.join(', ');
}

function timeOf(text: string): number {
  const [hours = '', minutes = '', seconds = ''] = text.split(':');
  const ms = DAY_START_MS + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (!Number.isFinite(ms)) throw new Error(`scenario: ${text} is no time`);
  return ms;
}

function oneOf<T extends string>(set: readonly T[], word: string | undefined): T {
  const found = set.find((one) => one === word);
  if (found === undefined) throw new Error(`scenario: ${word} is not one of ${set.join(', ')}`);
  return found;
}

function applied(stage: Stage, words: readonly string[], atMs: number): Stage {
  const [what, ...rest] = words;
  const { book, facts } = stage;
  switch (what) {
    case undefined:
      return stage;
    case 'off':
      return { ...stage, settings: { ...stage.settings, off: rest.map((word) => oneOf(ALERT_RULES, word)) } };
    case 'unread':
      return { ...stage, unread: new Set(rest.map((word) => oneOf(LISTED_PARTS, word))) };
    case 'silence':
      return { ...stage, book: done(silence(book, rest[0] ?? '', timeOf(rest[1] ?? ''), null, atMs)) };
    case 'acknowledge':
      return { ...stage, book: done(acknowledge(book, rest[0] ?? '', null, atMs)) };
    case 'maintenance':
      return { ...stage, book: planMaintenance(book, windowOf(rest, atMs), atMs) };
    default:
      return { ...stage, facts: { ...facts, ...factOf(facts, what, rest) } };
  }
}

function done(book: AlertBook | null): AlertBook {
  if (book === null) throw new Error('scenario: no such alert is open');
  return book;
}

function windowOf([end = '', ...rules]: readonly string[], startMs: number): Maintenance {
  const only: AlertRuleId[] = rules.map((word) => oneOf(ALERT_RULES, word));
  return {
    ...{ id: `from-${startMs}`, startMs, endMs: timeOf(end), reason: 'cache is moved' },
    ...{ rules: only, by: null, createdMs: startMs },
  };
}

function factOf(
  { sources }: Pick<AlertFacts, 'sources'>,
  what: string,
  rest: readonly string[],
): Partial<AlertFacts> {
  switch (what) {
    case 'mode':
      return { mode: modeOf(rest) };
    case 'source':
      return { sources: sourcesOf(sources, rest) };
    case 'deploy': {
      const [release = '', at = ''] = rest;
      const startMs = timeOf(at);
      return { deploy: { id: release, release, kind: 'code', startMs, endMs: startMs } };
    }
    case 'limited': {
      const [limited, , all, partial] = rest;
      if (limited === 'nothing') return { responses: null };
      const sum = { limited: Number(limited), all: Number(all), isPartial: partial === 'partial' };
      return { responses: { ...sum, machines: [] } };
    }
    default:
      throw new Error(`scenario: ${what} is not known`);
  }
}

function modeOf([mode, ...rest]: readonly string[]): ModeFact {
  const named = new Map(rest.map((word) => word.split('=') as [string, string | undefined]));
  const list = (key: string): string[] => named.get(key)?.split(',') ?? [];
  const since = named.get('since');
  return {
    mode: oneOf(REDIS_MODES, mode),
    sinceMs: since === undefined ? null : timeOf(since),
    evidence: '',
    machines: [
      ...list('on').map((name) => ({ name, mode: 'active' as const })),
      ...list('off').map((name) => ({ name, mode: 'suspended_by_us' as const })),
    ],
    askedInVain: list('asked'),
    isPartial: named.has('silent'),
  };
}

function sourcesOf(sources: readonly SourceFact[], words: readonly string[]): SourceFact[] {
  const [name = '', state, failures = '0', error] = words;
  const others = sources.filter((source) => source.name !== name);
  if (state === 'gone') return others;
  const errorKind = error === undefined ? null : oneOf(SCRAPE_ERROR_KINDS, error);
  const source: SourceFact = {
    id: `harbor/production/redis/${name}`,
    kind: 'redis',
    name,
    state: oneOf(SOURCE_STATES, state),
    failures: Number(failures),
    errorKind,
    error: errorKind === null ? null : 'it failed',
  };
  return [...others, source];
}

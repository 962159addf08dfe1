import { REDIS_MODES } from '../model/redis-mode.ts';
import { SCRAPE_ERROR_KINDS } from '../model/scrape.ts';
import { SOURCE_STATES } from '../model/source-state.ts';
import { type AlertBook, EMPTY_ALERTS, stepAlerts } from './alert-book.ts';
import type { AlertFacts, ModeFact, SourceFact } from './facts.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';

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

/** Plays a scenario; gives for each line with a bar what was expected and what stands. */
export function playScenario({ lines }: Scenario): { at: string; expected: string; found: string }[] {
  let facts: Omit<AlertFacts, 'nowMs'> = { mode: null, sources: [], responses: null };
  let book: AlertBook = EMPTY_ALERTS;
  let lookedMs: number | null = null;
  let isPaused = false;
  const results: { at: string; expected: string; found: string }[] = [];
  for (const line of lines) {
    const [said = '', expected] = line.split('|').map((part) => part.trim());
    const [at = '', ...words] = said.split(/\s+/);
    const atMs = timeOf(at);
    for (let ms = (lookedMs ?? atMs) + LOOK_MS; ms < atMs && !isPaused; ms += LOOK_MS) {
      book = stepAlerts(book, { ...facts, nowMs: ms }, DEFAULT_ALERT_SETTINGS);
    }
    isPaused = words[0] === 'pause';
    if (isPaused) continue;
    facts = applied(facts, words);
    book = stepAlerts(book, { ...facts, nowMs: atMs }, DEFAULT_ALERT_SETTINGS);
    lookedMs = atMs;
    if (expected !== undefined) results.push({ at, expected, found: standing(book) });
  }
  return results;
}

function standing({ entries }: AlertBook): string {
  const found = Object.values(entries).map(
    ({ rule, track, inhibitedBy }) => `${inhibitedBy === null ? '' : '+'}${rule} ${track.state}`,
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

function applied(facts: Omit<AlertFacts, 'nowMs'>, words: readonly string[]): Omit<AlertFacts, 'nowMs'> {
  const [what, ...rest] = words;
  switch (what) {
    case undefined:
      return facts;
    case 'mode':
      return { ...facts, mode: modeOf(rest) };
    case 'source':
      return { ...facts, sources: sourcesOf(facts.sources, rest) };
    case 'limited': {
      const [limited, , all, partial] = rest;
      if (limited === 'nothing') return { ...facts, responses: null };
      const sum = { limited: Number(limited), all: Number(all), isPartial: partial === 'partial' };
      return { ...facts, responses: { ...sum, machines: [] } };
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

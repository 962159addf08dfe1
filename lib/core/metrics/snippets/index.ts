import { findMetric } from '../catalogue/index.ts';
import { cacheSnippets } from './groups-cache.ts';
import { redisSnippets } from './groups-redis.ts';
import { settingSnippets } from './groups-settings.ts';
import { workSnippets } from './groups-work.ts';
import {
  type AppMetric,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  PREAMBLES,
  type SnippetGroup,
} from './snippet.ts';

export {
  type AppMetric,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  PREAMBLES,
  type SnippetGroup,
} from './snippet.ts';

/** Everything that an app can export for us, most telling first. */
export const SNIPPETS: readonly SnippetGroup[] = [
  ...redisSnippets,
  ...settingSnippets,
  ...cacheSnippets,
  ...workSnippets,
];

/** What an app does not export, and how it would. */
export interface MissingSnippet {
  group: SnippetGroup;
  /** Metrics of the group that are not there; at least one. */
  missing: readonly AppMetric[];
}

/** Groups of which something is missing, given the names of the metrics that came from the app. */
export function missingSnippets(present: ReadonlySet<string>): MissingSnippet[] {
  return SNIPPETS.flatMap((group) => {
    const missing = group.metrics.filter((metric) => !present.has(metric));
    return missing.length === 0 ? [] : [{ group, missing }];
  });
}

/** Code of a group that can stand alone, with the lines that its language needs above it. */
export function snippetText(group: SnippetGroup, language: Language): string {
  return `${PREAMBLES[language]}\n\n${group.code[language]}\n`;
}

const FENCES: Readonly<Record<Language, string>> = { node: 'js', python: 'python', go: 'go', otel: 'js' };

/** All snippets as Markdown, one chapter a language. */
export function describeSnippets(): string {
  const chapters = LANGUAGES.map((language) => {
    const fence = (code: string) => `\`\`\`${FENCES[language]}\n${code}\n\`\`\``;
    const parts = SNIPPETS.map(
      ({ title, code, metrics, lightsUp }) =>
        `**${title}** (${metrics.map((name) => `\`${name}\``).join(', ')}): ${lightsUp}.\n\n${fence(code[language])}`,
    );
    return [`### ${LANGUAGE_NAMES[language]}`, fence(PREAMBLES[language]), ...parts].join('\n\n');
  });
  return `${chapters.join('\n\n')}\n`;
}

/** The metrics of all groups as a table, in the words of the catalogue. */
export function describeOwnNames(): string {
  const rows = SNIPPETS.flatMap(({ metrics }) => metrics).map((name) => {
    const entry = findMetric(name);
    const labels = entry?.labels.map((label) => `\`${label}\``).join(', ') || '–';
    return `| \`${name}\` | ${entry?.kind ?? ''} | ${labels} | ${entry?.help ?? ''} |`;
  });
  return ['| metric | kind | labels | meaning |', '|---|---|---|---|', ...rows].join('\n').concat('\n');
}

import type { FindingSeverity } from '@/lib/core/settings/finding.ts';
import type { FleetMachine } from '@/lib/core/settings/fleet-skew.ts';
import type { SettingCell } from '@/lib/core/settings/setting-rows.ts';
import type { SettingLooks, SettingParsed } from '@/lib/core/settings/setting-words.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import type { StateWords } from './words.ts';

/** How a process read a setting, as a cell says it. */
const PARSED_WORDS: Readonly<Record<SettingParsed, string>> = {
  true: 'true',
  false: 'false',
  unset: 'not set',
  invalid: 'not readable',
  other: 'set',
};
const LOOKS_WORDS: Readonly<Record<SettingLooks, string | undefined>> = {
  ok: undefined,
  digest: 'looks like a digest',
  unparsable: 'neither yes nor no',
  empty: 'empty',
  unknown: 'looks not told',
};

export const SEVERITY_GLYPHS: Readonly<Record<FindingSeverity, GlyphName>> = {
  error: 'bad',
  warning: 'warn',
  info: 'mark_outline',
};

/** How a machine stands. */
export const STANDING_WORDS: Readonly<Record<FleetMachine['standing'], StateWords>> = {
  running: { glyph: 'runs', word: 'Running' },
  parked: { glyph: 'idle', word: 'Parked' },
  changing: { glyph: 'starting', word: 'Changing' },
  silent: { glyph: 'bad_outline', word: 'No answer' },
  unknown: { glyph: 'unknown', word: 'Unknown' },
};

/** One cell in words; a full disc only where the process says that it read what was written. */
export function parsedWords({ parsed, looks, why, worst }: SettingCell): StateWords {
  if (parsed === null) return { glyph: 'nothing', word: 'Not known', detail: why ?? 'not told' };
  const word = PARSED_WORDS[parsed];
  const detail = looks === null ? 'by its Redis mode' : LOOKS_WORDS[looks];
  const glyph =
    worst.parsed !== null ? SEVERITY_GLYPHS[worst.parsed] : looks === 'ok' ? 'good_outline' : 'idle';
  return detail === undefined ? { glyph, word } : { glyph, word, detail };
}

import type { ModeView } from '@/lib/core/model/view.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Chip } from '../ui/chip.tsx';
import { Status } from '../ui/status.tsx';
import { MODE_WORDS } from './words.ts';

/** What Redis is doing, for the whole fleet, and since when. An inferred mode says so. */
export function ModeChip({ mode, zone = 'UTC' }: Readonly<{ mode: ModeView; zone?: Zone }>) {
  const { glyph, word, detail } = MODE_WORDS[mode.mode];
  const details = [
    detail,
    mode.sinceMs === null ? undefined : `since ${formatClock(mode.sinceMs, 'minutes', zone)}`,
    mode.quality === 'inferred' ? '(inferred)' : undefined,
  ].filter((part) => part !== undefined);
  return (
    <Chip title={`Redis mode, read from: ${mode.evidence}`}>
      <span className="sr-only">Redis mode: </span>
      <Status glyph={glyph} word={word} detail={details.join(' ')} />
    </Chip>
  );
}

import { Chip } from '../ui/chip.tsx';
import type { GlyphName } from '../ui/glyph.tsx';
import { Status } from '../ui/status.tsx';

/** The watch that runs, as the header says it. */
export interface WatchChipView {
  /** `v1206`. */
  release: string;
  /** `T+02:40 / 24:00`. */
  tPlus: string;
  /** `on track`, and the shape of that state. */
  word: string;
  glyph: GlyphName;
}

/** `v1206 T+02:40 / 24:00, on track`. Null while nothing is watched: no chip. */
export function WatchChip({ watch }: Readonly<{ watch: WatchChipView | null }>) {
  if (watch === null) return null;
  return (
    <Chip title={`The watch of ${watch.release}`}>
      <span className="sr-only">Watch: </span>
      <Status glyph={watch.glyph} word={watch.release} detail={`${watch.tPlus}, ${watch.word}`} />
    </Chip>
  );
}

/** How many alerts are firing; a screen reader hears when that changes. Null where alerts are not evaluated: no chip. */
export function FiringChip({ firing }: Readonly<{ firing: number | null }>) {
  if (firing === null) return null;
  return (
    <span role="status" className="inline-flex shrink-0">
      <Chip>
        {firing === 0 ? (
          <Status glyph="idle" word="None firing" />
        ) : (
          <Status glyph="alarm" word={`${firing} firing`} />
        )}
      </Chip>
    </span>
  );
}

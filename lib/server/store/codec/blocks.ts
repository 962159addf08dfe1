import 'server-only';
import { Grid } from '../grid.ts';
import { putNumber, putNumbers, putSparse, takeNumber, takeNumbers, takeSparse } from './numbers.ts';
import { seal, unseal } from './sealed.ts';

/** Buckets of one series that hold something, as they are packed: sparse in time, columns together. */

/** Packs the buckets of `grid` that are not empty; null when all are. Settles the grid first. */
export function packGrid(grid: Grid, counter: boolean): Uint8Array | null {
  grid.settle(counter);
  const filled: number[] = [];
  for (let i = 0; i < grid.length; i++) if (!grid.isEmpty(i)) filled.push(i);
  if (filled.length === 0) return null;
  const pick = (column: Float64Array) => Float64Array.from(filled, (i) => column[i] ?? 0);
  const covered = pick(grid.coveredMs);
  const last = pick(grid.last);
  return seal((encoder) => {
    putNumber(encoder, counter ? 1 : 0);
    putNumber(encoder, grid.startMs);
    putNumber(encoder, grid.stepMs);
    putNumber(encoder, grid.length);
    putNumber(encoder, filled.length);
    putNumbers(encoder, Float64Array.from(filled));
    putNumbers(encoder, pick(grid.n));
    // Whole buckets are the usual case: what is missing is 0 then.
    putNumbers(
      encoder,
      covered.map((ms) => grid.stepMs - ms),
    );
    putSparse(encoder, last);
    putSparse(encoder, pick(grid.min));
    putSparse(encoder, pick(grid.max));
    if (!counter) {
      putNumbers(encoder, pick(grid.sum));
      return;
    }
    putNumbers(encoder, pick(grid.increase));
    putNumbers(encoder, pick(grid.gapIncrease));
  });
}

/** Reads a packed row back. Throws `DamagedRowError`. */
export function unpackGrid(bytes: Uint8Array): { grid: Grid; counter: boolean } {
  const decoder = unseal(bytes);
  const counter = takeNumber(decoder) === 1;
  const startMs = takeNumber(decoder);
  const stepMs = takeNumber(decoder);
  const grid = new Grid(startMs, stepMs, takeNumber(decoder));
  const count = takeNumber(decoder);
  const filled = takeNumbers(decoder, count);
  const place = (column: Float64Array, from: Float64Array) => {
    for (let i = 0; i < count; i++) column[filled[i] ?? 0] = from[i] ?? 0;
  };
  place(grid.n, takeNumbers(decoder, count));
  place(
    grid.coveredMs,
    takeNumbers(decoder, count).map((missing) => stepMs - missing),
  );
  place(grid.last, takeSparse(decoder, count));
  place(grid.min, takeSparse(decoder, count));
  place(grid.max, takeSparse(decoder, count));
  if (!counter) {
    place(grid.sum, takeNumbers(decoder, count));
  } else {
    place(grid.increase, takeNumbers(decoder, count));
    place(grid.gapIncrease, takeNumbers(decoder, count));
  }
  return { grid, counter };
}

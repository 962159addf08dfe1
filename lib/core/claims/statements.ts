import type { Passage, Structure } from './passages.ts';
import { type Quantity, readQuantities } from './quantity.ts';
import type { NumberStyle } from './quantity-number.ts';
import { readLabelUnit } from './quantity-unit.ts';
import { readSideLabel, type SideLabel } from './vocabulary.ts';

/** A passage with its label and its quantities; quantities that a claim took are marked as used. */
export interface Statement {
  readonly passage: Passage;
  readonly order: number;
  /** `p95 latency` of `p95 latency: 500 ms`; empty when there is none. */
  readonly label: string;
  /** Where the value begins. */
  readonly valueAt: number;
  readonly side: SideLabel | null;
  readonly quantities: readonly Quantity[];
  readonly used: Set<Quantity>;
}

/** Statements of a structure in order; headings are there too. */
export function readStatements(structure: Structure, style: NumberStyle): readonly Statement[] {
  return structure.passages.map((passage, order) => readStatement(passage, order, style));
}

function readStatement(passage: Passage, order: number, style: NumberStyle): Statement {
  const { text } = passage;
  const readable = passage.kind !== 'command';
  const { label, valueAt } = readLabel(text);
  let quantities = readable ? readQuantities(text, style) : [];
  if (label !== '' && quantities.length > 0) quantities = applyLabelUnit(quantities, label, valueAt);
  return {
    passage,
    order,
    label,
    valueAt,
    side: label === '' ? null : readSideLabel(label),
    quantities,
    used: new Set(),
  };
}

const LABEL = /^([^:]{1,80}?)\s*:(?!\/\/)\s*(?=\S)/;
/** `Before - 500 ms`, `p95 latency — 120 ms`, `GETs = 0`. */
const DASHED =
  /^([\p{L}%$(][^:=–—]{0,50}?)\s+(?:[-–—]|=)\s+(?=[~<>≤≥+-]?\s?(?:about |aprox\w*\.? )?[$€]?\d)/u;
const SIDE_DASHED = /^([\p{L}][^:=–—\d]{2,30}?)\s+[-–—=]\s+(?=\S)/u;

/** The label of a statement, and where its value begins. */
export function readLabel(text: string): { label: string; valueAt: number } {
  const match = LABEL.exec(text);
  if (
    match?.[1] !== undefined &&
    !/\d$/.test(
      match[1]
        .replace(/\([^)]*\)$/, '')
        .trim()
        .replace(/\b(?:p|v|s)\d+$/i, ''),
    ) &&
    match[1].split(/\s+/).length <= 12 &&
    !/(?<!\bvs)[.;!?]\s/.test(match[1])
  ) {
    return { label: match[1].trim(), valueAt: match[0].length };
  }
  const dashed = DASHED.exec(text);
  if (dashed?.[1] !== undefined && !/\d$/.test(dashed[1]))
    return { label: dashed[1].trim(), valueAt: dashed[0].length };
  const side = SIDE_DASHED.exec(text);
  if (side?.[1] !== undefined && readSideLabel(side[1])?.pure === true)
    return { label: side[1].trim(), valueAt: side[0].length };
  return { label: '', valueAt: 0 };
}

/** Bare numbers take the unit and the window that their label names: `Reads/day: 264,960`. */
export function applyLabelUnit(
  quantities: readonly Quantity[],
  label: string,
  from: number,
): readonly Quantity[] {
  const unit = readLabelUnit(label);
  if (unit.unit === null && unit.window === null) return quantities;
  return quantities.map((one) => {
    if (one.start < from || one.kind === 'factor' || one.kind === 'points') return one;
    const window =
      one.window ??
      (one.kind === 'count' || one.kind === 'money' || one.kind === 'bytes' ? unit.window : null);
    if (unit.unit !== null && unit.kind !== null && one.bare) {
      const scale = unit.scale;
      const value =
        typeof one.value === 'number'
          ? one.value * scale
          : ([one.value[0] * scale, one.value[1] * scale] as const);
      return { ...one, value, unit: unit.unit, kind: unit.kind, window, bare: false, scale };
    }
    return window === one.window ? one : { ...one, window };
  });
}

import type { MetricName } from '../../../metrics/catalogue/index.ts';
import type { DerivedName } from '../../../metrics/derived/index.ts';
import type { Labels } from '../../../model/sample.ts';
import type { UnitFamily } from '../base-units.ts';

/**
 * One way in which people name a metric. All phrases are in the form of `plainWords`: small letters, singular, no accents,
 * Redis commands as `#get`. Every group of `all` must be there by at least one of its phrases, none of `not`.
 */
export interface Sense {
  /** Null for what people promise and nothing here measures: such words do not mean the next best metric. */
  metric: MetricName | DerivedName | null;
  labels?: Labels;
  all: readonly (readonly string[])[];
  not?: readonly string[];
  /** Units that its numbers can have. A percentage is always possible: `90 % fewer GETs`. */
  families: readonly UnitFamily[];
  /** True where only the unit tells: `queries` alone are a count, with milliseconds behind them a time. */
  needsUnit?: true;
  /** How sure these words make it, 0–1. */
  confidence: number;
}

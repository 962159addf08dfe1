import type { ConsequenceView } from '../model/suspension.ts';

/** A number now and in the same hours before Redis went out of use; each null where nothing tells. */
export interface NowAndBefore {
  now: number | null;
  before: number | null;
}

/** What one consequence says. */
export type Told = Omit<ConsequenceView, 'id' | 'what'>;

export const measured = (text: string, why: string): Told => ({ text, quality: 'measured', why });
export const inferred = (text: string, why: string): Told => ({ text, quality: 'inferred', why });
export const unavailable = (text: string, why: string): Told => ({ text, quality: 'unavailable', why });

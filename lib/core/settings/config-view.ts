import type { SuspensionView } from '../model/suspension.ts';
import type { Scope } from '../model/target.ts';
import type { ModeView, SentenceView, SourceView } from '../model/view.ts';
import type { FleetSkew } from './fleet-skew.ts';
import type { SettingRow, SettingRows } from './setting-rows.ts';

/** Something that nobody tells, and what would bring it. */
export interface Untold {
  id: 'machines' | 'settings' | 'platform' | 'secrets' | 'env';
  text: string;
  fix: string;
  /** Code or a command to copy; null where there is none. */
  copy: { text: string; label: string } | null;
}

/** The Config page: everything that one tick may change. */
export interface ConfigView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  /** Alerts that fire and are not held back; null before rules were evaluated. */
  firing: number | null;
  sentence: SentenceView;
  /** Null while Redis is in use and its return is not watched. */
  suspension: SuspensionView | null;
  rows: readonly SettingRow[];
  /** Settings and machines beyond those of `rows`. */
  left: SettingRows['left'];
  fleet: FleetSkew;
  untold: readonly Untold[];
  refreshMs: number;
}

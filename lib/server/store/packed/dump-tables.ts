import 'server-only';

/** A table as a backup holds it. */
export interface DumpTable {
  name: string;
  /** What is asked for in this order, and must rise from row to row. */
  order: string;
  columns: readonly string[];
}

const keyed = (name: string): DumpTable => ({ name, order: 'key', columns: ['key', 'data'] });

/**
 * Every table, state apart, in the order of a backup. `scrape` is ordered by a number that each database gives by
 * itself, so that it is given anew. Frames name their columns: a column that a later layout adds is empty in the rows of
 * earlier backups, and a layout that needs more than that lifts them in `restoreDump`.
 */
export const DUMP_TABLES: readonly DumpTable[] = [
  { name: 'target', order: 'id', columns: ['id', 'name', 'packed_hour', 'saved'] },
  { name: 'series', order: 'id', columns: ['id', 'target', 'name', 'counter', 'saved'] },
  { name: 'scrape', order: 'seq', columns: ['target', 'at_ms', 'data'] },
  ...['visits', 'chunk', 'recent', 'block', 'hourly'].map(keyed),
];

export const STATE_COLUMNS = ['key', 'value'] as const;

import type { Incident, IncidentLine } from '../model/incident.ts';

/** An incident as its index keeps it: its line, and what the list is ordered and found by. */
export interface IncidentRow extends Omit<IncidentLine, 'release'> {
  openedMs: number;
  deployId: string | null;
  origin: Incident['origin'];
}

export function rowOf({
  id,
  title,
  status,
  startMs,
  endMs,
  openedMs,
  deployId,
  origin,
  mergedInto,
  actions,
}: Incident): IncidentRow {
  const actionsOpen = actions.filter(({ done }) => done === null).length;
  return { id, title, status, startMs, endMs, openedMs, deployId, origin, mergedInto, actionsOpen };
}

/** True while people work on it: neither resolved nor gone into another one. */
export function isOpen({ status, mergedInto }: Pick<Incident, 'status' | 'mergedInto'>): boolean {
  return status !== 'resolved' && mergedInto === null;
}

/**
 * The open incident that was opened from the same alert or deploy, or the open one that it went into; null where there is
 * none, and for one that was opened by hand. `rows`: of one scope.
 */
export function openFromSame(
  rows: readonly IncidentRow[],
  { kind, ref }: Incident['origin'],
): IncidentRow | null {
  if (ref === null) return null;
  const ends = rows
    .filter(({ origin }) => origin.kind === kind && origin.ref === ref)
    .map((row) => endOf(rows, row));
  return ends.find((row) => row !== null && isOpen(row)) ?? null;
}

/** What it went into at last. An incident only goes into one that went nowhere yet, so there is no circle. */
function endOf(rows: readonly IncidentRow[], row: IncidentRow): IncidentRow | null {
  if (row.mergedInto === null) return row;
  const into = rows.find(({ id }) => id === row.mergedInto);
  return into === undefined ? null : endOf(rows, into);
}

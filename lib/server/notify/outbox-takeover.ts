import 'server-only';
import type { Receiver } from '../config/receivers.ts';
import { parseNotice } from './notice-body.ts';
import type { OutboxStore } from './outbox.ts';
import {
  bodyKey,
  entryKey,
  OLD_PAGE_KEY,
  type OldPage,
  type OutboxEntry,
  oldBodyKey,
  oldPageSchema,
  readRow,
  standingKey,
  TAKEN_KEY,
} from './outbox-rows.ts';

/** The receiver of versions that knew only one. */
const OLD_NAME = 'webhook';

/**
 * Takes over the one page on which earlier versions kept what waited: what was taken stays taken, and what waits goes to the
 * receiver named `webhook`, under the same ids. In one write; does nothing once that is done.
 */
export async function takeOver(
  store: OutboxStore,
  receivers: readonly Pick<Receiver, 'name'>[],
  nowMs: number,
): Promise<void> {
  const page: OldPage | null = readRow(oldPageSchema.nullish(), await store.getState(OLD_PAGE_KEY)) ?? null;
  if (page === null) return;
  const { taken, reminded, delivered, givenUp } = page;
  const rows: Record<string, unknown> = {
    [OLD_PAGE_KEY]: null,
    [TAKEN_KEY]: { taken, reminded },
    [standingKey(OLD_NAME)]: { delivered: delivered.count, lastMs: delivered.lastMs, givenUp, lost: 0 },
  };
  const isKnown = receivers.some(({ name }) => name === OLD_NAME);
  for (const [i, { id, about, createdMs, attempts, lastError }] of page.entries.entries()) {
    const text = await store.getState(oldBodyKey(id));
    rows[oldBodyKey(id)] = null;
    const body = typeof text === 'string' ? parseNotice(text) : null;
    if (body === null || !isKnown) continue;
    const entry: OutboxEntry = {
      ...{ seq: i + 1, id, about, createdMs, attempts, lastError },
      type: body.type,
      incident: 'deploy' in body.data && isNamed(body.data.deploy) ? body.data.deploy.id : id,
      severity: null,
      stands: 1,
      atMs: Math.min(Date.parse(body.timestamp), nowMs),
      nextMs: 0,
    };
    rows[entryKey(OLD_NAME, entry.seq)] = entry;
    rows[bodyKey(OLD_NAME, entry.seq)] = text;
  }
  await store.putState(rows);
}

function isNamed(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

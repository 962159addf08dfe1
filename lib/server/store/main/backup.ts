import 'server-only';
import { createHash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { BackupFault, type BackupHeader, writeEnd, writeHeader } from '../packed/dump-file.ts';
import type { WorkerClient } from './client.ts';
import { codeOf, StoreBusyError, textOf } from './errors.ts';
import type { Maintenance } from './maintenance.ts';

/** Packing waits for whoever reads a backup: not for one that has fallen asleep. */
const SILENT_MS = MINUTE_MS;
const MOST_MS = HOUR_MS;

export interface BackupParts {
  client: WorkerClient;
  maintenance: Pick<Maintenance, 'hold'>;
  /** What the store makes of a failure of the database. */
  explain: (error: unknown) => Error;
}

/** Backups and restores of one store, one at a time. */
export class BackupDesk {
  #isTaken = false;

  constructor(private readonly parts: BackupParts) {}

  /**
   * The store as it is now, as the bytes of a file. Taken when this resolves; nothing is packed until the bytes were read
   * or let go, or nobody has asked for more for a minute, which ends them with an error.
   */
  async read(about: Omit<BackupHeader, 'schema'>): Promise<AsyncGenerator<Uint8Array, void>> {
    const end = await this.#take();
    try {
      const { schema } = await this.parts.client.call('openDump', {});
      return this.#bytes({ ...about, schema }, end);
    } catch (error) {
      end();
      throw this.parts.explain(error);
    }
  }

  #bytes(header: BackupHeader, end: () => void): AsyncGenerator<Uint8Array, void> {
    const { client } = this.parts;
    const untilMs = performance.now() + MOST_MS;
    let timer: NodeJS.Timeout | null = null;
    let isOver = false;
    const over = async () => {
      if (isOver) return;
      isOver = true;
      if (timer !== null) clearTimeout(timer);
      await client.call('closeDump', {}).catch(() => undefined);
      end();
    };
    const waitAgain = () => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void over(), SILENT_MS);
      timer.unref();
    };
    waitAgain();
    const read = async function* (): AsyncGenerator<Uint8Array, void> {
      const hash = createHash('sha256');
      const counted: Record<string, number> = {};
      try {
        const first = writeHeader(header);
        hash.update(first);
        yield first;
        for (;;) {
          if (isOver || performance.now() > untilMs)
            throw new StoreBusyError('store: the backup was read too slowly; nothing waits for it any more');
          waitAgain();
          const { frame, table, rows } = await client.call('readDump', {});
          if (frame === null) break;
          counted[table] = (counted[table] ?? 0) + rows;
          hash.update(frame);
          yield frame;
        }
        yield writeEnd(counted, hash.digest('hex'));
      } finally {
        await over();
      }
    };
    return read();
  }

  /**
   * Puts the backup at `path` in the place of everything. `BackupFault`: it is none that can be read, and nothing was
   * changed. After anything else the store takes nothing any more and must be opened anew.
   */
  async restore(path: string): Promise<BackupHeader> {
    const end = await this.#take();
    try {
      const header = await this.parts.client.call('restore', { path });
      return header;
    } catch (error) {
      if (codeOf(error) !== 'BackupFault') throw this.parts.explain(error);
      end();
      throw new BackupFault(textOf(error), { cause: error });
    }
  }

  async #take(): Promise<() => void> {
    if (this.#isTaken)
      throw new StoreBusyError('store: a backup or a restore goes on; try again when it is done');
    this.#isTaken = true;
    const go = await this.parts.maintenance.hold();
    return () => {
      this.#isTaken = false;
      go();
    };
  }
}

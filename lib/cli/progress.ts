import type { CommandIo } from './command.ts';

const WIDTH = 24;
/** Where nobody watches, a line this often is enough. */
const LINE_EVERY_MS = 5_000;
const DRAW_EVERY_MS = 100;

/** How far long work has come: a bar on a terminal, else a line now and then; all of it on stderr. */
export class Progress {
  #shownMs: number;

  constructor(
    private readonly io: Pick<CommandIo, 'err' | 'status'>,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.#shownMs = nowMs();
  }

  /** `share` 0–1. */
  show(doing: string, share: number, detail: string): void {
    const { status, err } = this.io;
    const everyMs = status === undefined ? LINE_EVERY_MS : DRAW_EVERY_MS;
    if (this.nowMs() - this.#shownMs < everyMs) return;
    this.#shownMs = this.nowMs();
    // Never 100 % before the end has been said.
    const percent = Math.min(99, Math.floor(share * 100));
    if (status === undefined) {
      err(`${doing}: ${percent} %, ${detail}`);
      return;
    }
    const filled = Math.round((percent / 100) * WIDTH);
    status(`${doing} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent} %  ${detail}`);
  }

  /** Takes the bar away. */
  clear(): void {
    this.io.status?.('');
  }
}

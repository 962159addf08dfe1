import 'server-only';
import { KnownError, reportFault } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import { StoreBusyError } from '../store/main/errors.ts';
import { BackupFault } from '../store/packed/dump-file.ts';
import type { RestoreState } from './restore-query.ts';
import { Uploads } from './uploads.ts';

/** A reverse proxy gives up after a minute or less: who asks is told how it stands well before, and asks again. */
const ANSWER_MS = 20_000;

type Deps = Pick<Runtime, 'config' | 'store' | 'log' | 'auth'>;

/**
 * Restores of this process, one at a time, and how the last one came out. It outlives the runtime, which begins anew
 * at the end of one.
 */
export class Restores {
  #last: { upload: string; state: RestoreState; ending: Promise<void> } | null = null;

  constructor(
    /** Begins anew over what is stored now. */
    private readonly restart: () => Promise<void>,
    private readonly answerMs = ANSWER_MS,
  ) {}

  /** Takes a part of a backup; gives how much of it has come. Throws `KnownError`. */
  async takePart({ config }: Deps, upload: string, offset: number, bytes: Uint8Array): Promise<number> {
    refuseDemo(config);
    this.#refuseWhileRunning();
    return new Uploads(config.dataDir).take(upload, offset, bytes);
  }

  /** Begins to replace everything by what was sent; says how it stands at the end, or after a while. */
  async replace(deps: Deps, upload: string): Promise<RestoreState> {
    const { config, store } = deps;
    refuseDemo(config);
    this.#refuseWhileRunning();
    if (store.restore === undefined)
      throw new KnownError('not_ready', 'This instance only follows: restore where the leading one is.');
    const uploads = new Uploads(config.dataDir);
    if ((await uploads.received(upload)) === null)
      throw new KnownError('not_found', 'No such upload: begin anew.');
    this.#refuseWhileRunning();
    const run = { upload, state: { state: 'running' } as RestoreState, ending: Promise.resolve() };
    this.#last = run;
    const path = uploads.pathOf(upload);
    run.ending = this.#run(deps, () => store.restore?.(path)).then(async (state) => {
      await uploads.clear().catch(() => undefined);
      run.state = state;
    });
    return this.stateOf(upload);
  }

  /** How the restore of this upload stands, at its end or after a while. Throws `KnownError` when there is none. */
  async stateOf(upload: string): Promise<RestoreState> {
    const run = this.#last;
    if (run?.upload !== upload) throw new KnownError('not_found', 'No restore of that upload is known here.');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => {
      timer = setTimeout(done, this.answerMs);
    });
    await Promise.race([run.ending, late]);
    clearTimeout(timer);
    return run.state;
  }

  async #run(deps: Deps, restore: () => ReturnType<NonNullable<Runtime['store']['restore']>> | undefined) {
    let outcome: RestoreState;
    try {
      const backup = await restore();
      if (backup === undefined) throw new Error('the store cannot be restored');
      deps.log.warn(
        { madeAtMs: backup.madeAtMs, engine: backup.engine },
        'everything was replaced by a backup',
      );
      outcome = { state: 'done', backup };
    } catch (error) {
      // Nothing was touched, so nothing has to begin anew.
      if (error instanceof BackupFault) return failed(`Nothing was changed: ${error.message}.`);
      if (error instanceof StoreBusyError)
        return failed('A backup goes on. Try again when it is done; nothing was changed.');
      outcome = failed(reportFault(deps, error, 'restore').message);
    }
    try {
      await this.restart();
      return outcome;
    } catch (error) {
      return failed(`The server could not begin anew: ${reportFault(deps, error, 'restore').message}`);
    }
  }

  #refuseWhileRunning(): void {
    if (this.#last?.state.state === 'running')
      throw new KnownError('too_many', 'A restore goes on. Wait for its end.', { retryAfterSeconds: 30 });
  }
}

function failed(message: string): RestoreState {
  return { state: 'failed', message };
}

/** A demo must never mix with real data. */
function refuseDemo({ mode }: Deps['config']): void {
  if (mode === 'demo')
    throw new KnownError(
      'bad_input',
      'This server shows the demo, which keeps nothing: configure a source first, then restore.',
    );
}

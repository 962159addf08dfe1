import 'server-only';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { AppTarget, FlyTarget } from '@/lib/server/config/types.ts';
import type { FlyMachine } from './machines.ts';
import type { MachineState } from './schema.ts';

/** Why a machine is not asked now. `asleep` it does not run; `unseen` nobody told us lately whether it does. */
export interface KeepAway {
  leftAlone: 'asleep' | 'unseen';
  /** A word for the facts, such as `stopped`. */
  state: string;
  text: string;
}

/** A list that is older says nothing about now: a machine that was parked since would be woken through the proxy. */
const BELIEVED_MS = 3 * MINUTE_MS;

/**
 * Which machines run, as the latest list of each Fly source told: shared by the source and the sessions of its machines.
 * A machine that does not run is left alone, since a request through Fly's proxy would start it.
 */
export class MachineStates {
  readonly #lists = new Map<TargetId, { atMs: number; states: ReadonlyMap<string, MachineState> }>();

  note(source: FlyTarget, machines: readonly FlyMachine[], atMs: number): void {
    const states = new Map(
      machines.map(({ id, state, hostOk }) => [id, hostOk ? state : 'unknown'] as const),
    );
    this.#lists.set(targetId(source), { atMs, states });
  }

  /** Null when the machine of `target` may be asked; it always may when it was not found on Fly. */
  keepAway({ machine }: AppTarget, nowMs: number): KeepAway | null {
    if (machine === undefined) return null;
    const list = this.#lists.get(machine.source);
    if (list === undefined || Math.abs(nowMs - list.atMs) > BELIEVED_MS) return UNSEEN;
    const state = list.states.get(machine.id);
    switch (state) {
      case 'started':
        return null;
      case 'stopped':
      case 'suspended':
        return parked(state);
      case 'created':
      case 'changing':
      case 'failed':
        return notRunning(state);
      case 'unknown':
        return UNSEEN;
      case undefined:
        return notRunning('gone');
      default:
        return state satisfies never;
    }
  }
}

const UNSEEN: KeepAway = {
  leftAlone: 'unseen',
  state: 'unknown',
  text: 'Fly has not told lately whether it runs; see the Fly source of its app',
};

function parked(state: 'stopped' | 'suspended'): KeepAway {
  return {
    leftAlone: 'asleep',
    state,
    text: `it is ${state}, which is no fault where machines stop by themselves; it is read again when Fly says that it has started`,
  };
}

function notRunning(state: string): KeepAway {
  return {
    leftAlone: 'asleep',
    state,
    text: `Fly says that it is ${state}; it is read when it has started`,
  };
}

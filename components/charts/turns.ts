/** Something that wants to redraw a chart. */
export interface Turn {
  /** Draws; runs alone in its task. */
  run: () => void;
  /** False while the chart is far from the window: its turn then waits. */
  isNear: () => boolean;
}

/** A queue of redraws, one a task: six charts that change at once never make one long task together. */
export interface Turns {
  /** Queues the newest turn of `owner`; an older one of the same owner gives way and keeps its place. */
  ask: (owner: object, turn: Turn) => void;
  /** Takes the turn of `owner` back. */
  drop: (owner: object) => void;
  /** Looks at the queue again, because a chart came near. */
  wake: () => void;
  /** Everything at once, far charts too: for print. */
  flush: () => void;
}

/** `post` runs a function in a task of its own, soon. */
export function createTurns(post: (task: () => void) => void): Turns {
  const waiting = new Map<object, Turn>();
  let isPosted = false;

  function postNext(): void {
    if (isPosted) return;
    for (const turn of waiting.values()) {
      if (!turn.isNear()) continue;
      isPosted = true;
      post(runNext);
      return;
    }
  }

  function runNext(): void {
    isPosted = false;
    for (const [owner, turn] of waiting) {
      if (!turn.isNear()) continue;
      waiting.delete(owner);
      // Asked for before it runs: a chart that fails to draw must not hold up the others.
      postNext();
      turn.run();
      return;
    }
  }

  return {
    ask: (owner, turn) => {
      waiting.set(owner, turn);
      postNext();
    },
    drop: (owner) => {
      waiting.delete(owner);
    },
    wake: postNext,
    flush: () => {
      const all = [...waiting.values()];
      waiting.clear();
      for (const turn of all) turn.run();
    },
  };
}

/** The queue of this page. A timer and not a frame: frames stop in a hidden page, and its charts must not fall behind. */
export const pageTurns = createTurns((task) => {
  setTimeout(task, 0);
});

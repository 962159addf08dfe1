import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Turns on a queue of tasks that the test runs by hand. */
function setUp() {
  const tasks: (() => void)[] = [];
  const drawn: string[] = [];
  const turns = createTurns((task) => tasks.push(task));
  const owners = new Map<string, object>();
  const ask = (name: string, text = name, isNear = () => true) => {
    const owner = owners.get(name) ?? {};
    owners.set(name, owner);
    turns.ask(owner, { run: () => drawn.push(text), isNear });
    return owner;
  };
  const runTask = () => tasks.shift()?.();
  const runAll = () => {
    while (tasks.length > 0) runTask();
  };
  return { turns, tasks, drawn, ask, runTask, runAll };
}

describe('turns', () => {
  it('draw one chart a task, in the order they were asked for', () => {
    const { ask, drawn, runTask, tasks } = setUp();
    for (const name of ['a', 'b', 'c']) ask(name);
    expect(tasks).toHaveLength(1);
    runTask();
    expect(drawn).toEqual(['a']);
    runTask();
    expect(drawn).toEqual(['a', 'b']);
    runTask();
    expect(drawn).toEqual(['a', 'b', 'c']);
    expect(tasks).toHaveLength(0);
  });

  it('draw only the newest state of a chart', () => {
    const { ask, drawn, runAll } = setUp();
    ask('a', 'a1');
    ask('b');
    ask('a', 'a2');
    runAll();
    expect(drawn).toEqual(['a2', 'b']);
  });

  it('leave far charts alone until they come near', () => {
    const { ask, drawn, runAll, turns } = setUp();
    let isNear = false;
    ask('far', 'far', () => isNear);
    ask('near');
    runAll();
    expect(drawn).toEqual(['near']);
    isNear = true;
    turns.wake();
    runAll();
    expect(drawn).toEqual(['near', 'far']);
  });

  it('are taken back by a chart that leaves', () => {
    const { ask, drawn, runAll, turns } = setUp();
    turns.drop(ask('a'));
    ask('b');
    runAll();
    expect(drawn).toEqual(['b']);
  });

  it('come all at once before print, far ones too, and not again', () => {
    const { ask, drawn, runAll, turns } = setUp();
    ask('a');
    ask('far', 'far', () => false);
    turns.flush();
    expect(drawn).toEqual(['a', 'far']);
    runAll();
    expect(drawn).toEqual(['a', 'far']);
  });

  it('go on after a chart that fails to draw', () => {
    const { ask, drawn, turns, runTask, runAll } = setUp();
    turns.ask(
      {},
      {
        run: () => {
          throw new Error('cannot draw');
        },
        isNear: () => true,
      },
    );
    ask('b');
    expect(runTask).toThrow('cannot draw');
    runAll();
    expect(drawn).toEqual(['b']);
  });
});

import type { Command } from './commands.ts';

/** What the commands of the page of a new deploy work on. */
export interface DeployNewCommandInput {
  /** Items in the order of the list. */
  keys: readonly string[];
  selected: string | null;
  focusItem: (key: string) => void;
  focusText: () => void;
  add: () => void;
  /** Opens the browser's choice of a file. */
  choose: () => void;
  start: () => void;
}

/** Everything that a reader can do on the page of a new deploy. */
export function deployNewCommands(input: DeployNewCommandInput): readonly Command[] {
  const { keys, selected, focusItem } = input;
  const at = selected === null ? -1 : keys.indexOf(selected);
  const make = (
    id: string,
    key: string | null,
    title: string,
    isAvailable: boolean,
    run: () => void,
  ): Command => ({
    id,
    keys: key,
    title,
    group: 'Page',
    isAvailable: () => isAvailable,
    run,
  });
  const move = (id: string, key: string, title: string, to: number) => {
    const target = keys[to];
    return make(id, key, title, target !== undefined, () => target !== undefined && focusItem(target));
  };
  return [
    move('item-next', 'j', 'Next of what was read', at + 1),
    move('item-previous', 'k', 'Previous of what was read', at - 1),
    make('summary', 'e', 'Write in the summary', true, input.focusText),
    make('claim-add', 'n', 'Add a claim', true, input.add),
    make('file', 'o', 'Choose a file', true, input.choose),
    make('watch-start', null, 'Start the watch', true, input.start),
  ];
}

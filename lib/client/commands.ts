/** Order in the palette and in the help. */
export const COMMAND_GROUPS = ['Time', 'Compare', 'Charts', 'Page', 'App', 'Go to', 'Theme', 'Keys'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** One thing that a reader can do here: the palette lists it, the help names its keys, the key handler runs it. */
export interface Command {
  /** Unique on a page. */
  id: string;
  /** Says what it will do. */
  title: string;
  group: CommandGroup;
  /** `c`, `g n` (one after the other) or `mod+k` (Ctrl, on a Mac ⌘); null for the palette only. */
  keys: string | null;
  /** False while it would change nothing. */
  isAvailable: () => boolean;
  /** True for the one of several choices that holds now. */
  isChosen?: boolean;
  /** What to say once it is done, where the page itself shows it only further down. */
  says?: () => string;
  run: () => void;
}

/** The commands of all parts of a page that are on the screen. */
export interface CommandRegistry {
  /** Replaces what `owner` offers; an empty list takes it away. */
  offer: (owner: string, commands: readonly Command[]) => void;
  /** What can be done now, in the order of the groups. */
  list: () => readonly Command[];
}

/** An empty registry; a page has one. */
export function createCommandRegistry(): CommandRegistry {
  const offered = new Map<string, readonly Command[]>();
  return {
    offer: (owner, commands) => {
      if (commands.length === 0) offered.delete(owner);
      else offered.set(owner, commands);
    },
    list: () => {
      const all = [...offered.values()].flat().filter((command) => command.isAvailable());
      return COMMAND_GROUPS.flatMap((group) => all.filter((command) => command.group === group));
    },
  };
}

import { parseArgs } from 'node:util';
import { didYouMean } from '@/lib/server/config/suggest.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';

interface Listed {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Loaded when it is used: the drivers behind `doctor` would slow down every other command. */
  load(): Promise<Command>;
  /** True when it reads words and flags of its own. */
  takesWords?: boolean;
}

const COMMANDS: readonly Listed[] = [
  {
    name: 'status',
    summary: 'state of every source, mode and firing alerts',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'claims',
    summary: 'reads what a deploy summary promises, and recomputes it',
    load: async () => (await import('./claims.ts')).claims,
    takesWords: true,
  },
  {
    name: 'judge',
    summary: 'tells whether a series in a file did what a claim says',
    load: async () => (await import('./judge.ts')).judge,
    takesWords: true,
  },
  {
    name: 'detect',
    summary: 'says where a rule would have fired on a series in a CSV',
    load: async () => (await import('./detect.ts')).detect,
    takesWords: true,
  },
  {
    name: 'deploy',
    summary: 'tells a running server of a deploy and its summary',
    load: async () => (await import('./deploy.ts')).deploy,
    takesWords: true,
  },
  {
    name: 'verdict',
    summary: 'tells whether a deploy did what it promised, and waits for it',
    load: async () => (await import('./verdict.ts')).verdict,
    takesWords: true,
  },
  {
    name: 'import',
    summary: 'gives a running server numbers from a file',
    load: async () => (await import('./import.ts')).import,
    takesWords: true,
  },
  {
    name: 'export',
    summary: 'writes the samples of a running server to a file',
    load: async () => (await import('./export.ts')).export,
    takesWords: true,
  },
  {
    name: 'backup',
    summary: 'writes all that a running server keeps to one file',
    load: async () => (await import('./backup.ts')).backup,
    takesWords: true,
  },
  {
    name: 'restore',
    summary: 'puts a backup in the place of all that a running server keeps',
    load: async () => (await import('./restore.ts')).restore,
    takesWords: true,
  },
  {
    name: 'doctor',
    summary: 'checks the configuration, this machine and each source',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'config',
    summary: 'prints what the configuration means, without secrets',
    load: async () => (await import('./config.ts')).config,
  },
  {
    name: 'token',
    summary: 'makes, lists and revokes tokens of a running server',
    load: async () => (await import('./token.ts')).token,
    takesWords: true,
  },
  {
    name: 'hook',
    summary: 'makes, lists and revokes secrets by which hooks sign',
    load: async () => (await import('./hook.ts')).hook,
    takesWords: true,
  },
  {
    name: 'badge',
    summary: 'makes, lists and revokes badges that show how a watch stands',
    load: async () => (await import('./badge.ts')).badge,
    takesWords: true,
  },
];
const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

const HELP = [
  'afterwatch: tells whether a deploy did what it promised',
  '',
  'usage: afterwatch <command> [--json] [--help]',
  '',
  ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`),
  '',
  'afterwatch <command> --help says what a command reads, prints and exits with.',
];

/** Runs one command line (without node and script) and gives the exit code. Never throws. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    io.err(`afterwatch: ${error instanceof Error ? error.message : 'failed'}`);
    return EXIT.usage;
  }
}

async function dispatch(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [first, ...rest] = args;
  if (first === undefined) {
    for (const line of HELP) io.err(line);
    return EXIT.usage;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    for (const line of HELP) io.out(line);
    return EXIT.fine;
  }
  const listed = COMMANDS.find(({ name }) => name === first);
  if (listed === undefined) {
    const names = COMMANDS.map(({ name }) => name);
    io.err(
      `afterwatch: there is no such command${didYouMean(first, names) || `; there are ${names.join(', ')}`}`,
    );
    return EXIT.usage;
  }
  const flags = listed.takesWords === true ? readWords(rest) : readFlags(rest);
  if (typeof flags === 'string') {
    io.err(`afterwatch ${listed.name}: ${flags}; try afterwatch ${listed.name} --help`);
    return EXIT.usage;
  }
  const command = await listed.load();
  if (flags.help) {
    io.out(command.help);
    return EXIT.fine;
  }
  return command.run({ json: flags.json, words: flags.words }, io);
}

interface Flags {
  json: boolean;
  help: boolean;
  words: readonly string[];
}

/** The common flags, wherever they stand, and all else as it is. */
function readWords(args: readonly string[]): Flags {
  const isHelp = (word: string) => word === '--help' || word === '-h';
  return {
    json: args.includes('--json'),
    help: args.some(isHelp),
    words: args.filter((word) => word !== '--json' && !isHelp(word)),
  };
}

/** The flags, or what is wrong with them. */
function readFlags(args: readonly string[]): Flags | string {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
    return { json: values.json ?? false, help: values.help ?? false, words: [] };
  } catch {
    return 'takes only --json and --help';
  }
}

import 'server-only';
import { describeFaults } from './faults.ts';
import { suggest } from './suggest.ts';
import type { Target } from './types.ts';
import type { Env } from './variables.ts';
import { describePath, type Path, type YamlFile } from './yaml-file.ts';

/** A config file that was read. */
export interface OpenedFile {
  file: YamlFile;
  /** Shown name: relative to the working folder when inside it. */
  where: string;
  /** Permission bits, or null where the system has none. */
  mode: number | null;
}

const KNOWN_VARIABLES = [
  'AFTERWATCH_CONFIG',
  'AFTERWATCH_DATA_DIR',
  'AFTERWATCH_DATABASE_URL',
  'AFTERWATCH_INSTANCE_URL',
  'AFTERWATCH_PASSWORD',
  'AFTERWATCH_TOKEN',
  'AFTERWATCH_URL',
  'AFTERWATCH_PUBLIC_URL',
  'AFTERWATCH_SECRET_KEY',
  'AFTERWATCH_GALLERY',
  'AFTERWATCH_DEMO',
];
/** Named for later versions: someone who sets one expects something that does not happen yet. */
const LATER_VARIABLES = ['AFTERWATCH_SAMPLES_URL'];
const OTHERS_MAY_READ = 0o077;
const PASSWORD_IN_URL = /:\/\/[^/@\s]*:([^@\s]+)@|[?&]password=([^&\s]+)/;

/** True when the demo was asked for, whatever the file names: `npm start -- --demo` sets it. */
export function isDemoAsked(env: Env): boolean {
  return env.AFTERWATCH_DEMO === '1';
}

/** What is worth a word and stops nothing. No warning holds a value. */
export function findWarnings(env: Env, opened: OpenedFile | null, targets: readonly Target[]): string[] {
  return [...fileWarnings(opened, targets, isDemoAsked(env)), ...variableWarnings(env)];
}

function fileWarnings(opened: OpenedFile | null, targets: readonly Target[], demoAsked: boolean): string[] {
  if (opened === null) return [];
  const { file, where, mode } = opened;
  const warn = (line: number | null, message: string) => describeFaults([{ where, line, message }]);
  const warnings: string[] = [];
  if (mode !== null && (mode & OTHERS_MAY_READ) !== 0) {
    warnings.push(warn(null, 'other users of this machine may read it; run: chmod 600 on the file'));
  }
  if (targets.length === 0 && !demoAsked)
    warnings.push(warn(null, 'names no source, so the demo fleet runs'));
  for (const i of entriesOf(file.data).keys()) {
    const url = PASSWORD_IN_URL.exec(file.writtenAt(['sources', i, 'url']) ?? '');
    const token = file.writtenAt(['sources', i, 'token']);
    const literals = { url: url?.[1] ?? url?.[2] ?? null, token };
    for (const [key, text] of Object.entries(literals)) {
      if (text === null || text.includes(`\${`)) continue;
      const at = ['sources', i, key];
      const message = `sources[${i}].${key} holds a credential; keep it in a variable and write \${NAME}`;
      warnings.push(warn(file.lineOf(at), message));
    }
  }
  for (const { at, what } of notifySecrets(file)) {
    const message = `${describePath(at).replace(/: $/, '')} holds ${what}; keep it in a variable and write \${NAME}`;
    warnings.push(warn(file.lineOf(at), message));
  }
  return warnings;
}

/** Credentials of receivers that stand in the file itself. The whole address of a hook is one. */
function notifySecrets(file: YamlFile): { at: Path; what: string }[] {
  const notify = (file.data as { notify?: { receivers?: unknown } } | null)?.notify;
  const receivers = Array.isArray(notify?.receivers) ? notify.receivers : [];
  const places: Path[] = [
    ['notify', 'webhook', 'secret'],
    ['notify', 'heartbeat', 'url'],
    ...receivers.flatMap((_one, i) =>
      ['secret', 'routingKey', 'url'].map((key): Path => ['notify', 'receivers', i, key]),
    ),
  ];
  return places.flatMap((at) => {
    const text = file.writtenAt(at);
    if (text === null || text.includes(`\${`)) return [];
    const kind = file.writtenAt([...at.slice(0, -1), 'kind']);
    if (at.at(-1) !== 'url') return [{ at, what: 'a secret' }];
    const guarded = at[1] === 'heartbeat' || kind === 'slack' || kind === 'discord';
    return guarded || (kind === 'email' && PASSWORD_IN_URL.test(text)) ? [{ at, what: 'a credential' }] : [];
  });
}

function variableWarnings(env: Env): string[] {
  const names = Object.keys(env).filter((name) => name.startsWith('AFTERWATCH_') && env[name] !== '');
  return names.flatMap((name) => {
    const base = name.replace(/_FILE$/, '');
    if (KNOWN_VARIABLES.includes(base)) return [];
    if (LATER_VARIABLES.includes(base))
      return [`${name}: this version does not use it yet; the embedded store is used`];
    const near = suggest(name, KNOWN_VARIABLES, 1);
    return near.length === 0 ? [] : [`${name}: is not a variable of Afterwatch; did you mean ${near[0]}?`];
  });
}

function entriesOf(data: unknown): unknown[] {
  const sources = (data as { sources?: unknown } | null)?.sources;
  return Array.isArray(sources) ? sources : [];
}

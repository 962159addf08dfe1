import { readTextFile } from '@/lib/server/config/environment.ts';
import { describeFaults } from '@/lib/server/config/faults.ts';
import { loadConfig } from '@/lib/server/config/load-config.ts';
import { type Config, ConfigError, type ConfigFault } from '@/lib/server/config/types.ts';
import { scrubText } from '@/lib/server/log/scrub.ts';
import { registerSecretsIn } from '@/lib/server/log/secrets.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { type Check, checkClock, checkDataFolder, checkNode, checkPort } from './doctor-machine.ts';
import { type TargetReport, visitTargets } from './doctor-targets.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch doctor [--json]

Reads the configuration and visits each target once, without the server and without its store. Says what is wrong,
and prints the command that grants what is missing.

exit codes
  0  nothing to mend (warnings may be printed)
  1  a target or this machine has something to mend
  2  the configuration has faults; all are listed
  3  wrong usage`;

export const doctor: Command = {
  help: HELP,
  run: runDoctor,
};

interface Findings {
  faults: readonly ConfigFault[];
  warnings: readonly string[];
  checks: readonly Check[];
  targets: readonly TargetReport[];
}

async function runDoctor({ json }: { json: boolean }, io: CommandIo): Promise<ExitCode> {
  const findings = await examine(io);
  // Nothing of a target's words is trusted to be free of what was configured.
  const say = (line: string) => io.out(scrubText(line));
  if (json) say(JSON.stringify({ ok: isWell(findings), ...findings }));
  else for (const line of findingLines(findings)) say(line);
  if (findings.faults.length > 0) return EXIT.badConfig;
  return isWell(findings) ? EXIT.fine : EXIT.mend;
}

async function examine({ env, cwd }: CommandIo): Promise<Findings> {
  const node = checkNode(process.versions.node);
  const loaded = load({ env, cwd });
  if ('faults' in loaded) return { faults: loaded.faults, warnings: [], checks: [node], targets: [] };
  const { config } = loaded;
  registerSecretsIn(config);
  const targets = await visitTargets(config.targets);
  const checks = [
    node,
    checkClock(Date.now(), targets),
    checkDataFolder(config.dataDir),
    await checkPort(config.bind),
  ];
  return { faults: [], warnings: [...config.warnings, ...demoWarning(config)], checks, targets };
}

function load(
  input: Pick<CommandIo, 'env' | 'cwd'>,
): { config: Config } | { faults: readonly ConfigFault[] } {
  try {
    return { config: loadConfig({ ...input, readFile: readTextFile }) };
  } catch (error) {
    if (error instanceof ConfigError) return { faults: error.faults };
    throw error;
  }
}

function demoWarning({ mode }: Config): string[] {
  return mode === 'demo'
    ? ['nothing is configured, so the demo fleet would run: there is no target to visit']
    : [];
}

function isWell({ faults, checks, targets }: Findings): boolean {
  return faults.length === 0 && [...checks, ...targets].every(({ verdict }) => verdict !== 'mend');
}

function findingLines(findings: Findings): string[] {
  const { faults, warnings, checks, targets } = findings;
  const lines = alignColumns(checks.map((c) => [c.verdict, c.name, plainText(c.text)]));
  if (faults.length > 0) {
    const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
    return [
      ...lines,
      '',
      `the configuration has ${count}:`,
      ...describeFaults(faults).split('\n').map(plainText),
    ];
  }
  for (const warning of warnings) lines.push(`warning  ${plainText(warning)}`);
  for (const target of targets) lines.push('', ...targetLines(target));
  lines.push('', isWell(findings) ? 'nothing to mend' : 'there is something to mend');
  return lines;
}

function targetLines(report: TargetReport): string[] {
  const { id, verdict, state, text, notices, missing, commands, steps } = report;
  return [
    plainText(`${verdict}  ${id}: ${state}`),
    `  ${plainText(text)}`,
    ...notices.map((notice) => `  note: ${plainText(notice)}`),
    ...missing.map((right) => `  missing: ${plainText(right)}`),
    ...commands.map((command) => `  run as admin: ${plainText(command)}`),
    ...steps.map((step) => `  to do: ${plainText(step)}`),
  ];
}

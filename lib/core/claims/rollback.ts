import { isCommand, trimPrompt } from './command.ts';
import type { DeployFacts, RollbackStep } from './document.ts';
import { senseOf } from './headings.ts';
import { type Passage, type Structure, titlesOf } from './passages.ts';
import { readLabel } from './statements.ts';

/** Flags that a subcommand takes; any other is unknown. Source: the tools' own help, 2025. */
const FLAGS: readonly [pattern: RegExp, known: RegExp][] = [
  [
    /^(?:fly|flyctl)\s+logs\b/,
    /^(?:-a|--app|-c|--config|-i|--instance|-j|--json|--machine|-n|--no-tail|-r|--region|-t|--access-token|--debug|--verbose|-h|--help)$/,
  ],
  [
    /^(?:fly|flyctl)\s+secrets\s+(?:set|unset)\b/,
    /^(?:-a|--app|-c|--config|--stage|--detach|--dns-checks|-t|--access-token|--debug|--verbose|-h|--help)$/,
  ],
  [
    /^(?:fly|flyctl)\s+status\b/,
    /^(?:-a|--app|-c|--config|-j|--json|--all|--deployment|--rate|--watch|-t|--access-token|--debug|--verbose|-h|--help)$/,
  ],
  [
    /^git\s+revert\b/,
    /^(?:-e|--edit|--no-edit|-m|--mainline|-n|--no-commit|-s|--signoff|-S|--gpg-sign|--continue|--abort|--skip|--quit|--strategy|-X|--strategy-option|--reference|--cleanup)$/,
  ],
  [
    /^kubectl\s+rollout\s+undo\b/,
    /^(?:--to-revision|-n|--namespace|--context|--cluster|--kubeconfig|--dry-run|-f|--filename|-k|-l|--selector|-o|--output|-R|--recursive)$/,
  ],
  [/^heroku\s+(?:releases:)?rollback\b/, /^(?:-a|--app|-r|--remote)$/],
  [/^vercel\s+rollback\b/, /^(?:--timeout|-y|--yes|--token|-t|--scope|-S|--cwd|--debug|-d)$/],
];
const PLACEHOLDER =
  /<[A-Za-z][\w .:|/-]{0,60}>|\{\{?\s*[A-Za-z][\w .-]{0,40}\s*\}?\}|\[(?!secret\])[A-Za-z][\w -]{2,40}\]|\b(?:YOUR|PREVIOUS|OLD|LAST|MY|PREV|TARGET)[_-][A-Z][A-Z_-]+\b|(?<![\w/])(?:X{3,}|x{3,})(?!\w)|\bvX(?:\.Y)?(?:\.Z)?\b|(?:^|[\s=:@])\.\.\.(?:$|\s)|…|\b(?:previous|last|old|your)-(?:[a-z]+-)*(?:image|version|sha|commit|tag|id|hash|release|digest|app|name|revision)(?:-id)?\b|\b(?:PREVIOUS|ANTERIOR)\b|\bversion-anterior\b|\b(?:commit|sha|hash|SHA|COMMIT)(?:$|(?=\s))(?<=\s(?:commit|sha|hash|SHA|COMMIT))/;

/** The commands under Rollback, Revert and If issues occur, in their order. */
export function readRollback(structure: Structure, deploy: DeployFacts): RollbackStep[] {
  const steps: RollbackStep[] = [];
  for (const passage of structure.passages) {
    if (!isUnderRollback(passage)) {
      // `Rollback: fly deploy …` says it in one line.
      const label = readLabel(passage.text).label;
      if (label !== '' && passage.kind !== 'heading' && senseOf(label) === 'rollback') {
        for (const command of commandsIn(passage.raw.slice(passage.raw.indexOf(':') + 1), passage))
          push(steps, command, passage.line, deploy);
        continue;
      }
      const own =
        /^(?:\W*)(?:roll ?back|revert|to (?:roll ?back|revert)|reversi[oó]n)\b[^:`]{0,40}:?\s*(.+)$/i.exec(
          passage.raw.replace(/^\*+|\*\*(?=:)/g, ''),
        );
      if (own?.[1] === undefined || passage.kind === 'heading') continue;
      for (const command of commandsIn(own[1], passage)) push(steps, command, passage.line, deploy);
      continue;
    }
    if (passage.kind === 'heading' && !/`/.test(passage.raw)) continue;
    for (const command of commandsIn(passage.raw, passage)) push(steps, command, passage.line, deploy);
  }
  return steps;
}

function isUnderRollback(passage: Passage): boolean {
  const titles = titlesOf(passage.section);
  for (const [i, title] of titles.entries()) {
    const sense = senseOf(title);
    if (sense === 'rollback') return true;
    // A heading of another kind between ends it: `Documentation` under a label of a shell comment.
    if (i === 0 && (sense === 'done' || sense === 'follow-up')) return false;
  }
  return false;
}

/** The commands of one statement: the whole line, or those quoted as code, or one after a label. */
function commandsIn(raw: string, passage: Passage): readonly string[] {
  const text = raw.trim();
  const quoted = [...text.matchAll(/`{1,2}([^`]{3,400})`{1,2}/g)]
    .map((match) => trimPrompt(match[1] ?? ''))
    .filter((one) => isCommand(one));
  if (quoted.length > 0) return quoted.flatMap(joinSteps);
  if (passage.kind === 'command') {
    const plain = trimPrompt(text.replace(/^`+|`+$/g, ''));
    if (/^\s*(?:#|\/\/)/.test(text) && !isCommand(text)) return [];
    if (isCommand(plain) || passage.fenced) return joinSteps(plain);
  }
  const plain = trimPrompt(text.replace(/`/g, ''));
  if (isCommand(plain)) return joinSteps(plain);
  const labelled = /^(?:[^:`]{2,60}:|run|execute|ejecutar|ejecuta|then run|use)\s+(.+)$/i.exec(plain)?.[1];
  return labelled !== undefined && isCommand(labelled) ? joinSteps(labelled.trim()) : [];
}

/** `a && b` stays one command; what is written after `#` is a remark. */
function joinSteps(command: string): readonly string[] {
  return [
    command
      .replace(/\s+#\s.*$/, '')
      .replace(/[.,]$/, '')
      .trim(),
  ];
}

function push(steps: RollbackStep[], command: string, line: number, deploy: DeployFacts): void {
  const last = steps.at(-1);
  // A line that was broken with a backslash.
  if (last?.command.endsWith('\\') === true) {
    const whole = `${last.command.slice(0, -1).trim()} ${command}`;
    steps[steps.length - 1] = { ...judge(whole, deploy), line: last.line };
    return;
  }
  steps.push({ ...judge(command, deploy), line });
}

function judge(command: string, deploy: DeployFacts): Omit<RollbackStep, 'line'> {
  const placeholder = PLACEHOLDER.exec(command)?.[0].trim();
  if (placeholder !== undefined)
    return {
      command,
      executable: false,
      why: `${placeholder} is a placeholder: it must be filled in first.`,
    };
  const flag = unknownFlag(command);
  if (flag !== null)
    return {
      command,
      executable: false,
      why: `${command.split(/\s+/).slice(0, 2).join(' ')} has no flag ${flag}.`,
    };
  if (/^git\s+revert\s+(?:--no-edit\s+)?HEAD\s*$/.test(command) && deploy.commits.length > 1)
    return {
      command,
      executable: false,
      why: `It undoes only the last of ${deploy.commits.length} commits.`,
    };
  if (/^git\s+revert\s*$|^git\s+checkout\s*$|^(?:fly|flyctl)\s+deploy\s+--image\s*$/.test(command))
    return { command, executable: false, why: 'It does not say what to go back to.' };
  return { command, executable: true };
}

function unknownFlag(command: string): string | null {
  const own = command.split(/\s(?:\||&&|;)\s/)[0] ?? command;
  for (const [pattern, known] of FLAGS) {
    if (!pattern.test(own)) continue;
    for (const word of own.split(/\s+/)) {
      const flag = /^(--?[A-Za-z][\w-]*)(?:=.*)?$/.exec(word)?.[1];
      if (flag !== undefined && !known.test(flag)) return flag;
    }
  }
  return null;
}

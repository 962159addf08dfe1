import { COLUMN_WORDS, COLUMNS } from './columns.ts';
import type { Row } from './rows.ts';

/** What a cell came to. */
export type Outcome = { kind: string; restMs: number | null } | { kept: 'whole' | 'less' };

const HEAD = `# What happens when a source misbehaves

Each row is a fault, each column a source; each cell was played by a server on this computer against the real collector under the
real poller, after a good visit and before another good one. This page is written by that test
(\`test/fault-table\`), which fails when a cell comes out differently.

In every cell it also holds that the visit ends within its timeout (and 250 ms), that nothing but the error itself leaves the session,
that the text says who, what and what to do, that no credential shows anywhere, that no number is made up, that an endless answer is cut
at a cap, and that the next good answer is read without a restart.

- **timeout**, **network**, **auth**, **grant**, **limit**, **http**, **parse**, **quota**: the visit fails by this kind, is written down as a
  gap with \`up\` 0, and the next one comes on its beat; after **auth** and **quota** within an hour at the soonest, and after a
  \`Retry-After\` when it says (1 s to 1 h). A rest is given beside the kind.
- **whole**: the visit succeeds and nothing is missing. **less**: it succeeds; what cannot be true is left out.
- –: the fault does not apply.
`;

/** \`docs/faults.md\` as it follows from what was seen. */
export function writeTable(rows: readonly Row[], outcomes: ReadonlyMap<string, Outcome>): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const parts = [
    HEAD,
    COLUMNS.map((column) => `- ${column}: ${COLUMN_WORDS[column]}`).join('\n'),
    ...groups.map((group) => {
      const own = rows.filter((row) => row.group === group);
      return `## ${group}\n\n${tableOf(own, outcomes)}${remarks(own)}`;
    }),
  ];
  return `${parts.join('\n\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

function tableOf(rows: readonly Row[], outcomes: ReadonlyMap<string, Outcome>): string {
  const lines = rows.map((row) => {
    const cells = COLUMNS.map((column) => {
      const seen = outcomes.get(`${row.name} ${column}`);
      return seen === undefined ? '–' : wordsOf(seen);
    });
    return `| ${row.name} | ${cells.join(' | ')} |`;
  });
  return [`| | ${COLUMNS.join(' | ')} |`, `|---|${'---|'.repeat(COLUMNS.length)}`, ...lines].join('\n');
}

/** Why cells do not apply, said once for each reason. */
function remarks(rows: readonly Row[]): string {
  const reasons = new Map<string, string[]>();
  for (const row of rows) {
    for (const column of COLUMNS) {
      const cell = row.cells[column];
      if (typeof cell === 'string') reasons.set(cell, [...(reasons.get(cell) ?? []), column]);
    }
  }
  const told = [...reasons].map(([why, columns]) => `${[...new Set(columns)].join(', ')}: ${why}`);
  return told.length === 0 ? '' : `\n\nWhere it does not apply: ${told.join('; ')}.`;
}

function wordsOf(outcome: Outcome): string {
  if ('kept' in outcome) return outcome.kept;
  return outcome.restMs === null ? outcome.kind : `${outcome.kind}, ${restWords(outcome.restMs)}`;
}

function restWords(restMs: number): string {
  const seconds = Math.round(restMs / 1_000);
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

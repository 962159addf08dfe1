import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindMetric } from '../bind/bind.ts';
import type { DeployFacts, ParsedClaim, ReadSummary, RollbackStep, StatedFact } from '../document.ts';

/** A claim as a test writes it: where it stands is told by words of its lines. */
export type SaidClaim = Partial<Omit<ParsedClaim, 'source' | 'id'>> & { says: readonly string[] };

export interface Said {
  claims?: readonly SaidClaim[];
  deploy?: Partial<DeployFacts>;
  /** Commands, and whether each can run. */
  rollback?: readonly (readonly [command: string, executable: boolean, why?: string])[];
  facts?: readonly StatedFact[];
}

const DEPLOY: DeployFacts = {
  app: null,
  version: null,
  time: null,
  machinesRunning: null,
  machinesAssumed: null,
  status: null,
  commits: [],
  links: [],
  nextReview: null,
  nextReviewAt: null,
};

/** A summary as the reader would hand it over, written by hand over a real text. */
export function summaryOf(
  text: string,
  { claims = [], deploy = {}, rollback = [], facts = [] }: Said,
): ReadSummary {
  const lines = text.split('\n');
  const lineOf = (words: string) => {
    const index = lines.findIndex((line) => line.includes(words));
    if (index === -1) throw new Error(`no line says: ${words}`);
    return index + 1;
  };
  return {
    deploy: { ...DEPLOY, ...deploy },
    claims: claims.map((said, index) => claimOf(said, index, said.says.map(lineOf))),
    checks: [],
    followUps: [],
    rollback: rollback.map(([command, executable, why]): RollbackStep => {
      const step = { command, executable, line: lineOf(command) };
      return why === undefined ? step : { ...step, why };
    }),
    redactions: 0,
    lines,
    facts: [...facts],
  };
}

function claimOf({ says, ...said }: SaidClaim, index: number, lines: readonly number[]): ParsedClaim {
  const text = said.text ?? says[0] ?? '';
  const { metric, confidence, labels } = bindMetric(text, said.unit ?? null, said.window ?? null);
  return {
    id: `c${index + 1}`,
    text,
    metric,
    labels,
    confidence,
    unit: null,
    window: null,
    before: null,
    after: null,
    direction: null,
    changePct: null,
    delta: null,
    factor: null,
    changePp: null,
    limit: null,
    limitOp: null,
    guard: false,
    approximate: false,
    ...said,
    source: { line: Math.min(...lines), lines: [...lines].sort((a, b) => a - b) },
  };
}

/** Text of a document of the labelled set. */
export function labelledText(name: string): string {
  return readFileSync(join(process.cwd(), 'test/claims-set', `${name}.md`), 'utf8');
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClaims, readSummary } from '../lib/core/claims/index.ts';
import { DECODINGS, decodeWrongly } from '../test/claims-set/decodings.ts';
import { expectedDocumentSchema } from '../test/claims-set/label.ts';
import type { LabelledDocument } from '../test/claims-set/read-set.ts';
import { scoreReader } from '../test/claims-set/score-reader.ts';
import { totalScores } from '../test/claims-set/totals.ts';
import { fuzzText, seeded } from './lib/fuzz-text.ts';
import type { Row } from './lib/row.ts';

const FOLDER = join('test', 'claims-set');
const FUZZED = 100_000;
const SIZE = 100_000;
const ROUNDS = 15;

/** How well summaries are read: recall, precision, checks and rollback over the labelled set, wrong decodings, speed and fuzz. */
export function benchClaims(): Row[] {
  const set = readSet();
  const totals = totalScores(scoreReader(parseClaims, {}, set));
  const { claims, checks, checkStates, rollback, audit } = totals;
  const part = (share: { right: number; wanted: number }) => `${share.right} of ${share.wanted}`;
  return [
    {
      name: 'claims found',
      value: percent(totals.recall),
      unit: '%',
      note: `${part(claims)} in ${set.length} documents; goal ≥ 85`,
    },
    {
      name: 'claims that are right',
      value: percent(totals.precision),
      unit: '%',
      note: `${totals.inventedClaims} invented; goal ≥ 90`,
    },
    {
      name: 'claims in documents without any',
      value: totals.falseClaims,
      unit: 'claims',
      note: `${totals.documentsWithoutClaims} documents; goal 0`,
    },
    {
      name: 'checks found',
      value: percent(totals.checksRecall),
      unit: '%',
      note: `${part(checks)}; goal ≥ 85`,
    },
    {
      name: 'checks with the right state',
      value: percent(totals.stateAccuracy),
      unit: '%',
      note: `${part(checkStates)}; goal ≥ 95`,
    },
    {
      name: 'rollback commands found',
      value: percent(totals.rollbackRecall),
      unit: '%',
      note: `${part(rollback)}; goal 100`,
    },
    {
      name: 'findings of the audit',
      value: percent(totals.auditRecall),
      unit: '%',
      note: `${part(audit)}, ${totals.inventedAudit} unwanted`,
    },
    ...benchDecodings(set),
    ...speed(set),
    fuzz(),
  ];
}

/** The same document under each wrong decoding must give the same claims. */
function benchDecodings(set: readonly LabelledDocument[]): Row[] {
  return DECODINGS.map((decoding) => {
    const clear = set.filter(({ expected }) => !expected.damage.includes('iso_8859_13'));
    const same = clear.filter(
      ({ text }) => numbersOf(text) === numbersOf(decodeWrongly(text, decoding)),
    ).length;
    return {
      name: `same claims when read as ${decoding}`,
      value: (same / clear.length) * 100,
      unit: '%',
      note: `${same} of ${clear.length} documents`,
    };
  });
}

/** What a text claims, by numbers and lines. */
export function numbersOf(text: string): string {
  return JSON.stringify(
    readSummary(text).claims.map((one) => [
      one.before,
      one.after,
      one.changePct,
      one.delta,
      one.factor,
      one.limit,
      one.source.line,
    ]),
  );
}

function speed(set: readonly LabelledDocument[]): Row[] {
  const dense = fill(set.map(({ text }) => text).join('\n\n'));
  // As long summaries are: claims at the start, words after it.
  const plain = fill(
    `${set[0]?.text ?? ''}\n\n${'The queue is read by one worker, which keeps its place when it is moved.\n\n'.repeat(1_500)}`,
  );
  return [
    {
      name: '100 KB of summaries in a row',
      value: median(dense),
      unit: 'ms',
      note: `${readSummary(dense).claims.length} claims`,
    },
    { name: '100 KB of prose with few claims', value: median(plain), unit: 'ms', note: 'goal < 50' },
  ];
}

function fill(text: string): string {
  let out = text;
  while (out.length < SIZE) out += `\n\n${text}`;
  return out.slice(0, SIZE);
}

function median(text: string): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    readSummary(text);
    const used = process.cpuUsage(start);
    return (used.user + used.system) / 1_000;
  });
  // The first rounds compile the code.
  return times.slice(5).sort((a, b) => a - b)[Math.floor((ROUNDS - 5) / 2)] ?? Number.NaN;
}

function fuzz(): Row {
  const random = seeded(20_260_409);
  let worst = 0;
  for (let i = 0; i < FUZZED; i += 1) {
    const text = fuzzText(random);
    const start = performance.now();
    parseClaims(text);
    worst = Math.max(worst, performance.now() - start);
  }
  return { name: 'worst of 100,000 fuzzed texts', value: worst, unit: 'ms', note: 'none threw' };
}

function percent(part: number | null): number {
  return part === null ? Number.NaN : part * 100;
}

/** The set as it lies in the checkout: a bundle has no folder of its own to look beside. */
function readSet(): LabelledDocument[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.slice(0, -'.md'.length))
    .map((name) => ({
      name,
      text: readFileSync(join(FOLDER, `${name}.md`), 'utf8'),
      expected: expectedDocumentSchema.parse(
        JSON.parse(readFileSync(join(FOLDER, `${name}.expected.json`), 'utf8')),
      ),
    }));
}

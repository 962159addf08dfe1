import { readdirSync, readFileSync } from 'node:fs';
import {
  type ExpectedDocument,
  type ExpectedTogether,
  expectedDocumentSchema,
  expectedTogetherSchema,
} from './label.ts';

const FOLDER = new URL('./', import.meta.url);
const LABEL = '.expected.json';

/** A document of the set with its label. */
export interface LabelledDocument {
  /** File name without its ending. */
  readonly name: string;
  readonly text: string;
  readonly expected: ExpectedDocument;
}

/** The whole set, by name. Throws where a document or a label is missing or a label breaks its schema. */
export function readClaimsSet(): LabelledDocument[] {
  const files = readdirSync(FOLDER);
  const names = files.filter((file) => file.endsWith('.md')).map((file) => file.slice(0, -'.md'.length));
  const labels = files.filter((file) => file.endsWith(LABEL)).map((file) => file.slice(0, -LABEL.length));
  const lonely = labels.filter((name) => !names.includes(name));
  if (lonely.length > 0) throw new Error(`claims-set: labels without a document: ${lonely.join(', ')}`);
  return names.sort().map((name) => {
    const parsed = expectedDocumentSchema.safeParse(readJson(`${name}${LABEL}`));
    if (!parsed.success) throw new Error(`claims-set: the label of ${name}.md: ${parsed.error.message}`);
    return { name, text: readFileSync(new URL(`${name}.md`, FOLDER), 'utf8'), expected: parsed.data };
  });
}

/** What documents say together that none says alone. */
export function readTogether(): ExpectedTogether[] {
  return expectedTogetherSchema.parse(readJson('together.json'));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}

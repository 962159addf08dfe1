import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SOURCE_KINDS } from '../model/target.ts';
import { callsOf, dayCostOf, usualShape } from './cost.ts';
import { SOURCE_SPECS } from './index.ts';
import { FEATURES, type SourceShape } from './source-kind.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe.each(SOURCE_KINDS)('the page about %s', (kind) => {
  const { docs, grants } = SOURCE_SPECS[kind];
  const page = read(docs);

  it('names every call that is told in Settings', () => {
    const all: SourceShape = { ...usualShape(kind), features: FEATURES, queries: 1 };
    for (const { text } of callsOf(all)) {
      // Pages name calls behind the base of their API, and with another word for what is filled in.
      const call = text
        .replace(/, one for .*$/, '')
        .replace(/\/api\/v2(?=\/)/, '')
        .replace(/\{(id|project|org|endpoint)\}/g, '{id}');
      const normal = flat(page)
        .replace(/stats\/ID/g, 'stats/{id}')
        .replace(/database\/ID/g, 'database/{id}')
        .replace(/\{endpoint\}/g, '{id}');
      expect(normal, text).toContain(call);
    }
  });

  it('holds every grant as it is copied in Settings', () => {
    for (const { text, where } of grants)
      for (const line of text.split('\n'))
        if (where !== 'console') expect(flat(page), line).toContain(flat(line).trim());
  });
});

it('the list of sources links each page, with what a day costs', () => {
  const list = read('docs/connect.md');
  for (const kind of SOURCE_KINDS) {
    expect(list).toContain(`(${SOURCE_SPECS[kind].docs.replace('docs/', '')})`);
    const row = list.split('\n').find((line) => line.startsWith(`| [${kind}]`)) ?? '';
    const { requests, queries, commands } = dayCostOf(usualShape(kind));
    const most = Math.max(requests, queries, commands);
    expect(row).toContain(most === 0 ? 'nothing' : most.toLocaleString('en-US'));
  }
});

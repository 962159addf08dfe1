import { expect, it } from 'vitest';
import { readManifest } from './manifest.ts';

const read = (raw: Record<string, unknown>) =>
  typeof raw.csv === 'string' ? { csv: raw.csv } : 'csv names no file';

it('reads one case a line, and a line that is wrong costs no other', () => {
  const text = '\uFEFF{"id":"a","csv":"a.csv"}\r\n\n{"id":7}\nnonsense\n[1]\n{"csv":"b.csv"}\n';
  expect(readManifest(text, read)).toEqual([
    { line: 1, one: { csv: 'a.csv' } },
    { line: 3, id: '7', fault: 'csv names no file' },
    { line: 4, id: null, fault: 'it is no JSON object' },
    { line: 5, id: null, fault: 'it is no JSON object' },
    { line: 6, one: { csv: 'b.csv' } },
  ]);
});

it('an empty manifest has no case', () => {
  expect(readManifest('\n \n', read)).toEqual([]);
});

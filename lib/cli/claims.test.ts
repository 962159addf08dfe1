import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { claimsDocumentSchema, findingSchema } from '@/lib/core/claims/document.ts';
import { capture } from './capture.ts';

const SPIKE = `# Deploy summary of harbor

Version: 1203
Time: 2026-04-09 17:54:52Z

## Redis operations
- Before: 733K GETs/hour
- After: ~24K GETs/hour
- Reduction: 90%

## Rollback plan
\`\`\`sh
fly secrets set SUSPEND_REDIS=true -a harbor
\`\`\`
`;
const CAUSE = `# Redis for harbor

Before: 2,200,000 GET requests/day
After: 110,000 GET requests/day

## Rollback
\`\`\`sh
fly secrets set SUSPEND_REDIS=false -a harbor
\`\`\`
`;
const documentSchema = claimsDocumentSchema.extend({ file: z.string() });
const togetherSchema = z.strictObject({ together: z.strictObject({ audit: z.array(findingSchema) }) });

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'afterwatch-claims-'));
  writeFileSync(join(cwd, 'spike.md'), SPIKE);
  writeFileSync(join(cwd, 'cause.md'), CAUSE);
  writeFileSync(join(cwd, 'empty.md'), '');
  writeFileSync(join(cwd, 'picture.png'), Buffer.alloc(4_000));
  writeFileSync(join(cwd, 'utf16.md'), Buffer.from(`\ufeff${CAUSE}`, 'utf16le'));
  writeFileSync(join(cwd, 'latin.md'), Buffer.from('Reducción: de 500 ms a 200 ms', 'latin1'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (args: string[], stdin?: string) => {
  const io = { env: {}, cwd };
  return capture(['claims', ...args], stdin === undefined ? io : { ...io, stdin: streamOf(stdin) });
};

async function* streamOf(text: string) {
  for (const sign of text) yield Buffer.from(sign);
}

describe('claims --json', () => {
  it('prints one object for one file, as the document that everything else uses', async () => {
    const { code, out, err } = await run(['spike.md', '--json']);
    expect([code, err]).toEqual([0, '']);
    const document = documentSchema.parse(JSON.parse(out));
    expect(document).toMatchObject({ file: 'spike.md', deploy: { app: 'harbor', version: '1203' } });
    expect(document.claims[0]).toMatchObject({ before: 733_000, after: 24_000, unit: 'GETs', window: 'h' });
    expect(document.audit).toContainEqual(
      expect.objectContaining({ kind: 'percent', stated: '90 %', computed: '96.73 %' }),
    );
    expect(Object.keys(JSON.parse(out))).toEqual([
      'file',
      'deploy',
      'claims',
      'checks',
      'followUps',
      'rollback',
      'audit',
      'redactions',
    ]);
  });

  it('prints an array for several, with what they say against each other at its end', async () => {
    const { code, out } = await run(['spike.md', 'cause.md', '--json']);
    const [spike, cause, last, ...rest] = z.array(z.unknown()).parse(JSON.parse(out));
    expect([code, rest]).toEqual([0, []]);
    expect([documentSchema.parse(spike).file, documentSchema.parse(cause).file]).toEqual([
      'spike.md',
      'cause.md',
    ]);
    const kinds = togetherSchema.parse(last).together.audit.map(({ kind }) => kind);
    expect(kinds).toContain('two_targets');
    expect(kinds).toContain('rollback');
  });

  it('keeps the place of a file that cannot be read, and ends with 2', async () => {
    const { code, out, err } = await run(['spike.md', 'absent.md', 'cause.md', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject([
      { file: 'spike.md', redactions: 0 },
      { file: 'absent.md', error: 'there is no such file' },
      { file: 'cause.md' },
      { together: { audit: expect.any(Array) } },
    ]);
    expect(err).toBe('afterwatch claims: absent.md: there is no such file');
    const alone = await run(['absent.md', '--json']);
    expect([alone.code, JSON.parse(alone.out)]).toEqual([
      2,
      { file: 'absent.md', error: 'there is no such file' },
    ]);
  });

  it.each<[file: string, error: RegExp]>([
    ['.', /it is a folder/],
    ['picture.png', /it is no text/],
    ['spike.md/x', /it cannot be read \(ENOTDIR\)/],
  ])('says of %s why it cannot be read', async (file, error) => {
    const { code, out } = await run([file, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ file, error: expect.stringMatching(error) });
  });

  it('reads stdin, other encodings, and an empty file', async () => {
    expect(JSON.parse((await run(['-', '--json'], SPIKE)).out)).toMatchObject({
      file: '-',
      deploy: { app: 'harbor' },
    });
    expect(JSON.parse((await run(['utf16.md', '--json'])).out).claims[0]).toMatchObject({
      before: 2_200_000,
    });
    expect(JSON.parse((await run(['latin.md', '--json'])).out).claims[0]).toMatchObject({
      before: 500,
      after: 200,
    });
    expect(await run(['empty.md', '--json'])).toMatchObject({ code: 0, err: '' });
  });
});

describe('claims as a table', () => {
  it('fits 80 columns and holds no control signs, whatever the text', async () => {
    const wild = `${SPIKE}\n- Redis GETs \u001b[31m of ${'x'.repeat(300)} fall from 733K/hour to 24K/hour 🎉🎉🎉\n`;
    const { code, out } = await run(['-'], wild);
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('shows claims with their lines, the rollback, and stated beside computed', async () => {
    const { out } = await run(['spike.md', 'cause.md']);
    expect(out).toMatch(/^spike\.md, harbor, version 1203, 2026-04-09T17:54:52Z/);
    expect(out).toMatch(/^ +7 {2}733K → 24,000 GETs per hour.*: redis_commands_total/m);
    expect(out).toMatch(/fly secrets set SUSPEND_REDIS=true/);
    expect(out).toMatch(/90 % is stated for 733K/);
    expect(out).toMatch(/^All files together$/m);
  });

  it('tells a file without claims from one that cannot be read', async () => {
    const empty = await run(['empty.md']);
    expect([empty.code, empty.out]).toEqual([0, expect.stringContaining('Claims: 0')]);
    const absent = await run(['absent.md']);
    expect([absent.code, absent.out, absent.err]).toEqual([
      2,
      '',
      'afterwatch claims: absent.md: there is no such file',
    ]);
  });
});

it.each([[[]], [['--jsn', 'spike.md']], [['-', '-']], [['-x']]])('claims %j is wrong usage', async (args) => {
  const { code, out, err } = await run(args);
  expect([code, out]).toEqual([3, '']);
  expect(err).toMatch(/^afterwatch claims: .*; try afterwatch claims --help$/);
});

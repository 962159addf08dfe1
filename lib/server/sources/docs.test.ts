import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SOURCE_KINDS } from '@/lib/core/model/target.ts';
import { usualShape } from '@/lib/core/sources/cost.ts';
import { firstValues, writeSource } from '@/lib/core/sources/write-yaml.ts';
import { sessionOpener } from '../collectors/index.ts';
import { checkSourceYaml } from './check-source.ts';

const FOLDER = new URL('../../../docs/connect/', import.meta.url);
const NEEDED = {
  app: { machines: 'http://127.0.0.1:9/metrics', health: '/health' },
  fly: { flyApp: 'shop' },
  prometheus: { host: 'http://127.0.0.1:9' },
} as const;

describe('docs/connect', () => {
  const examples = readdirSync(FOLDER).flatMap((file) => {
    const page = readFileSync(new URL(file, FOLDER), 'utf8');
    return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => ({ file, yaml }));
  });

  it('has an example of every kind', () => {
    expect(new Set(examples.map(({ file }) => file.replace('.md', '')))).toEqual(new Set(SOURCE_KINDS));
  });

  it.each(examples)('the example of $file is read by the config as it stands', ({ file, yaml }) => {
    const names = [...yaml.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => name);
    const variables = names.map((name) => ({ name, holds: '', standIn: standIn(name) }));
    const { targets, faults } = checkSourceYaml(yaml, variables);
    expect(faults).toEqual([]);
    for (const { kind } of targets) expect(`${kind}.md`).toBe(file);
  });
});

function standIn(name: string): string {
  if (name === 'REDIS_URL') return 'redis://stand-in:6379';
  if (name === 'DATABASE_URL') return 'postgres://stand-in/app';
  return name === 'UPSTASH_EMAIL' ? 'stand-in@example.com' : 'stand-in';
}

describe('the usual pace of a kind', () => {
  it.each(SOURCE_KINDS)('%s is visited as often as is told', async (kind) => {
    const more = Object.entries(NEEDED).find(([one]) => one === kind)?.[1] ?? {};
    const { yaml, variables } = writeSource(kind, { ...firstValues(kind), ...more });
    const { targets } = checkSourceYaml(`${yaml}${kind === 'redis' ? '\n    plan: fixed' : ''}`, variables);
    const [target] = targets;
    if (target === undefined) throw new Error(`no ${kind}`);
    const session = sessionOpener([target])(target, { count: () => {} });
    try {
      expect(session.pace().normalSeconds).toBe(usualShape(kind).intervalSeconds);
    } finally {
      await session.close();
    }
  });
});

import { describe, expect, it } from 'vitest';
import {
  checkEnvironment,
  checkFetch,
  checkMarkup,
  checkPurity,
  checkServerOnly,
} from '@/test/code-rules.ts';
import { checkImports } from '@/test/import-rules.ts';
import { type Finding, parseSource, print, readSources, type Source } from '@/test/source.ts';

const tree = readSources(['app', 'components', 'lib', 'instrumentation.ts', 'proxy.ts']);

type Rule = (source: Source) => readonly Finding[];

/** What a rule says about one made-up file. */
function judge(rule: Rule, path: string, text: string): string[] {
  return print(rule(parseSource(path, text)));
}

describe('the tree', () => {
  it('was read', () => {
    expect(tree.length).toBeGreaterThan(50);
    expect(tree.map((one) => one.path)).toContain('lib/core/model/view.ts');
  });

  it.each<[rule: string, Rule]>([
    ['imports go only where the table says', checkImports],
    ['every file of lib/server is marked as such', checkServerOnly],
    ['only the configuration reads the environment', checkEnvironment],
    ['lib/core reads no clock, no chance and no world', checkPurity],
    ['lib/server reaches others only through the guarded fetch', checkFetch],
    ['no markup that the content security policy blocks', checkMarkup],
  ])('%s', (_name, rule) => {
    expect(print(tree.flatMap(rule))).toEqual([]);
  });
});

describe('checkImports', () => {
  it.each<[path: string, text: string]>([
    ['lib/core/a.ts', "import { x } from '../server/store/store.ts';"],
    ['lib/core/a.ts', "import { x } from '@/lib/core/b.ts';"],
    ['lib/core/a.ts', "import { readFileSync } from 'node:fs';"],
    ['lib/core/a.ts', "import type { ReactNode } from 'react';"],
    ['lib/core/a.ts', "const x = await import('undici');"],
    ['lib/client/a.ts', "import { getRuntime } from '@/lib/server/runtime.ts';"],
    ['lib/client/a.ts', "export { getRuntime } from '@/lib/server/runtime.ts';"],
    ['lib/client/a.ts', "export * from '@/lib/server/runtime.ts';"],
    ['lib/client/a.ts', "const x = () => import('@/lib/server/runtime.ts');"],
    [
      'lib/server/collectors/redis/index.ts',
      "import { openStore } from '../../store/sqlite/sqlite-store.ts';",
    ],
    ['lib/server/store/sqlite/a.ts', "import { redis } from '@/lib/server/collectors/redis/index.ts';"],
    ['lib/server/queries/now.ts', "import { Chart } from '@/components/charts/chart.tsx';"],
    ['lib/server/runtime.ts', "import { fleet } from '@/lib/demo/fleet.ts';"],
    ['components/panels/a.tsx', "import { useNow } from '@/lib/client/now.ts';"],
    ['components/panels/a.tsx', "import { LineChart } from 'recharts';"],
    ['components/ui/a.tsx', "import { Chart } from '../charts/chart.tsx';"],
    ['lib/server/queries/now.ts', "import { makeAsker } from '@/test/askers.ts';"],
    ['lib/server/poller/a.ts', "import { answers } from './test-answers.ts';"],
    ['components/live/a.tsx', "import { pollNow } from '@/lib/actions/poll-now.ts';"],
    ['app/page.tsx', "import { main } from '@/lib/cli/main.ts';"],
    ['app/api/x/route.ts', "import { Panel } from '@/components/panels/panel.tsx';"],
    ['app/page.tsx', "import { x } from '@/lib/core/x';"],
    ['lib/server/store/sqlite/sqlite-store.ts', "import Database from 'libsql';"],
    ['app/page.tsx', "import { Client } from 'pg';"],
    ['lib/server/collectors/app/read.ts', "import { request } from 'undici';"],
    ['proxy.ts', "import { getRuntime } from '@/lib/server/runtime.ts';"],
  ])('in %s refuses %s', (path, text) => {
    expect(judge(checkImports, path, `// one line before\n${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')}:2 `)),
    ]);
  });

  it.each<[path: string, text: string]>([
    ['lib/client/a.ts', "import type { Runtime } from '@/lib/server/runtime.ts';"],
    ['lib/client/a.ts', "import { type Runtime } from '@/lib/server/runtime.ts';"],
    ['lib/client/a.ts', "type Runtime = import('@/lib/server/runtime.ts').Runtime;"],
    ['lib/core/a.ts', "import { z } from 'zod';"],
    ['lib/server/poller/a.ts', "import { redis } from '../collectors/redis/index.ts';"],
    ['lib/server/poller/a.ts', "import { Store } from '../store/store.ts';"],
    ['lib/server/store/sqlite/worker.ts', "import Database from 'libsql';"],
    ['lib/demo/fleet.ts', "import { flow } from './flow.ts';"],
    ['components/charts/a.tsx', "import { LineChart } from 'recharts';"],
    ['app/page.tsx', "import './globals.css';"],
  ])('in %s allows %s', (path, text) => {
    expect(judge(checkImports, path, text)).toEqual([]);
  });
});

describe('the other rules can fail', () => {
  it.each<[rule: Rule, path: string, text: string]>([
    [checkServerOnly, 'lib/server/a.ts', "import { z } from 'zod';\nimport 'server-only';"],
    [checkServerOnly, 'lib/server/a.ts', ''],
    [checkServerOnly, 'lib/server/a.ts', "// import 'server-only';"],
    [checkEnvironment, 'lib/server/a.ts', 'const x = process.env.HOME;'],
    [checkEnvironment, 'lib/cli/a.ts', "const x = process['env'];"],
    [checkEnvironment, 'proxy.ts', 'const x = process.env.AFTERWATCH_TOKEN;'],
    [checkEnvironment, 'app/page.tsx', 'const { HOME } = process.env;'],
    [checkPurity, 'lib/core/a.ts', 'export const now = () => Date.now();'],
    [checkPurity, 'lib/core/a.ts', 'export const now = () => new Date();'],
    [checkPurity, 'lib/core/a.ts', 'export const now = Date.now;'],
    [checkPurity, 'lib/core/a.ts', 'export const dice = () => Math.random();'],
    [checkPurity, 'lib/core/a.ts', 'export const id = () => crypto.randomUUID();'],
    [checkPurity, 'lib/core/a.ts', "export const get = () => fetch('/x');"],
    [checkPurity, 'lib/core/a.ts', 'export const wait = () => setTimeout(() => {}, 1);'],
    [checkFetch, 'lib/server/collectors/app/read.ts', "await fetch('http://x');"],
    [checkMarkup, 'components/ui/a.tsx', 'export const A = () => <p style={{ color: 1 }} />;'],
    [checkMarkup, 'components/ui/a.tsx', 'export const A = () => <style>{css}</style>;'],
    [
      checkMarkup,
      'components/ui/a.tsx',
      'export const A = () => <p dangerouslySetInnerHTML={{ __html: x }} />;',
    ],
    [checkMarkup, 'components/ui/a.tsx', 'export const props = { dangerouslySetInnerHTML: { __html: x } };'],
    [
      checkMarkup,
      'components/charts/a.tsx',
      "import type { X } from 'recharts';\nexport const A = () => <p style={{}} />;",
    ],
  ])('%o refuses %s: %s', (rule, path, text) => {
    expect(judge(rule, path, text)).toHaveLength(1);
  });

  it.each<[rule: Rule, path: string, text: string]>([
    [checkServerOnly, 'lib/server/a.ts', "// why\nimport 'server-only';"],
    [checkEnvironment, 'lib/server/config/environment.ts', 'export const env = process.env;'],
    [checkEnvironment, 'proxy.ts', "const dev = process.env.NODE_ENV === 'development';"],
    [checkPurity, 'lib/core/a.ts', 'export const at = (ms: number) => new Date(ms).toISOString();'],
    [checkPurity, 'lib/core/a.ts', 'const document = 1;'],
    [checkPurity, 'lib/server/a.ts', 'export const now = () => Date.now();'],
    [checkFetch, 'lib/server/http/safe-fetch.ts', "await fetch('http://x');"],
    [
      checkMarkup,
      'components/charts/a.tsx',
      "import { Line } from 'recharts';\nexport const A = () => <p style={{}} />;",
    ],
    [
      checkMarkup,
      'components/ui/a.tsx',
      'export const A = ({ style }: { style: string }) => <Row look={style} />;',
    ],
  ])('%o allows %s: %s', (rule, path, text) => {
    expect(judge(rule, path, text)).toEqual([]);
  });
});

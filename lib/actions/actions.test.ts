import { describe, expect, it } from 'vitest';
import { checkActions, checkPages, checkRoutes } from '@/test/guard-rules.ts';
import { type Finding, parseSource, print, readSources, type Source } from '@/test/source.ts';

const tree = readSources(['app', 'components', 'lib', 'instrumentation.ts', 'proxy.ts']);

type Rule = (source: Source) => readonly Finding[];

function judge(rule: Rule, path: string, lines: readonly string[]): string[] {
  return print(rule(parseSource(path, lines.join('\n'))));
}

/** Where each finding points: `path:line`. */
function places(found: readonly string[]): string[] {
  return found.map((text) => text.split(' ')[0] ?? '');
}

describe('the tree', () => {
  it('every server action is made by action()', () => {
    expect(tree.filter((one) => one.path.startsWith('lib/actions/')).length).toBeGreaterThan(2);
    expect(print(tree.flatMap(checkActions))).toEqual([]);
  });

  it('every route is made by guardedRoute()', () => {
    expect(print(tree.flatMap(checkRoutes))).toEqual([]);
  });

  it('every page and layout asks who reads', () => {
    expect(print(tree.flatMap(checkPages))).toEqual([]);
  });
});

describe('checkActions', () => {
  const HEAD = ["'use server';", "import { action } from './action.ts';"];
  const PATH = 'lib/actions/poll.ts';

  it.each<[export_: string]>([
    ['export const poll = action(schema, run);'],
    ['export const poll = action<Schema, Answer>(schema, async () => 1, { cost: 2 });'],
    ['const helper = () => 1;'],
    ['export type Answer = { n: number };'],
    ['export interface Answer { n: number }'],
    ["export type { Answer } from './other.ts';"],
  ])('allows %s', (text) => {
    expect(judge(checkActions, PATH, [...HEAD, text])).toEqual([]);
  });

  it.each<[export_: string]>([
    ['export async function poll() {}'],
    ['export const poll = async () => 1;'],
    ['export const poll = other(schema, run);'],
    ['export const poll = wrap(action(schema, run));'],
    ['export let poll = action(schema, run);'],
    ['export default action(schema, run);'],
    ['export default async function poll() {}'],
    ['const poll = async () => 1; export { poll };'],
    ["export { poll } from './other.ts';"],
    ["export * from './other.ts';"],
    ['export const { poll } = action(schema, run);'],
    ['export const a = action(schema, run), b = async () => 1;'],
    ['export const schema = 5;'],
  ])('refuses %s, naming file and line', (text) => {
    expect(places(judge(checkActions, PATH, [...HEAD, text]))).toEqual([`${PATH}:3`]);
  });

  it('an action() of somebody else is not ours', () => {
    const line = 'export const poll = action(schema, run);';
    expect(
      judge(checkActions, PATH, ["'use server';", "import { action } from '@/lib/core/x.ts';", line]),
    ).toHaveLength(1);
    expect(
      judge(checkActions, PATH, ["'use server';", 'const action = (...a: unknown[]) => a;', line]),
    ).toHaveLength(1);
    expect(
      judge(checkActions, PATH, ["'use server';", "import { action as make } from './action.ts';", line]),
    ).toHaveLength(1);
  });

  it("a file of lib/actions without 'use server' is refused", () => {
    expect(places(judge(checkActions, PATH, ['// why', ...HEAD.slice(1)]))).toEqual([`${PATH}:1`]);
  });

  it("'use server' anywhere else is refused, inline too", () => {
    expect(judge(checkActions, 'lib/server/queries/x.ts', ["'use server';"])).toHaveLength(1);
    expect(
      judge(checkActions, 'app/page.tsx', ["'use server';", 'export async function f() {}']),
    ).toHaveLength(1);
    const inline = [
      'export default function Page() {',
      '  async function save() {',
      "    'use server';",
      '  }',
      '}',
    ];
    expect(places(judge(checkActions, 'app/page.tsx', inline))).toEqual(['app/page.tsx:3']);
    expect(judge(checkActions, 'app/page.tsx', ["const f = async () => { 'use server'; };"])).toHaveLength(1);
  });
});

describe('checkRoutes', () => {
  const PATH = 'app/api/x/route.ts';
  const HEAD = "import { guardedRoute } from '@/lib/server/http/route-guard.ts';";

  it.each([
    'export const GET = guardedRoute(schema, options, run);',
    "export const dynamic = 'force-dynamic';",
  ])('allows %s', (text) => {
    expect(judge(checkRoutes, PATH, [HEAD, text])).toEqual([]);
  });

  it.each([
    'export async function GET() { return Response.json({}); }',
    'export const GET = () => Response.json({});',
    'export const GET = wrap(guardedRoute(schema, options, run));',
    "export { GET } from '../y/route.ts';",
    'export const helper = guardedRoute(schema, options, run);',
    'export const dynamic = readIt();',
  ])('refuses %s', (text) => {
    expect(places(judge(checkRoutes, PATH, [HEAD, text]))).toEqual([`${PATH}:2`]);
  });

  it('a route outside the api is a route too', () => {
    expect(judge(checkRoutes, 'app/s/[token]/og.png/route.ts', ['export function GET() {}'])).toHaveLength(1);
    expect(judge(checkRoutes, 'app/route.ts', ['export function GET() {}'])).toHaveLength(1);
  });
});

describe('checkPages', () => {
  const HEAD = "import { requireReader } from '@/lib/server/auth/require-reader.ts';";
  const READS = "import { readNow } from '@/lib/server/queries/now.ts';";
  const PAGE = 'app/(dash)/page.tsx';

  it.each<[string]>([
    ['export default async function Page() { await requireReader(); return null; }'],
    ['export default async function Page() { const grant = await requireReader(); return null; }'],
    ['async function Page() { await requireReader(); } export default Page;'],
    ['const Page = async () => { await requireReader(); }; export default Page;'],
  ])('allows %s', (text) => {
    expect(judge(checkPages, PAGE, [HEAD, text])).toEqual([]);
  });

  it.each<[string]>([
    ['export default async function Page() { return null; }'],
    ['export default async function Page() { requireReader(); return null; }'],
    [
      'export default async function Page() { const now = await readNow(); await requireReader(); return now; }',
    ],
    ['export default async function Page() { if (x) await requireReader(); return null; }'],
    [
      'export default async function Page() { async function inner() { await requireReader(); } return null; }',
    ],
    ["export { default } from './other.tsx';"],
  ])('refuses %s', (text) => {
    expect(judge(checkPages, PAGE, [HEAD, text])).toHaveLength(1);
  });

  it('a guard of the same name from elsewhere is none', () => {
    const text = 'export default async function Page() { await requireReader(); }';
    expect(judge(checkPages, PAGE, ["import { requireReader } from './mine.ts';", text])).toHaveLength(1);
  });

  it('metadata made from data is guarded too, since it is made beside the page', () => {
    const page = 'export default async function Page() { await requireReader(); }';
    const metadata = 'export async function generateMetadata() { return { title: await readNow() }; }';
    expect(places(judge(checkPages, PAGE, [HEAD, READS, page, metadata]))).toEqual([`${PAGE}:4`]);
  });

  it('a layout is guarded, since it is sent before its page; the root draws for strangers too', () => {
    const layout = 'export default async function Layout() { return null; }';
    expect(judge(checkPages, 'app/(dash)/layout.tsx', [layout])).toHaveLength(1);
    expect(judge(checkPages, 'app/s/[token]/layout.tsx', [layout])).toEqual([]);
    expect(judge(checkPages, 'app/layout.tsx', [layout])).toEqual([]);
  });

  it('the login, shares and error screens are for strangers; look-alikes are not', () => {
    const page = 'export default function Page() { return null; }';
    for (const path of ['app/login/page.tsx', 'app/s/[token]/page.tsx', 'app/error.tsx', 'app/not-found.tsx'])
      expect(judge(checkPages, path, [page])).toEqual([]);
    for (const path of ['app/logins/page.tsx', 'app/x/login/page.tsx', 'app/s/page.tsx'])
      expect(judge(checkPages, path, [page])).toHaveLength(1);
  });

  it('a picture or map made of code is refused: it passes no guard', () => {
    expect(judge(checkPages, 'app/(dash)/opengraph-image.tsx', ['export default () => null;'])).toHaveLength(
      1,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Import, importsOf, readSources, type Source } from './source.ts';

const sources = new Map(readSources(['app', 'components', 'lib']).map((one) => [one.path, one]));

/** Everything that a page loads to run, in the browser or to draw itself on the server; the server's own side is not gone into. */
function reachFrom(starts: readonly string[]): { files: readonly Source[]; imports: readonly Import[] } {
  const seen = new Map<string, Source>();
  const imports: Import[] = [];
  const open = [...starts];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const source = sources.get(path);
    if (source === undefined || seen.has(path) || path.startsWith('lib/server/')) continue;
    seen.set(path, source);
    const used = importsOf(source).filter(({ typeOnly }) => !typeOnly);
    imports.push(...used);
    open.push(...used.filter(({ ours }) => ours).map(({ target }) => target));
  }
  return { files: [...seen.values()], imports };
}

const ROUTE = 'app/s/[token]/page.tsx';
const shared = reachFrom([ROUTE, 'app/layout.tsx']);

/** What a page must not reach: whatever can ask, change or follow something. */
function forbidden({ files, imports }: ReturnType<typeof reachFrom>): string[] {
  return [
    ...files
      .filter(({ path }) => path.startsWith('lib/actions/') || /(^|\/)[^/]*-actions\.ts$/.test(path))
      .map(({ path }) => path),
    ...files.filter(({ text }) => /^['"]use server['"]/m.test(text)).map(({ path }) => `${path}: use server`),
    ...imports.map(({ target }) => target).filter((target) => /^lib\/server\/(?!runtime\.ts$)/.test(target)),
    ...imports.map(({ target }) => target).filter((target) => /^next\/link$|^undici$/.test(target)),
    ...files.filter(({ text }) => /\bfetch\(|useQuery\(|new EventSource/.test(text)).map(({ path }) => path),
  ];
}

describe('the page of a shared link', () => {
  it('reaches the parts that draw it', () => {
    const paths = shared.files.map(({ path }) => path);
    expect(paths).toContain('components/panels/share-view.tsx');
    expect(paths).toContain('components/charts/time-series-chart.tsx');
  });

  it('reaches no action, no query, no poller, and nothing that asks a server', () => {
    expect(forbidden(shared)).toEqual([]);
  });

  it('takes the frozen copy and the public address from the server, and nothing else', () => {
    const { text = '' } = sources.get(ROUTE) ?? {};
    const used = [...text.matchAll(/getRuntime\(\)\.(\w+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(['shares', 'config']));
  });

  it('would be found out: the page where links are made does reach actions', () => {
    expect(forbidden(reachFrom(['components/live/share-button.tsx']))).toContain('lib/actions/shares.ts');
  });
});

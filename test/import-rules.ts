import { type Finding, finding, type Import, importsOf, isTestHelper, type Source } from './source.ts';

/** Who may import whom; the first zone that a path lies in counts, so narrow ones stand first. */
const ZONES: readonly [zone: string, mayImport: readonly string[]][] = [
  ['app/api', ['app/api', 'lib/server', 'lib/core']],
  ['app', ['app', 'components', 'lib/client', 'lib/actions', 'lib/server', 'lib/core']],
  ['components/ui', ['components/ui', 'lib/core']],
  ['components/charts', ['components/charts', 'components/ui', 'lib/core']],
  ['components/panels', ['components/panels', 'components/charts', 'components/ui', 'lib/core']],
  ['components/layout', ['components/layout', 'components/ui', 'lib/client', 'lib/core']],
  // Charts too: the container owns what its charts share, such as the crosshair.
  ['components/live', ['components', 'lib/client', 'lib/core']],
  ['lib/client', ['lib/client', 'lib/actions', 'lib/core']],
  ['lib/actions', ['lib/actions', 'lib/server', 'lib/core']],
  ['lib/server/collectors', ['lib/server/collectors', 'lib/server/config', 'lib/server/http', 'lib/core']],
  ['lib/server/store', ['lib/server/store', 'lib/server/config', 'lib/core']],
  ['lib/server', ['lib/server', 'lib/core']],
  ['lib/cli', ['lib/cli', 'lib/server', 'lib/core']],
  ['lib/demo', ['lib/demo', 'lib/core']],
  ['lib/core', ['lib/core']],
  ['proxy.ts', ['lib/server/http', 'lib/server/config', 'lib/core']],
  ['instrumentation.ts', ['lib/server']],
];

/** Packages that only some places may use, and where. */
const PACKAGES: readonly [name: RegExp, where: readonly string[]][] = [
  [/^recharts$/, ['components/charts']],
  [
    /^libsql$/,
    [
      'lib/server/store/sqlite/worker.ts',
      'lib/server/store/sqlite/database.ts',
      'lib/server/store/sqlite/schema.ts',
    ],
  ],
  [/^(ioredis|pg)$/, ['lib/server', 'lib/cli']],
  [/^undici$/, ['lib/server/http']],
  [/^@tanstack\//, ['lib/client', 'components/live', 'app']],
];

/** The pure packages that `lib/core` may stand on. */
const CORE_PACKAGES = new Set(['zod', 'markdown-it']);

function isUnder(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Holds every import of a file against the table, the packages and the purity of the core. */
export function checkImports(source: Source): readonly Finding[] {
  return importsOf(source).flatMap((one) => {
    const message = one.ours ? judgeOurs(source.path, one) : judgePackage(source.path, one);
    return message === null ? [] : [finding(source, one.node, message)];
  });
}

function judgeOurs(from: string, one: Import): string | null {
  if (!/\.(tsx?|css|json|mjs)$/.test(one.specifier)) return `${one.specifier} needs its extension`;
  // Types leave nothing behind at run time, so they may cross.
  if (one.typeOnly) return null;
  if (isTestHelper(one.target)) return `${one.specifier} is for tests`;
  if (from.startsWith('lib/core/') && !one.specifier.startsWith('.')) {
    return `${one.specifier} must be relative, so that lib/core stands alone`;
  }
  const zone = ZONES.find(([place]) => isUnder(from, place));
  if (zone === undefined) return null;
  const [place, mayImport] = zone;
  return mayImport.some((allowed) => isUnder(one.target, allowed))
    ? null
    : `${place} may not import ${one.target}`;
}

function judgePackage(from: string, one: Import): string | null {
  if (from.startsWith('lib/core/') && !CORE_PACKAGES.has(one.target)) {
    return `lib/core may not import ${one.target}: it is pure`;
  }
  if (one.typeOnly) return null;
  const rule = PACKAGES.find(([name]) => name.test(one.target));
  return rule === undefined || rule[1].some((place) => isUnder(from, place))
    ? null
    : `${one.target} may only be imported in ${rule[1].join(', ')}`;
}

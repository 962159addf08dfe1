import {
  child,
  children,
  type Finding,
  finding,
  importsOf,
  isNode,
  literalOf,
  type Node,
  nameOf,
  type Source,
  walk,
} from './source.ts';

const ACTION_FILE = 'lib/actions/action.ts';
const ROUTE_GUARD_FILE = 'lib/server/http/route-guard.ts';
const PAGE_GUARD_FILE = 'lib/server/auth/require-reader.ts';

/** Every server action is made by the wrapper: no other export, no other file, no inline one. */
export function checkActions(source: Source): readonly Finding[] {
  const inline = inlineDirectives(source).map((node) =>
    finding(source, node, "'use server' may only be the first line of a file in lib/actions"),
  );
  if (source.path === ACTION_FILE) return inline;
  const isActionFile = source.path.startsWith('lib/actions/');
  if (!isActionFile) {
    return fileDirective(source) === 'use server'
      ? [finding(source, null, "a 'use server' file belongs in lib/actions"), ...inline]
      : inline;
  }
  const first =
    fileDirective(source) === 'use server'
      ? []
      : [finding(source, null, "the first line must be 'use server'")];
  const guard = localName(source, ACTION_FILE, 'action');
  const message = `every export must be made by action() of ${ACTION_FILE}`;
  return [...first, ...inline, ...badExports(source, guard, () => true, message)];
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SEGMENT_CONFIG = new Set(['dynamic', 'revalidate', 'maxDuration']);

/** Every route handler is made by the route guard. */
export function checkRoutes(source: Source): readonly Finding[] {
  if (!/^app\/(.*\/)?route\.tsx?$/.test(source.path)) return [];
  const guard = localName(source, ROUTE_GUARD_FILE, 'guardedRoute');
  const message = `every method must be made by guardedRoute() of ${ROUTE_GUARD_FILE}`;
  return badExports(source, guard, (name) => METHODS.has(name), message, SEGMENT_CONFIG);
}

/**
 * Pages that strangers may see: the login, frozen shares, and the gallery of invented data, which is not there in
 * production. Error screens are no pages.
 */
const PUBLIC_PAGE = /^app\/(login|s\/\[token\]|gallery)\//;
/** Files by which Next makes a route out of code, past both guards. */
const METADATA_ROUTE =
  /(^|\/)(opengraph-image|twitter-image|icon|apple-icon|sitemap|robots|manifest)\d*\.tsx?$/;

/** Every page and every layout but the root's asks who reads before it shows anything. */
export function checkPages(source: Source): readonly Finding[] {
  if (!source.path.startsWith('app/') || PUBLIC_PAGE.test(source.path)) return [];
  if (METADATA_ROUTE.test(source.path))
    return [finding(source, null, 'a route made of code passes no guard')];
  const isPage = /(^|\/)(page|default)\.tsx?$/.test(source.path);
  // Where a loading screen is, the page comes too late: its layout has been sent by then. The root draws for all.
  const isLayout = /(^|\/)(layout|template)\.tsx?$/.test(source.path) && source.path !== 'app/layout.tsx';
  if (!isPage && !isLayout) return [];
  const guard = localName(source, PAGE_GUARD_FILE, 'requireReader');
  const page = exportedFunction(source, 'default');
  const found = awaitsGuard(page, guard)
    ? []
    : [finding(source, page, 'the exported component must begin with: await requireReader()')];
  // It runs beside the page, not after it.
  const metadata = exportedFunction(source, 'generateMetadata');
  if (metadata !== null && readsServer(source) && !awaitsGuard(metadata, guard)) {
    found.push(finding(source, metadata, 'generateMetadata must begin with: await requireReader()'));
  }
  return found;
}

function readsServer(source: Source): boolean {
  return importsOf(source).some(
    (one) =>
      one.ours && !one.typeOnly && one.target.startsWith('lib/server/') && one.target !== PAGE_GUARD_FILE,
  );
}

/** The name under which a file imports `name` from `from`; null when it does not. */
function localName(source: Source, from: string, name: string): string | null {
  for (const one of importsOf(source)) {
    if (one.typeOnly || one.target !== from || one.node.type !== 'ImportDeclaration') continue;
    for (const specifier of children(one.node, 'specifiers')) {
      if (nameOf(child(specifier, 'imported')) === name) return nameOf(child(specifier, 'local'));
    }
  }
  return null;
}

function badExports(
  source: Source,
  guard: string | null,
  isAllowedName: (name: string) => boolean,
  message: string,
  constants: ReadonlySet<string> = new Set(),
): readonly Finding[] {
  return source.body.flatMap((node) => {
    if (!node.type.startsWith('Export') || node.exportKind === 'type') return [];
    const declaration = child(node, 'declaration');
    if (declaration?.type === 'TSInterfaceDeclaration' || declaration?.type === 'TSTypeAliasDeclaration')
      return [];
    if (node.type !== 'ExportNamedDeclaration' || declaration?.type !== 'VariableDeclaration') {
      return [finding(source, node, message)];
    }
    return children(declaration, 'declarations').flatMap((one) => {
      const name = nameOf(child(one, 'id'));
      if (name !== null && constants.has(name) && child(one, 'init')?.type === 'Literal') return [];
      const fine = name !== null && isAllowedName(name) && isCallOf(child(one, 'init'), guard);
      return fine && declaration.kind === 'const' ? [] : [finding(source, one, message)];
    });
  });
}

function isCallOf(node: Node | null, name: string | null): boolean {
  return name !== null && node?.type === 'CallExpression' && nameOf(child(node, 'callee')) === name;
}

/** A directive at the top of the file, such as `use server`. */
function fileDirective(source: Source): string | null {
  const first = source.body[0];
  return typeof first?.directive === 'string' ? first.directive : null;
}

function inlineDirectives(source: Source): readonly Node[] {
  const top = new Set<unknown>(source.body);
  const found: Node[] = [];
  walk(source.body, (node) => {
    if (node.type !== 'ExpressionStatement' || top.has(node)) return true;
    if (node.directive === 'use server' || literalOf(child(node, 'expression')) === 'use server')
      found.push(node);
    return true;
  });
  return found;
}

/** The function that a file exports as `default` or under a name, also when it is declared apart. */
function exportedFunction(source: Source, name: string): Node | null {
  for (const node of source.body) {
    const declaration = child(node, 'declaration');
    if (name === 'default' && node.type === 'ExportDefaultDeclaration') {
      const local = nameOf(declaration);
      return declaration?.type === 'Identifier' && local !== null ? declared(source, local) : declaration;
    }
    if (node.type !== 'ExportNamedDeclaration' || declaration === null) continue;
    if (nameOf(child(declaration, 'id')) === name) return declaration;
    const variable = children(declaration, 'declarations').find((one) => nameOf(child(one, 'id')) === name);
    if (variable !== undefined) return child(variable, 'init');
  }
  return null;
}

function declared(source: Source, name: string): Node | null {
  for (const node of source.body) {
    if (nameOf(child(node, 'id')) === name) return node;
    const variable = children(node, 'declarations').find((one) => nameOf(child(one, 'id')) === name);
    if (variable !== undefined) return child(variable, 'init');
  }
  return null;
}

/** True when the guard is awaited in the first statement of the function: nothing is read before. */
function awaitsGuard(component: Node | null, guard: string | null): boolean {
  const first = children(child(component, 'body'), 'body')[0];
  if (first === undefined) return false;
  const expressions =
    first.type === 'VariableDeclaration'
      ? children(first, 'declarations').map((one) => child(one, 'init'))
      : [child(first, 'expression')];
  const expression = expressions[0] ?? null;
  return (
    isNode(expression) &&
    expression.type === 'AwaitExpression' &&
    isCallOf(child(expression, 'argument'), guard)
  );
}

import {
  child,
  type Finding,
  finding,
  importsOf,
  literalOf,
  memberOf,
  type Node,
  nameOf,
  type Source,
  walk,
} from './source.ts';

/** Every file of the server begins with the marker that keeps it out of a browser's bundle. */
export function checkServerOnly(source: Source): readonly Finding[] {
  if (!source.path.startsWith('lib/server/')) return [];
  const first = source.body[0] ?? null;
  const marked = first?.type === 'ImportDeclaration' && literalOf(child(first, 'source')) === 'server-only';
  return marked ? [] : [finding(source, first, "the first line must be: import 'server-only';")];
}

/** Names that the framework or a bundler sets, by the file that may read them. */
const FRAMEWORK_ENV: Readonly<Record<string, readonly string[]>> = {
  'proxy.ts': ['NODE_ENV'],
  'instrumentation.ts': ['NODE_ENV', 'NEXT_RUNTIME', 'NEXT_PHASE'],
  'app/gallery/page.tsx': ['NODE_ENV'],
};

/** Only the configuration reads the environment. */
export function checkEnvironment(source: Source): readonly Finding[] {
  if (source.path.startsWith('lib/server/config/')) return [];
  const allowed = FRAMEWORK_ENV[source.path] ?? [];
  const found: Finding[] = [];
  walk(source.body, (node) => {
    // process.env.NAME: allowed by name, and then its inner process.env is not looked at.
    const name = memberOf(node)?.property;
    if (isProcessEnv(child(node, 'object')) && name !== undefined && allowed.includes(name)) return false;
    if (isProcessEnv(node))
      found.push(finding(source, node, 'process.env is read in lib/server/config only'));
    return true;
  });
  return found;
}

function isProcessEnv(node: Node | null): boolean {
  const member = memberOf(node);
  return member?.object === 'process' && member.property === 'env';
}

const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now']);
const IMPURE_OBJECTS = new Set([
  'process',
  'crypto',
  'console',
  'globalThis',
  'window',
  'document',
  'localStorage',
]);
const IMPURE_CALLS = new Set([
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Date',
]);

/** `lib/core` reads no clock, no chance and no world. */
export function checkPurity(source: Source): readonly Finding[] {
  if (!source.path.startsWith('lib/core/')) return [];
  const found: Finding[] = [];
  walk(source.body, (node) => {
    const name = impureName(node);
    if (name !== null)
      found.push(finding(source, node, `lib/core is pure: ${name} must come in as a parameter`));
    return true;
  });
  return found;
}

function impureName(node: Node): string | null {
  const member = memberOf(node);
  if (member !== null && member.object !== null) {
    const whole = `${member.object}.${member.property}`;
    return IMPURE_MEMBERS.has(whole) || IMPURE_OBJECTS.has(member.object) ? whole : null;
  }
  const callee = nameOf(child(node, 'callee'));
  if (node.type === 'CallExpression' && callee !== null && IMPURE_CALLS.has(callee)) return `${callee}()`;
  const empty = Array.isArray(node.arguments) && node.arguments.length === 0;
  return node.type === 'NewExpression' && callee === 'Date' && empty ? 'new Date()' : null;
}

/** Requests to others go through the guarded fetch: the bare one follows redirects and waits for ever. */
export function checkFetch(source: Source): readonly Finding[] {
  if (!source.path.startsWith('lib/server/') || source.path.startsWith('lib/server/http/')) return [];
  const found: Finding[] = [];
  walk(source.body, (node) => {
    if (node.type === 'CallExpression' && nameOf(child(node, 'callee')) === 'fetch') {
      found.push(finding(source, node, 'fetch is not guarded here: use safeFetch of lib/server/http'));
    }
    return true;
  });
  return found;
}

/** Drawn only after a pointer or a key has moved, so never in the server's HTML. */
const ONLY_IN_BROWSER = new Set(['components/charts/crosshair.tsx']);

/**
 * Markup that the content security policy would block or that opens a door: raw HTML, and styles written into the
 * HTML. Components that draw with recharts are never rendered on the server, and in the browser styles are set through
 * the DOM, which the policy allows.
 */
export function checkMarkup(source: Source): readonly Finding[] {
  const onlyInBrowser =
    ONLY_IN_BROWSER.has(source.path) ||
    importsOf(source).some((one) => one.target === 'recharts' && !one.typeOnly);
  const found: Finding[] = [];
  walk(source.body, (node) => {
    const attribute = node.type === 'JSXAttribute' ? nameOf(child(node, 'name')) : null;
    const element = node.type === 'JSXOpeningElement' ? nameOf(child(node, 'name')) : null;
    const key = node.type === 'Property' ? nameOf(child(node, 'key')) : null;
    if (attribute === 'dangerouslySetInnerHTML' || key === 'dangerouslySetInnerHTML') {
      found.push(finding(source, node, 'dangerouslySetInnerHTML is never used'));
    }
    if ((attribute === 'style' || element === 'style') && !onlyInBrowser) {
      found.push(
        finding(source, node, 'styles in HTML are blocked by the policy: use classes or SVG attributes'),
      );
    }
    return true;
  });
  return found;
}

import 'server-only';
import type { Variables } from './variables.ts';

export interface Resolved {
  text: string;
  /** Variables that the text was made from, in order. */
  names: readonly string[];
  /** Why it could not be resolved; `text` is then empty. */
  problems: readonly string[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const INSIDE = /^([A-Za-z_][A-Za-z0-9_]{0,127})(?::-(.*))?$/s;

/** Replaces `${NAME}` and `${NAME:-default}` by the variable's value; `$${` stands for a plain `${`. */
export function resolveReferences(text: string, variables: Variables): Resolved {
  const names: string[] = [];
  const problems: string[] = [];
  const resolved = text.replace(REFERENCE, (whole, inside: string | undefined, end: string | undefined) => {
    if (inside === undefined) return `\${`;
    const [, name, fallback] = (end === '}' ? INSIDE.exec(inside) : null) ?? [];
    if (name === undefined) {
      problems.push(`has a broken reference; write \${NAME} or \${NAME:-default}`);
      return whole;
    }
    names.push(name);
    const found = variables.get(name);
    if (found.state === 'set') return found.value;
    if (found.state === 'unset' && fallback !== undefined) return fallback;
    problems.push(
      found.state === 'unset'
        ? `needs the variable ${name}, which is not set; set ${name} or ${name}_FILE, or write a default as \${${name}:-…}`
        : `needs the variable ${name}, which has a fault of its own`,
    );
    return '';
  });
  return { text: problems.length === 0 ? resolved : '', names, problems };
}

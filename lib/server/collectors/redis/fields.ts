import 'server-only';

/** The lines of one INFO reply. */
export interface Fields {
  fields: ReadonlyMap<string, string>;
  /** Headings that were there, in lower case: an empty section differs from an absent one. */
  sections: ReadonlySet<string>;
}

/** Takes INFO apart into fields; the first of a name counts. Survives any text. */
export function readFields(text: string): Fields {
  const fields = new Map<string, string>();
  const sections = new Set<string>();
  // A verbatim string of RESP3 keeps its format mark in simple clients.
  const body = text.startsWith('txt:') ? text.slice(4) : text;
  for (const line of body.split(/\r?\n/)) {
    if (line.startsWith('#')) {
      sections.add(line.slice(1).trim().toLowerCase());
      continue;
    }
    // Values hold colons too (paths, IPv6 addresses): only the first one divides.
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return { fields, sections };
}

/** `a=1,b=2` by name. */
export function partsOf(raw: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of raw.split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0 && !parts.has(part.slice(0, equals)))
      parts.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return parts;
}

/** A number as INFO writes what we read: never negative, and none that a double cannot hold. Anything else is absent. */
export function numberOf(raw: string | undefined): number | null {
  if (raw === undefined || !/^\d+(\.\d+)?$/.test(raw)) return null;
  const value = Number(raw);
  return value <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** Names of commands and errors come from the server: only what looks like one becomes a label. */
export function isWord(name: string): boolean {
  return /^[A-Za-z0-9_.|-]{1,64}$/.test(name);
}

/** Short text of the server that is safe to show; null when nothing is left. */
export function cleanText(raw: string | undefined): string | null {
  const text = (raw ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 64);
  return text === '' ? null : text;
}

/** A colour in sRGB: channels 0–255, alpha 0–1. */
export interface Colour {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

/** What a style sheet is read for. */
export interface Surroundings {
  scheme: 'light' | 'dark';
  contrast: 'normal' | 'more';
}

/** A rule or an at-rule: what stands before its braces, and what stands in them. */
interface Block {
  prelude: string;
  declarations: readonly (readonly [name: string, value: string])[];
  blocks: readonly Block[];
}

/** Reads CSS into blocks; comments are dropped, braces and semicolons in brackets or quotes do not count. */
function parseBlocks(css: string): readonly Block[] {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, '');
  let at = 0;
  function read(): { declarations: [string, string][]; blocks: Block[] } {
    const declarations: [string, string][] = [];
    const blocks: Block[] = [];
    let start = at;
    let depth = 0;
    let quote = '';
    for (; at < text.length; at++) {
      const sign = text.charAt(at);
      if (quote !== '') {
        if (sign === quote) quote = '';
      } else if (sign === '"' || sign === "'") quote = sign;
      else if (sign === '(') depth++;
      else if (sign === ')') depth--;
      else if (depth > 0) continue;
      else if (sign === '{') {
        const prelude = text.slice(start, at).trim();
        at++;
        blocks.push({ prelude, ...read() });
        start = at + 1;
      } else if (sign === ';' || sign === '}') {
        const [, name, value] = /^\s*([\w-]+)\s*:\s*([\s\S]+?)\s*$/.exec(text.slice(start, at)) ?? [];
        if (name !== undefined && value !== undefined) declarations.push([name, value]);
        start = at + 1;
        if (sign === '}') break;
      }
    }
    return { declarations, blocks };
  }
  return read().blocks;
}

/** True for a media query that holds in these surroundings; anything else (print, forced colours) does not. */
function holds(query: string, { scheme, contrast }: Surroundings): boolean {
  const feature = /^\(\s*([\w-]+)\s*:\s*([\w-]+)\s*\)$/.exec(query.replace(/^@media\s*/, ''));
  if (feature === null) return false;
  if (feature[1] === 'prefers-color-scheme') return feature[2] === scheme;
  return feature[1] === 'prefers-contrast' && contrast === 'more' && feature[2] === 'more';
}

/** Declarations of `:root` in source order, those of media queries that hold included. */
function rootDeclarations(blocks: readonly Block[], around: Surroundings): (readonly [string, string])[] {
  return blocks.flatMap(({ prelude, declarations, blocks: inner }) => {
    if (prelude === ':root') return [...declarations];
    if (prelude.startsWith('@media') && holds(prelude, around)) return rootDeclarations(inner, around);
    return [];
  });
}

function parseColour(value: string): Colour | null {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(value.trim());
  if (hex?.[1] === undefined) return null;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((from) =>
    Number.parseInt((hex[1] ?? '').slice(from, from + 2), 16),
  );
  return { red, green, blue, alpha: hex[2] === undefined ? 1 : Number.parseInt(hex[2], 16) / 255 };
}

/**
 * The colour tokens of a style sheet as they are in these surroundings, by name without the dashes. Values that are no
 * colours (fonts, numbers, shadows) are left out; one that should be a colour and cannot be read throws.
 */
export function readTokens(css: string, around: Surroundings): ReadonlyMap<string, Colour> {
  const values = new Map<string, string>();
  for (const [name, value] of rootDeclarations(parseBlocks(css), around)) {
    if (name.startsWith('--')) values.set(name.slice(2), value);
  }
  const colours = new Map<string, Colour>();
  for (const [name, value] of values) {
    const colour = resolve(value, values, around);
    if (colour !== null) colours.set(name, colour);
    else if (/^(light-dark|#|var)/.test(value))
      throw new Error(`--${name}: ${value} is no colour we can read`);
  }
  return colours;
}

function resolve(value: string, values: ReadonlyMap<string, string>, around: Surroundings): Colour | null {
  const reference = /^var\(--([\w-]+)\)$/.exec(value);
  if (reference?.[1] !== undefined) return resolve(values.get(reference[1]) ?? '', values, around);
  const pair = /^light-dark\(\s*([^,]+?)\s*,\s*([^,]+?)\s*\)$/.exec(value);
  return parseColour(pair === null ? value : ((around.scheme === 'light' ? pair[1] : pair[2]) ?? ''));
}

/** A colour as it looks upon an opaque ground. */
export function over(colour: Colour, ground: Colour): Colour {
  const mix = (top: number, below: number) => top * colour.alpha + below * (1 - colour.alpha);
  return {
    red: mix(colour.red, ground.red),
    green: mix(colour.green, ground.green),
    blue: mix(colour.blue, ground.blue),
    alpha: 1,
  };
}

/** Contrast of two opaque colours after WCAG 2, 1–21. */
export function contrast(a: Colour, b: Colour): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance({ red, green, blue }: Colour): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

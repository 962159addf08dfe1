import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appAnswer } from '@/lib/demo/fly/answers.ts';
import { RELEASES_QUERY } from './schema.ts';
import { flyWorld } from './test-world.ts';

/** The schema as Fly's own client ships it; it is no part of the project and may be absent. */
const SCHEMA = new URL('../../../../../shared/contracts/openapi/fly-graphql.schema.graphql', import.meta.url);
const isThere = existsSync(SCHEMA);

interface Selection {
  field: string;
  inner: Selection[];
}

/** The fields of a query, without their arguments. */
function selections(text: string): Selection[] {
  const tokens = text.replace(/\([^)]*\)/g, ' ').match(/[{}]|\w+/g) ?? [];
  const stack: Selection[][] = [[]];
  for (const token of tokens) {
    const level = stack.at(-1) ?? [];
    if (token === '{') stack.push(level.at(-1)?.inner ?? []);
    else if (token === '}') stack.pop();
    else level.push({ field: token, inner: [] });
  }
  return stack[0]?.[0]?.inner ?? [];
}

/** Type of a field, such as `[Secret!]!`; null when the type has no such field. */
function fieldType(schema: string, type: string, field: string): string | null {
  const body = new RegExp(`^type ${type}(?: implements \\w+)? \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(schema)?.[1];
  if (body === undefined) throw new Error(`the schema has no type ${type}`);
  return new RegExp(`^  ${field}(?:\\([\\s\\S]*?\\))?: (\\S+)`, 'm').exec(body)?.[1] ?? null;
}

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => Number.isInteger(value),
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  ISO8601DateTime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

function check(
  schema: string,
  type: string,
  wanted: readonly Selection[],
  value: unknown,
  at: string,
): string[] {
  return wanted.flatMap(({ field, inner }) => {
    const declared = fieldType(schema, type, field);
    const place = `${at}.${field}`;
    if (declared === null) return [`${place}: ${type} has no such field`];
    const own = (value as Record<string, unknown>)[field];
    if (own === null || own === undefined) return declared.endsWith('!') ? [`${place}: may not be null`] : [];
    const named = declared.replace(/[[\]!]/g, '');
    const values = Array.isArray(own) ? own : [own];
    if (Array.isArray(own) !== declared.startsWith('[')) return [`${place}: ${declared} and ${typeof own}`];
    return values.flatMap((one) => {
      if (inner.length > 0) return check(schema, named, inner, one, place);
      return SCALARS[named]?.(one) === true ? [] : [`${place}: is no ${named}`];
    });
  });
}

test.skipIf(!isThere)(
  'the query and the demo’s answer fit Fly’s published schema (skipped where the schema file is absent)',
  () => {
    const schema = readFileSync(SCHEMA, 'utf8');
    const world = flyWorld();
    const data = { app: appAnswer(world.state, 'shop', 'acme') };
    const wanted = selections(RELEASES_QUERY);
    expect(wanted.map(({ field }) => field)).toEqual(['app']);
    expect(check(schema, 'Queries', wanted, data, '$')).toEqual([]);
    // The check can fail.
    const wrong = { app: { ...data.app, organization: { slug: 7, rawSlug: 'x' } } };
    expect(check(schema, 'Queries', wanted, wrong, '$')).toEqual(['$.app.organization.slug: is no String']);
    expect(fieldType(schema, 'App', 'organisation')).toBeNull();
  },
);

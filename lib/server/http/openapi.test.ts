import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newDeploySchema } from '../deploys/new-deploy.ts';
import { describeApi, ROUTE_DOCS } from './openapi.ts';

const files = readdirSync('app/api', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('route.ts'))
  .map((file) => `app/api/${file}`);
/** `get /api/deploys/{id}` for every method that the tree exports. */
const served = files.flatMap((file) => {
  const path = file.replace(/^app|\/route\.ts$/g, '').replace(/\[(\w+)\]/g, '{$1}');
  const methods = readFileSync(file, 'utf8').matchAll(/^export const ([A-Z]+) =/gm);
  return [...methods].map(([, method]) => `${method?.toLowerCase()} ${path}`);
});

describe('the description of the API', () => {
  it('names every route that is served, and no other', () => {
    expect(served.length).toBeGreaterThan(10);
    expect(ROUTE_DOCS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
  });

  it('says what may be told of a deploy, from the schema that judges it', () => {
    const api = JSON.parse(JSON.stringify(describeApi()));
    const post = api.paths['/api/deploys'].post;
    const body = post.requestBody.content['application/json'].schema;
    expect(Object.keys(body.properties)).toEqual(Object.keys(newDeploySchema.shape));
    expect(body.properties.kind.enum).toContain('suspend');
    const names = post.parameters.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['Idempotency-Key', 'release', 'environment']));
    expect(post.responses['201'].content['application/json'].schema.properties.claims.type).toBe('array');
    expect(api.paths['/api/deploys/{id}'].get.parameters).toMatchObject([{ name: 'id', in: 'path' }]);
  });

  it('docs/api.md speaks of every path and of every field of a deploy', () => {
    const text = readFileSync('docs/api.md', 'utf8');
    for (const { path } of ROUTE_DOCS) expect(text).toContain(path);
    for (const field of Object.keys(newDeploySchema.shape)) expect(text).toContain(`\`${field}\``);
  });
});

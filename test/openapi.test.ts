import { describe, expect, test } from 'vitest';
import {
  checkSchema,
  namedSchema,
  type OpenApiSpec,
  parameterNames,
  readOpenApi,
  responseSchema,
} from './openapi.ts';

const spec: OpenApiSpec = {
  document: {
    paths: {
      '/things/{id}': {
        parameters: [{ name: 'id', in: 'path' }],
        get: {
          parameters: [{ name: 'page', in: 'query' }],
          responses: {
            '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
            default: { $ref: '#/components/responses/Failure' },
          },
        },
      },
    },
    components: {
      responses: {
        Failure: {
          content: {
            'application/json': { schema: { type: 'object', properties: { code: { type: 'string' } } } },
          },
        },
      },
      schemas: {
        Named: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        Thing: {
          allOf: [
            { $ref: '#/components/schemas/Named' },
            {
              type: 'object',
              properties: {
                size: { type: 'integer', nullable: true },
                state: { type: 'string', enum: ['on', 'off'] },
                parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
                owner: { oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/Named' }] },
                tags: { type: 'object', additionalProperties: { type: 'string' } },
              },
            },
          ],
        },
      },
    },
  },
};
const thing = responseSchema(spec, 'GET', '/things/{id}');

describe('a value is held against its schema', () => {
  test('one that fits has no fault, through references, allOf, choices and free names', () => {
    const value = {
      name: 'a',
      size: null,
      state: 'on',
      owner: { name: 'b' },
      tags: { any: 'text' },
      parts: [{ name: 'c', size: 4, owner: 'd' }],
    };
    expect(checkSchema(spec, thing, value)).toEqual([]);
  });

  test.each([
    [{ name: 1 }, '$.name: 1 is no string'],
    [{}, '$: name is missing'],
    [{ name: 'a', size: 1.5 }, '$.size: 1.5 is no integer'],
    [{ name: null }, '$.name: null is not allowed'],
    [{ name: 'a', state: 'idle' }, '$.state: "idle" is not one of on, off'],
    [{ name: 'a', parts: [{ name: 'b' }, 4] }, '$.parts[1]: 4 is no object'],
    [{ name: 'a', tags: { x: 1 } }, '$.tags.x: 1 is no string'],
    [{ name: 'a', owner: 4 }, '$.owner: fits none of the 2 shapes that it may have'],
    [{ name: 'a', siez: 4 }, '$: siez is not in the description'],
    [[], '$: [] is no object'],
  ])('%j: %s', (value, fault) => {
    expect(checkSchema(spec, thing, value)).toContain(fault);
  });

  test('names that the provider sends beyond its description can be allowed', () => {
    expect(checkSchema(spec, thing, { name: 'a', extra: 1 }, { undeclared: ['extra'] })).toEqual([]);
  });
});

describe('the description', () => {
  test('gives answers by status, with the default for one that is not listed', () => {
    expect(checkSchema(spec, responseSchema(spec, 'get', '/things/{id}', 404), { code: 4 })).toEqual([
      '$.code: 4 is no string',
    ]);
    expect(namedSchema(spec, 'Named')).toHaveProperty('required');
    expect(parameterNames(spec, 'GET', '/things/{id}')).toEqual(['id', 'page']);
  });

  test('an answer, a name or a reference that is not there is an error and no empty check', () => {
    expect(() => responseSchema(spec, 'POST', '/things/{id}')).toThrow('no JSON answer 200');
    expect(() => namedSchema(spec, 'Nothing')).toThrow('no schema Nothing');
    expect(() => checkSchema(spec, { $ref: '#/components/schemas/Nothing' }, 1)).toThrow('leads nowhere');
  });

  test('an absent file is null', () => {
    expect(readOpenApi('no-such-file.yml')).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { familyOf } from './family.ts';

describe('the label of a statement family', () => {
  test.each([
    ['SELECT note\n\tFROM item\n WHERE id = $1;', 'SELECT note FROM item WHERE id = $1'],
    ["SELECT 1 /* user='ann' */ FROM t -- key=abc\nWHERE x = $1", 'SELECT ? FROM t WHERE x = $1'],
    ["SELECT * FROM t WHERE name = 'O''Brien' AND n = 3.5e2", 'SELECT * FROM t WHERE name = ? AND n = ?'],
    ["SELECT E'a\\'b secret' FROM t", 'SELECT ? FROM t'],
    ['SELECT $$secret$$, $tag$secret$tag$, $1 FROM "My Table2"', 'SELECT ?, ?, $1 FROM "My Table2"'],
    ["SELECT 'unterminated secret", 'SELECT ?'],
    ["SELECT X'1F', col1, t_2.c3 FROM t_2", 'SELECT X?, col1, t_2.c3 FROM t_2'],
    ["CREATE ROLE ann PASSWORD 'secret'", 'CREATE ROLE'],
    ["SET application_name = 'secret'", 'SET APPLICATION_NAME'],
    ['BEGIN', 'BEGIN'],
    ["/* app */ insert into t values ('secret')", 'insert into t values (?)'],
    ["SELECT '--' || note FROM t /* 'x */", 'SELECT ? || note FROM t'],
  ])('%s', (query, family) => {
    expect(familyOf(query)).toBe(family);
  });

  test('nothing but comments or space gives no family', () => {
    expect(familyOf(' /* x */ -- y')).toBeNull();
    expect(familyOf('')).toBeNull();
    expect(familyOf('<insufficient privilege>')).toBeNull();
  });

  test('long statements that begin alike stay apart, within 120 characters', () => {
    const long = (end: string): string => `SELECT ${'column_name, '.repeat(20)}${end} FROM t`;
    const [one, two] = [familyOf(long('a')), familyOf(long('b'))];
    expect(one).not.toBe(two);
    expect(one?.length).toBeLessThanOrEqual(120);
    expect(one).toMatch(/^SELECT column_name, .* … #[0-9a-f]{6}$/);
  });

  test('survives any text, in one line of at most 120 characters without control characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `SELECT ${text}`),
        ),
        (text) => {
          const family = familyOf(text);
          if (family === null) return;
          expect(family.length).toBeLessThanOrEqual(120);
          expect(family).not.toMatch(/\p{Cc}/u);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('what stands in a string never shows, whatever it holds', () => {
    const secret = fc.stringMatching(/^[a-z\\"$/*-]{1,20}$/);
    fc.assert(
      fc.property(secret, secret, (one, two) => {
        const marked = [`zq${one}zq`, `zq${two}zq`];
        const family = familyOf(`SELECT '${marked[0]}', "kept" FROM t WHERE a = '${marked[1]}' AND b = $1`);
        expect(family).toBe('SELECT ?, "kept" FROM t WHERE a = ? AND b = $1');
      }),
    );
  });
});

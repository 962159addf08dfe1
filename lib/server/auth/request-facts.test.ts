import { describe, expect, it } from 'vitest';
import { parseCookies } from './request-facts.ts';

describe('parseCookies', () => {
  it('the first of two cookies with one name counts', () => {
    expect(parseCookies('a=1; b=2; a=3').get('a')).toBe('1');
  });
  it.each([null, '', ';', '=x', 'a', 'a;b', ' ; = ; '])('%j holds no cookie', (header) => {
    expect(parseCookies(header).size).toBe(0);
  });
  it('a value may hold equal signs', () => {
    expect(parseCookies('a=b=c==').get('a')).toBe('b=c==');
  });
});

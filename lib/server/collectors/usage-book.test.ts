import { describe, expect, it } from 'vitest';
import { UsageBook } from './usage-book.ts';

describe('the book of told usage', () => {
  it.each([
    ['calm-lake-12345', 'calm-lake-12345.upstash.io', true],
    ['calm-lake-12345', 'EU1-calm-lake-12345.upstash.io.', true],
    ['calm-lake-12345.upstash.io', 'calm-lake-12345.upstash.io', true],
    ['calm-lake-12345', 'calm-lake-12345', true],
    ['calm-lake-12345', 'other-lake-12345.upstash.io', false],
    ['lake-12345', 'calmlake-12345.upstash.io', false],
    ['calm-lake-12345', 'calm-lake-12345.example.com', false],
    ['', 'calm-lake-12345.upstash.io', false],
  ])('endpoint %s and host %s: %s', (endpoint, host, told) => {
    const book = new UsageBook();
    expect(book.tells(host)).toBe(false);
    book.note(endpoint, true);
    expect(book.tells(host)).toBe(told);
    book.note(endpoint, false);
    expect(book.tells(host)).toBe(false);
  });
});

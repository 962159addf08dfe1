import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { HOSTILE_NOTES } from '@/lib/core/markdown/test-note-corpus.ts';
import { Markdown } from './markdown.tsx';

afterEach(cleanup);

const ELEMENTS = new Set(
  'div p h2 h3 h4 h5 h6 strong em s code pre ul ol li blockquote table thead tbody tr th td hr br a span'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(['class', 'href', 'target', 'rel', 'scope', 'start']);

describe('Markdown', () => {
  it('of 200 hostile notes nothing lives: no element, attribute or address outside the lists', () => {
    expect(HOSTILE_NOTES.length).toBeGreaterThanOrEqual(200);
    const { container } = render(HOSTILE_NOTES.map((note) => <Markdown key={note} markdown={note} />));
    expect(container.children).toHaveLength(HOSTILE_NOTES.length);
    for (const [index, note] of HOSTILE_NOTES.entries()) {
      const root = container.children[index];
      for (const element of root === undefined ? [] : [root, ...root.querySelectorAll('*')]) {
        expect(ELEMENTS, note).toContain(element.localName);
        for (const { name, value } of element.attributes) {
          expect(ATTRIBUTES, note).toContain(name);
          if (name === 'href') expect(value, note).toMatch(/^(?:https?:\/\/[^/]|mailto:)/);
        }
      }
    }
  });

  it('opens links beside the page and tells their host nothing', () => {
    const { getByRole } = render(<Markdown markdown="[logs](https://logs.example)" />);
    const link = getByRole('link', { name: 'logs' });
    expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
    expect(link.getAttribute('target')).toBe('_blank');
  });

  it('keeps the headings of the page in order', () => {
    const { getByRole } = render(<Markdown markdown={'# Cause\n\n#### Detail'} headingLevel={3} />);
    expect(getByRole('heading', { level: 3 }).textContent).toBe('Cause');
    expect(getByRole('heading', { level: 4 }).textContent).toBe('Detail');
  });

  it('says where a link leads whose words name another place', () => {
    const { container } = render(<Markdown markdown="[bank.example](https://evil.example)" />);
    expect(container.textContent).toContain('bank.example (leads to evil.example)');
  });
});

import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { ChartMenu } from './chart-menu.tsx';

afterEach(cleanup);

function draw(run: () => Promise<string>): HTMLElement {
  render(<ChartMenu title="Redis GETs" items={[{ label: 'Save as CSV', run }]} />);
  return screen.getByRole('button', { name: 'Save or copy Redis GETs' });
}

describe('the menu of a chart', () => {
  it('says whether it is open, does what it says and tells when it is done', async () => {
    const opener = draw(async () => 'Saved a.csv.');
    expect(opener.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(opener);
    expect(opener.getAttribute('aria-expanded')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Save as CSV' }));
    expect(await screen.findByText('Saved a.csv.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Save as CSV' })).toBeNull();
    expect(document.activeElement).toBe(opener);
  });

  it('closes on Escape and gives the focus back', () => {
    const opener = draw(async () => '');
    fireEvent.click(opener);
    const item = screen.getByRole('button', { name: 'Save as CSV' });
    item.focus();
    fireEvent.keyDown(item, { key: 'Escape' });
    expect(screen.queryByRole('button', { name: 'Save as CSV' })).toBeNull();
    expect(document.activeElement).toBe(opener);
  });

  it('closes when somebody points elsewhere', () => {
    const opener = draw(async () => '');
    fireEvent.click(opener);
    fireEvent.pointerDown(document.body);
    expect(opener.getAttribute('aria-expanded')).toBe('false');
  });

  it('says what failed', async () => {
    const opener = draw(async () => {
      throw new Error('the browser has no canvas');
    });
    fireEvent.click(opener);
    fireEvent.click(screen.getByRole('button', { name: 'Save as CSV' }));
    expect(await screen.findByText('Save as CSV failed: the browser has no canvas')).toBeTruthy();
  });
});

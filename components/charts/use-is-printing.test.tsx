import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { useIsPrinting } from './use-is-printing.ts';

function Picture() {
  return <p>{useIsPrinting() ? 'for paper' : 'for the screen'}</p>;
}

describe('a picture with a width in px', () => {
  it('is drawn for paper before the page is laid out for it, and for the screen again afterwards', () => {
    render(<Picture />);
    expect(screen.getByText('for the screen')).toBeTruthy();
    dispatchEvent(new Event('beforeprint'));
    // At once: the browser lays the page out when the event is over.
    expect(screen.getByText('for paper')).toBeTruthy();
    dispatchEvent(new Event('afterprint'));
    expect(screen.getByText('for the screen')).toBeTruthy();
  });
});

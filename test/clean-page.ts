import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// What a test waits for comes, or the test hangs: a busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });

/**
 * Files share their workers, and so their window: each test leaves it as a browser would show a page that was never
 * opened before. This runs after what a file does at the end of its tests by itself.
 */
afterEach(() => {
  // First, so that what a page still had to write is called off.
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  for (const name of document.documentElement.getAttributeNames()) {
    document.documentElement.removeAttribute(name);
  }
  window.localStorage.clear();
  window.sessionStorage.clear();
  // jsdom has neither; where a test gave them, they are the window's or the navigator's own.
  Reflect.deleteProperty(navigator, 'clipboard');
  Reflect.deleteProperty(window, 'matchMedia');
  window.history.replaceState(null, '', '/');
});

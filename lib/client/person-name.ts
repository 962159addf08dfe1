const STORAGE_KEY = 'afterwatch_name';

/** The name that was last signed with in this browser; empty without one. Browser only. */
export function loadName(): string {
  try {
    return window.localStorage.getItem(STORAGE_KEY) ?? '';
  } catch {
    // Storage may be denied; then the name is typed each time.
    return '';
  }
}

/** Remembers the name in this browser, and nowhere else. */
export function keepName(name: string): void {
  try {
    window.localStorage.setItem(STORAGE_KEY, name);
  } catch {
    // Denied or full.
  }
}

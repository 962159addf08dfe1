import { beginEvening } from './fixtures/evening.ts';

/** Returns at once: the tests that need no evening run beside it. */
export default function setUp(): Promise<() => Promise<void>> {
  return beginEvening();
}

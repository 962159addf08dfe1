import 'server-only';
import { isAway } from '../store/main/errors.ts';

/**
 * What `read` gives, or `instead` while the store can't be reached: a part of a screen that says so, or can do without,
 * must not take the whole screen with it. Never for what a verdict or an alert is made of.
 */
export async function unlessAway<T>(read: Promise<T>, instead: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (isAway(error)) return instead;
    throw error;
  }
}

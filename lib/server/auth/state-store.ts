import 'server-only';
import type { Store } from '../store/store.ts';

/** The part of the store that sessions live in. A value of null stands for a row that is gone. */
export type StateStore = Pick<Store, 'getState' | 'putState'>;

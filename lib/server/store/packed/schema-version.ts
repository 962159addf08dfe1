import 'server-only';

/**
 * Version of the layout that this program writes: of the tables on both databases, and of the rows in a backup. Raise it
 * with a new step in the MIGRATIONS of both `schema.ts`, and make a fixture (`node scripts/store-fixture.mjs`).
 */
export const SCHEMA_VERSION = 1;

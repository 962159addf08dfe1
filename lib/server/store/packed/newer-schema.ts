import 'server-only';

/** The data were written by a newer program: nothing is changed. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
  constructor(found: number, known: number) {
    super(
      `the store was written by a newer version (layout ${found}, this program knows ${known}); ` +
        'start the newer version, or use another place for the data. Nothing was changed',
    );
  }
}

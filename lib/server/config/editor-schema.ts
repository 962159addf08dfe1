import 'server-only';
import { z } from 'zod';
import { fileSchema } from './schema.ts';

/** JSON schema of `afterwatch.yml` for editors: the text of docs/afterwatch.schema.json. */
export function editorSchemaText(): string {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7', reused: 'inline' });
  return `${JSON.stringify({ ...schema, title: 'afterwatch.yml' }, null, 2)}\n`;
}

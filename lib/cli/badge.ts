import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { askKeeper, dayText, readKeptId, sayMisused } from './keeper.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch badge create --name NAME [--app A] [--environment E] [--json]
       afterwatch badge list [--json]
       afterwatch badge revoke ID [--json]

Badges that show how the newest watch of an app stands, for a README or a wiki.
Whoever knows the address of a badge sees release, state and age, and no more.

create prints the address alone on stdout, and its id on stderr. It is shown only
then: the server keeps the hash of what is secret in it.

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   its own token, or AFTERWATCH_TOKEN_FILE

exit codes
  0  done
  1  the server said no: no such app, too many badges, or none of that id
  3  no connection, refused, or wrong usage`;

const badgeSchema = z.object({
  id: z.string(),
  name: z.string(),
  app: z.string(),
  environment: z.string(),
  createdAtMs: z.number(),
});
const madeSchema = badgeSchema.extend({ token: z.string().regex(/^awb_[\w-]{43}$/) });
const listSchema = z.object({ badges: z.array(badgeSchema) });
const revokedSchema = z.object({ revoked: z.string() });

export const badge: Command = {
  help: HELP,
  run: async ({ json, words }, io) => {
    const [verb, ...rest] = words;
    switch (verb) {
      case 'create':
        return create(rest, json, io);
      case 'list':
        return rest.length === 0 ? list(json, io) : sayMisused('badge', 'list takes no words', io);
      case 'revoke':
        return revoke(rest, json, io);
      default:
        return sayMisused('badge', 'create, list or revoke was expected', io);
    }
  },
};

async function create(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const asked = readAsked(words);
  if (typeof asked === 'string') return sayMisused('badge', asked, io);
  const answer = await askKeeper(
    'badge',
    io,
    { method: 'POST', path: '/api/badges', body: asked },
    madeSchema,
  );
  if (!answer.ok) return answer.code;
  const { token, id } = answer.body;
  const address = `${answer.origin}/api/badge/${token}.svg`;
  if (json) io.out(JSON.stringify({ ...answer.body, address }));
  else {
    io.out(address);
    io.err(`Its id is ${plainText(id)}. Keep the address now: it is not shown again.`);
  }
  return EXIT.fine;
}

async function list(json: boolean, io: CommandIo): Promise<ExitCode> {
  const answer = await askKeeper('badge', io, { method: 'GET', path: '/api/badges' }, listSchema);
  if (!answer.ok) return answer.code;
  const { badges } = answer.body;
  if (json) io.out(JSON.stringify(answer.body));
  else if (badges.length === 0) io.err('There are no badges.');
  else {
    const rows = badges.map(({ id, name, app, environment, createdAtMs }) =>
      [id, name, `${app}/${environment}`, dayText(createdAtMs)].map(plainText),
    );
    for (const line of alignColumns([['ID', 'NAME', 'SHOWS', 'CREATED'], ...rows])) io.out(line);
  }
  return EXIT.fine;
}

async function revoke(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const id = readKeptId(words);
  if (id === null) return sayMisused('badge', 'revoke takes one ID, as badge list shows it', io);
  const answer = await askKeeper('badge', io, { method: 'DELETE', path: `/api/badges/${id}` }, revokedSchema);
  if (!answer.ok) return answer.code;
  io.out(json ? JSON.stringify(answer.body) : `revoked ${id}`);
  return EXIT.fine;
}

/** What create was asked for, or what is wrong with it. */
function readAsked(words: readonly string[]): Record<string, string> | string {
  try {
    const options = {
      name: { type: 'string' },
      app: { type: 'string' },
      environment: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...words], options, allowPositionals: false });
    if (values.name === undefined || values.name.trim() === '') return 'create needs a --name';
    return Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch {
    return 'create takes --name NAME, --app A and --environment E';
  }
}

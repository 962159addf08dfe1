import { parseArgs } from 'node:util';
import { z } from 'zod';
import { TOKEN_SCOPES, type TokenScope } from '@/lib/core/model/token.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { askKeeper, dayText, readKeptId, sayMisused } from './keeper.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch token create --name NAME --scope SCOPE[,SCOPE] [--json]
       afterwatch token list [--json]
       afterwatch token revoke ID [--json]

Tokens of a running Afterwatch, for machines that send or read.

  ingest   sends log lines to POST /api/logs, and nothing else
  deploy   tells of deploys
  read     reads pages and the API, and changes nothing

create prints the token alone on stdout. It is shown only then: the server keeps its hash.

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   its own token, or AFTERWATCH_TOKEN_FILE; made tokens cannot make others

exit codes
  0  done
  1  the server said no: too many tokens, or none of that id
  3  no connection, refused, or wrong usage`;

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
});
const madeSchema = tokenSchema.extend({ token: z.string().regex(/^aw_[\w-]{43}$/) });
const listSchema = z.object({ tokens: z.array(tokenSchema) });
const revokedSchema = z.object({ revoked: z.string() });

export const token: Command = {
  help: HELP,
  run: async ({ json, words }, io) => {
    const [verb, ...rest] = words;
    switch (verb) {
      case 'create':
        return create(rest, json, io);
      case 'list':
        return rest.length === 0 ? list(json, io) : sayMisused('token', 'list takes no words', io);
      case 'revoke':
        return revoke(rest, json, io);
      default:
        return sayMisused('token', 'create, list or revoke was expected', io);
    }
  },
};

async function create(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const asked = readAsked(words);
  if (typeof asked === 'string') return sayMisused('token', asked, io);
  const answer = await askKeeper(
    'token',
    io,
    { method: 'POST', path: '/api/tokens', body: asked },
    madeSchema,
  );
  if (!answer.ok) return answer.code;
  if (json) io.out(JSON.stringify(answer.body));
  else {
    io.out(answer.body.token);
    io.err('Keep it now: it is not shown again.');
  }
  return EXIT.fine;
}

async function list(json: boolean, io: CommandIo): Promise<ExitCode> {
  const answer = await askKeeper('token', io, { method: 'GET', path: '/api/tokens' }, listSchema);
  if (!answer.ok) return answer.code;
  const { tokens } = answer.body;
  if (json) io.out(JSON.stringify(answer.body));
  else if (tokens.length === 0) io.err('There are no tokens.');
  else {
    const rows = tokens.map(({ id, name, scopes, createdAtMs, lastUsedAtMs }) => [
      plainText(id),
      plainText(name),
      plainText(scopes.join(',')),
      dayText(createdAtMs),
      lastUsedAtMs === null ? 'never' : dayText(lastUsedAtMs),
    ]);
    for (const line of alignColumns([['ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED'], ...rows]))
      io.out(line);
  }
  return EXIT.fine;
}

async function revoke(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const id = readKeptId(words);
  if (id === null) return sayMisused('token', 'revoke takes one ID, as token list shows it', io);
  const answer = await askKeeper('token', io, { method: 'DELETE', path: `/api/tokens/${id}` }, revokedSchema);
  if (!answer.ok) return answer.code;
  io.out(json ? JSON.stringify(answer.body) : `revoked ${id}`);
  return EXIT.fine;
}

/** What create was asked for, or what is wrong with it. */
function readAsked(words: readonly string[]): { name: string; scopes: TokenScope[] } | string {
  let values: { name?: string | undefined; scope?: string[] | undefined };
  try {
    const options = { name: { type: 'string' }, scope: { type: 'string', multiple: true } } as const;
    values = parseArgs({ args: [...words], options, allowPositionals: false }).values;
  } catch {
    return 'create takes --name NAME and --scope SCOPE[,SCOPE]';
  }
  const { name, scope = [] } = values;
  if (name === undefined || name.trim() === '') return 'create needs a --name';
  const asked = scope.flatMap((list) => list.split(',')).map((word) => word.trim());
  const scopes = TOKEN_SCOPES.filter((known) => asked.includes(known));
  const known: readonly string[] = TOKEN_SCOPES;
  if (scopes.length === 0 || asked.some((word) => !known.includes(word)))
    return `create needs a --scope of ${TOKEN_SCOPES.join(', ')}`;
  return { name, scopes };
}

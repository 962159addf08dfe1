import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { askKeeper, dayText, readKeptId, sayMisused } from './keeper.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch hook create --name NAME [--json]
       afterwatch hook list [--json]
       afterwatch hook revoke ID [--json]

Secrets by which others sign what they send: GitHub to /api/hooks/github, and
anything that signs for POST /api/deploys. docs/deploys.md says how.

create prints the secret alone on stdout, and its id on stderr. It is shown only
then: the server keeps it sealed under AFTERWATCH_SECRET_KEY, which it needs.

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   its own token, or AFTERWATCH_TOKEN_FILE

exit codes
  0  done
  1  the server said no: no key to seal with, or none of that id
  3  no connection, refused, or wrong usage`;

const hookSchema = z.object({ id: z.string(), name: z.string(), createdAtMs: z.number() });
const madeSchema = hookSchema.extend({ secret: z.string().regex(/^[0-9a-f]{64}$/) });
const listSchema = z.object({ hooks: z.array(hookSchema) });
const revokedSchema = z.object({ revoked: z.string() });

export const hook: Command = {
  help: HELP,
  run: async ({ json, words }, io) => {
    const [verb, ...rest] = words;
    switch (verb) {
      case 'create':
        return create(rest, json, io);
      case 'list':
        return rest.length === 0 ? list(json, io) : sayMisused('hook', 'list takes no words', io);
      case 'revoke':
        return revoke(rest, json, io);
      default:
        return sayMisused('hook', 'create, list or revoke was expected', io);
    }
  },
};

async function create(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const name = readName(words);
  if (name === null) return sayMisused('hook', 'create takes --name NAME', io);
  const answer = await askKeeper(
    'hook',
    io,
    { method: 'POST', path: '/api/hooks', body: { name } },
    madeSchema,
  );
  if (!answer.ok) return answer.code;
  if (json) io.out(JSON.stringify(answer.body));
  else {
    io.out(answer.body.secret);
    io.err(`Its id is ${plainText(answer.body.id)}. Keep the secret now: it is not shown again.`);
  }
  return EXIT.fine;
}

async function list(json: boolean, io: CommandIo): Promise<ExitCode> {
  const answer = await askKeeper('hook', io, { method: 'GET', path: '/api/hooks' }, listSchema);
  if (!answer.ok) return answer.code;
  const { hooks } = answer.body;
  if (json) io.out(JSON.stringify(answer.body));
  else if (hooks.length === 0) io.err('There are no hooks.');
  else {
    const rows = hooks.map(({ id, name, createdAtMs }) => [
      plainText(id),
      plainText(name),
      dayText(createdAtMs),
    ]);
    for (const line of alignColumns([['ID', 'NAME', 'CREATED'], ...rows])) io.out(line);
  }
  return EXIT.fine;
}

async function revoke(words: readonly string[], json: boolean, io: CommandIo): Promise<ExitCode> {
  const id = readKeptId(words);
  if (id === null) return sayMisused('hook', 'revoke takes one ID, as hook list shows it', io);
  const answer = await askKeeper('hook', io, { method: 'DELETE', path: `/api/hooks/${id}` }, revokedSchema);
  if (!answer.ok) return answer.code;
  io.out(json ? JSON.stringify(answer.body) : `revoked ${id}`);
  return EXIT.fine;
}

function readName(words: readonly string[]): string | null {
  try {
    const options = { name: { type: 'string' } } as const;
    const { name } = parseArgs({ args: [...words], options, allowPositionals: false }).values;
    return name === undefined || name.trim() === '' ? null : name;
  } catch {
    return null;
  }
}

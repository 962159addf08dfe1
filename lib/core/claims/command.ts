/** Tools whose name at the start of a line makes it a command. */
const TOOLS = new Set(
  'fly flyctl kubectl docker docker-compose podman git gh curl wget npm npx pnpm yarn bun node python python3 pip pip3 redis-cli psql pg_ctl mysql mongo mongosh heroku helm aws gcloud az vercel netlify railway render systemctl service terraform tofu ansible ansible-playbook make bash sh ssh scp sudo export unset cat tail grep watch rm cp mv sed echo supabase neonctl wrangler doctl argocd nomad serverless sls cap bundle rails rake php artisan composer go cargo alembic flask django-admin prisma dotnet mvn gradle pm2 nginx certbot crontab journalctl kustomize skaffold pulumi eb ecs copilot upstash turso sqlite3'.split(
    ' ',
  ),
);
const HEAD = /^(?:\$\s+|>\s+|#\s+(?=\S+ -))?(?:[A-Z_]{2,40}=\S+\s+){0,4}(?:sudo\s+)?(\S+)/;
/** Tools whose name is a word of everyday English or of a metric: they need something of a command behind them. */
const WORDS = new Set(
  'make watch service render cat go node bun bundle cap echo export eb ecs copilot railway serverless tail flask composer heroku aws upstash redis-cli docker git prisma vercel python nginx rake rails az bash sh turso cargo nomad php cp mv rm sed az wget curl fly flyctl kubectl helm psql'.split(
    ' ',
  ),
);
const EVIDENCE =
  /^\s+(?:-|\.{0,2}\/|["'$<@]|[\w.-]+\/|[\w.:-]+=|https?:|(?:run|exec|install|deploys?|logs?|start|stop|restart|reload|build|test|up|down|rollback|rollout|releases?|status|secrets|scale|machines?|apps?|ssh|get|set|apply|delete|describe|top|patch|edit|create|push|pull|clone|fetch|checkout|revert|reset|cherry-pick|merge|rebase|stash|tag|add|commit|switch|restore|diff|log|show|bisect|compose|ps|images?|rmi?|kill|tag|login|upgrade|uninstall|list|ls|history|info|monitor|keys|del|flushall|flushdb|config|ping|scan|promote|env|alias|inspect|domains|migrate|db|db:\w+|generate|s3|ecs|lambda|ec2|rds|cloudwatch|ci|dev|init|tidy|mod|version|--version|cordon|drain|annotate|label|autoscale|wait|proxy|volumes?|ips?|certs?|checks?|doctor|postgres|pg|redis|launch|destroy|suspend|resume|update|import|export|regions?|dashboard|open|wireguard|platform|orgs?|auth|tokens?|[A-Z_]{3,}(?:=|$)|\w+\.\w{1,4}(?:\s|$))(?=\s|$|[:=]))/;

/** A sentence that happens to begin with the name of a tool: `Make sure`, `watch for errors`, `go back to`. */
const SENTENCE =
  /^(?:make sure|make the|watch (?:for|the|out)|go (?:back|to)|service (?:is|was|should|level|health)|render (?:the|time)|node (?:count|version|\d)|cap (?:the|at)|echo (?:the|of)|bun(?:dle)? (?:size|is|was)|bundle (?:size|is|was)|docker (?:image|build|hub)(?: (?:size|time|is|was|pull)|:)|git (?:commits?|history)\b|redis-cli (?:is|was|shows)|cat (?:is|the)|tail latenc|python (?:\d|version|process)|service [a-z]+ (?:is|was)|sh (?:is))\b/i;

/** True for a line that a shell would be given. */
export function isCommand(line: string): boolean {
  const text = line.trim();
  if (text.length < 3 || text.length > 2_000) return false;
  const tool = HEAD.exec(text)?.[1] ?? '';
  if (!TOOLS.has(tool) && !/^\.\/[\w./-]+$/.test(tool)) return false;
  if (SENTENCE.test(text)) return false;
  if (WORDS.has(tool) && !EVIDENCE.test(text.slice(text.indexOf(tool) + tool.length))) return false;
  // A tool alone, with a colon or with prose after it, is a word.
  const words = text.replace(/^\$\s+/, '').split(/\s+/);
  if (words.length === 1) return /^\.\//.test(words[0] ?? '');
  if (/^[A-Za-z0-9_-]+:/.test(words[0] ?? '')) return false;
  return !/^(?:is|was|are|were|should|will|has|and|or|the|in|on|for|to|can|must|may|with|→|->|vs\.?|from|de|es|–|—|-)$/i.test(
    words[1] ?? '',
  );
}

/** The command without the prompt. */
export function trimPrompt(line: string): string {
  return line.trim().replace(/^(?:\$|>|#)\s+/, '');
}

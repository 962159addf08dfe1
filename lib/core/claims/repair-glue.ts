/** Words that headings of summaries begin with: where one is glued to the line before, a heading got lost there. */
const HEADING_WORDS =
  'Expected|Documentation|Files|Related|Success|Rollback|Verification|Verify|Monitoring|Monitor|Next|Summary|Results?|Impact|What|How|Why|Problem|Root|Logs|Status|Deployment|Testing|Tests|Known|Support|Conclusion|Notes?|Costs?|Performance|Benefits|Trade-offs|Limitations|Key|Git|Immediate|Changes?|Overview|Background|Metrics|Risks?|Timeline|Option|Database|Redis|Alerts|Check|Health|Short-term|Long-term|Before|After|Goals?|Targets?|Savings|Resumen|Resultados?|Impacto|Verificaci[oó]n|Pr[oó]ximos|Antes|Despu[eé]s|Archivos|Problema|Causa|Soluci[oó]n|Monitoreo|Seguimiento';

/** `PassingExpected Impact`, `harbor"Success Indicators`, `(95% savings)Files Changed`. */
const GLUED = new RegExp(
  `([a-z0-9)"'\`%.!/])((?:${HEADING_WORDS})(?:\\s+(?:[A-Z&(][\\w&()-]*|of|to|the|for|and|in|de|del|la|y)){0,5}:?)$`,
);
/** `staging2. Monitor Dashboard`, `redis"4. If Issues Occur`. */
const GLUED_NUMBER = /([A-Za-z)"'`])(\d{1,2}\. [A-Z][A-Za-z]+(?: [A-Za-z()&-]+){0,5})$/;
/** `-a harbor**Option B: Test first**`. */
const GLUED_BOLD = /([A-Za-z0-9)"'`])(\*\*[A-Z][^*]{2,60}\*\*:?)$/;
/** A command on a line of its own, and the next bullet after it. */
const COMMAND_BULLET = /^(\s*(?:\$ )?[a-z][\w.-]* [^|]{2,300}?) - ([A-Z][a-z]+\b.{0,60})$/;
const COMMAND_START =
  /^\s*(?:\$ )?(?:sudo |fly|flyctl|kubectl|docker|git|curl|npm|npx|redis-cli|psql|heroku|helm|aws|gcloud|vercel|railway|systemctl|terraform) /;
/** Words of one name in camel case that only look glued. */
const NAMES =
  /(?:Git|Java|Type|Post|Open|Cloud|Data|Web|Home|Fast|Graph|Air|New|Face|You|Link|My|Big|Dyna|Elasti|Click|Page|Next|Neon|Dev|Sec|Mac)$/;

/** `v903BeforeAPI calls: 240`, `1.1 MBRollbackfly deploy`: a heading that lost its line ends on both sides. */
const GLUED_BOTH =
  /^(.{3,}?(?:[a-z0-9)%"'`]|[KMG]B))(Before|After|Monitoring|Rollback(?: Plan)?|Verification|Expected Impact|Results|Summary|Next Steps|Alerts|Antes|Después)((?:[A-Z][\w]+[ :]|[-*] |\d+\. |(?:fly|git|kubectl|curl|docker|npm|helm) ).+)$/;

/** A line as the lines it was before a page glued them together. */
export function splitGlued(line: string): readonly string[] {
  if (line.length > 600) return [line];
  if (COMMAND_START.test(line)) {
    const match = COMMAND_BULLET.exec(line);
    if (match !== null && match[1] !== undefined) return [match[1], `- ${match[2]}`];
  }
  const both = GLUED_BOTH.exec(line);
  if (both !== null) {
    const [, left = '', heading = '', rest = ''] = both;
    return [...splitGlued(left), '', heading, '', ...splitGlued(rest)];
  }
  for (const pattern of [GLUED_BOLD, GLUED_NUMBER, GLUED]) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const at = match.index + 1;
    const left = line.slice(0, at);
    const right = line.slice(at);
    // A path, a name in camel case or a quoted heading is one word.
    if (
      pattern === GLUED &&
      (NAMES.test(left) || /[\w./-]*[/\\_][\w./-]*$/.test(left) || /(?:^|\s)["'`(*]*$/.test(left))
    ) {
      if (!(/["']$/.test(left) && COMMAND_START.test(left))) continue;
    }
    if (/(?:^|[\s(|])["'`]$/.test(left) || left.trim().length < 3) continue;
    return [left, right];
  }
  return [line];
}

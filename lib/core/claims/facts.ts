import { isCommand } from './command.ts';
import { readDate } from './dates.ts';
import type { DeployFacts, Span, StatedFact } from './document.ts';
import { dueOf, findWhen } from './due.ts';
import { titlesOf } from './passages.ts';
import type { Quantity } from './quantity.ts';
import type { Statement } from './statements.ts';
import { fold } from './vocabulary.ts';

const COUNT_WORDS: Readonly<Record<string, number>> = {
  both: 2,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  ambas: 2,
  ambos: 2,
  dos: 2,
  tres: 3,
  cuatro: 4,
  single: 1,
  one: 1,
  una: 1,
};
const MACHINE =
  '(?:machines?|instances?|pods?|replicas?|nodes?|servers?|vms?|m[aá]quinas?|instancias?|servidores?|contenedores?|containers?)';

const RUNNING = new RegExp(
  `^${MACHINE}\\s*:\\s*(\\d{1,4})\\b|\\b(\\d{1,4}|both|two|three|four|five|six|ambas|ambos|dos|tres)\\s+(?:fly\\s+|de las\\s+|las\\s+)?${MACHINE}\\s+(?:are\\s+|is\\s+|were\\s+|est[aá]n\\s+|now\\s+)?(?:run\\b|running|started|restarted|healthy|up|live|updated|passing|deployed|reiniciad[oa]s|en marcha|activ[oa]s|sanas)\\b|\\brunning on (\\d{1,3}|two|three|both) ${MACHINE}\\b`,
  'i',
);
const ASSUMED = new RegExp(
  `\\b(?:for|across|over|with|en|para|entre|on|x|×|\\*)\\s+(?:all |the |las |los )?(\\d{1,4}|two|three|four|five|six|dos|tres|cuatro)\\s+${MACHINE}\\b|\\b(\\d{1,4})\\s+${MACHINE}\\s*(?:x|×|\\*)\\s*\\d`,
  'i',
);
const PER_MACHINE = new RegExp(`^\\s*(?:/|per |por |en cada |each )\\s?${MACHINE}`, 'i');

/** What a summary says of its deploy, and numbers that are no promise by themselves. */
export function readFacts(
  statements: readonly Statement[],
  lines: readonly string[],
): { deploy: DeployFacts; facts: StatedFact[] } {
  const deploy: DeployFacts = {
    app: null,
    version: null,
    time: null,
    machinesRunning: null,
    machinesAssumed: null,
    status: null,
    commits: [],
    links: [],
    nextReview: null,
    nextReviewAt: null,
  };
  const facts: StatedFact[] = [];
  let titleDate: string | null = null;
  const times: { iso: string; worth: number }[] = [];
  for (const statement of statements) {
    const { passage } = statement;
    const { text, line } = passage;
    if (text === '') continue;
    readApp(deploy, text, passage.kind === 'command', statement.label);
    readMachines(deploy, facts, text, line);
    readCommits(deploy, text, titlesOf(passage.section));
    const label = fold(statement.label);
    const value = statement.label === '' ? '' : text.slice(statement.valueAt).trim();
    const found = passage.kind === 'command' ? null : readDate(text);
    if (found !== null) {
      if (
        /^(?:time|deployed(?: at| on)?|deployment time|deploy time|date|fecha|hora|desplegado|released?|release date|shipped|when|deployment date|deploy date|started|start|fecha y hora|despliegue|timestamp|fecha de despliegue|merged)$/.test(
          label,
        )
      )
        times.push({ iso: found.iso, worth: found.iso.includes('T') ? 5 : 4 });
      else if (passage.kind === 'heading' || (line <= 3 && titleDate === null)) titleDate ??= found.iso;
      else if (
        /\b(?:deployed|released|shipped|rolled out|went live|desplegad[oa]|publicad[oa])\b/i.test(
          text.slice(0, 160),
        ) &&
        !/\b(?:will|going to|next|planned)\b/i.test(text)
      )
        times.push({ iso: found.iso, worth: found.iso.includes('T') ? 3 : 2 });
      if (
        /\b(?:last updated|updated|verified|verified at|checked|[uú]ltima actualizaci[oó]n|verificado)\b/i.test(
          statement.label,
        ) ||
        /\bverified\b[^.]{0,20}\bat\b/i.test(text)
      )
        facts.push({ kind: 'verified_at', text, value: null, unit: null, window: null, line });
    }
    if (
      deploy.status === null &&
      /^(?:status|fix status|estado|deployment status)$/.test(label) &&
      value !== ''
    )
      deploy.status = value.replace(/^[\p{Extended_Pictographic}◇\s]+/u, '').slice(0, 120) || null;
    if (
      deploy.nextReview === null &&
      /^(?:next review|next check|review|proxima revision|siguiente revision)\b/.test(label) &&
      value !== ''
    ) {
      deploy.nextReview = value.slice(0, 80);
    }
    readVersion(deploy, text, label, value, passage.kind === 'command');
    const title = titlesOf(passage.section)[0];
    // A label on a line of its own, its value on the next.
    if (title !== undefined && /^[\w.+-]{1,40}$/.test(text) && passage.kind !== 'heading') {
      readVersion(deploy, `${title}: ${text}`, fold(title), text, false);
      readApp(deploy, `${title}: ${text}`, false, title);
    }
    if ((passage.kind === 'heading' || (passage.line <= 3 && passage.kind === 'text')) && passage.line <= 6)
      readTitle(deploy, text);
    if (passage.kind !== 'command') readNumbers(facts, statement);
    const watch =
      /\b(?:for |in |within )?(?:the )?(?:next|first|pr[oó]xim[oa]s|primer[oa]s) (\d{1,3}(?:\s?[-–]\s?\d{1,3})?) ?(minutes?|min|hours?|hrs?|h|days?|minutos|horas|d[ií]as)\b/i.exec(
        text,
      );
    if (watch !== null)
      facts.push({
        kind: 'verify_for',
        text,
        value: spanOf(watch[1] ?? '', watch[2] ?? ''),
        unit: 's',
        window: null,
        line,
      });
  }
  times.sort((a, b) => b.worth - a.worth);
  const best = times[0]?.iso ?? null;
  deploy.time = best ?? titleDate;
  if (deploy.nextReview !== null) {
    const when = findWhen(deploy.nextReview);
    deploy.nextReviewAt = when === null ? null : dueOf(when, deploy.time);
  }
  for (const line of lines) {
    if (deploy.links.length >= 50) break;
    if (!line.includes('://')) continue;
    for (const match of line.matchAll(/\bhttps?:\/\/[^\s<>"'`)\]|]{3,300}/g)) {
      const link = match[0].replace(/[.,;:*_]+$/, '');
      if (!deploy.links.includes(link)) deploy.links.push(link);
    }
  }
  return { deploy, facts };
}

/** `Release summary – lantern v903`, `kelp 2.31 is out`, `Rollout: billing 1.44.0`: a name with its version. */
function readTitle(deploy: DeployFacts, text: string): void {
  const match =
    /(?:^|[:–—-]\s|\b(?:of|for|de)\s)\s*([a-z][a-z0-9-]{1,40})\s+(v?\d+(?:\.\d+){0,3})(?![\w%.]|\s?(?:ms|s|x|MB|KB|days|hours|min)\b)/.exec(
      text.replace(/^:\w+:\s*/, ''),
    );
  if (
    match?.[1] !== undefined &&
    !/^(?:version|release|part|step|phase|build|sprint|week|day|issue|pr|bug|node|python|redis|postgres|version|versi[oó]n|de|en|to|from|in|of|by|the|and|next|last|at|on)$/.test(
      match[1],
    )
  ) {
    deploy.app ??= match[1];
    deploy.version ??= match[2] ?? null;
    return;
  }
  const version =
    /(?:^|[\s(])(v\d+(?:\.\d+){0,3})(?![\w.→-])(?!\s*(?:→|->|to\b|vs))/.exec(text)?.[1] ??
    /\b(?:versi[oó]n|version|release)\s+(\d+(?:\.\d+){0,3})\b/i.exec(text)?.[1];
  if (version !== undefined) deploy.version ??= version;
}

function readApp(deploy: DeployFacts, text: string, command: boolean, label: string): void {
  if (deploy.app !== null && !/^(?:app|app name|application|service|aplicaci[oó]n|servicio)$/i.test(label))
    return;
  const named =
    /^(?:app(?:lication)?(?: name)?|service(?: name)?|aplicaci[oó]n|servicio)\s*(?:=|:)\s*[`"']?([a-z0-9][\w.-]{1,60})[`"']?\s*$/i.exec(
      text,
    );
  const bracketed = /\((?:app|service)\s*[:=]?\s*([a-z0-9][\w-]{1,60})[,)]/i.exec(text);
  if (named?.[1] !== undefined) deploy.app = named[1];
  else if (bracketed?.[1] !== undefined) deploy.app = bracketed[1];
  else if (command || isCommand(text) || /\b(?:fly|flyctl)\s+\w+/.test(text)) {
    const flag =
      /\b(?:fly|flyctl|heroku)\b[^\n|&;]{0,300}?\s(?:-a|--app)[ =]([a-z0-9][a-z0-9-]{1,60}[a-z0-9])(?![\w<-])/.exec(
        text,
      ) ?? /\bkubectl\b[^\n|&;]{0,200}?\bdeploy(?:ment|ments)?(?:\/|\s+)([a-z0-9][\w-]{1,60})/.exec(text);
    if (flag?.[1] !== undefined) deploy.app = flag[1];
  }
}

function readVersion(
  deploy: DeployFacts,
  text: string,
  label: string,
  value: string,
  command: boolean,
): void {
  if (command) return;
  if (
    /^(?:version|release|versi[oó]n|version desplegada|deployed version|new version|build|tag|release version)$/.test(
      label,
    ) &&
    value !== ''
  ) {
    const match = /^[`"']?(v?\d[\w.+-]{0,40})/i.exec(value);
    if (match?.[1] !== undefined) {
      deploy.version = match[1].replace(/[.,;]$/, '');
      return;
    }
  }
  if (deploy.version !== null) return;
  const inline =
    /[(,]\s*(?:version|versi[oó]n|release)\s+(v?\d[\w.-]{0,20})\)/i.exec(text) ??
    /\b(?:desplegamos|deployed|publicamos|shipped|released)\s+(?:la |the )?(?:versi[oó]n|version|release)\s+(v?\d[\w.-]{0,20})/i.exec(
      text,
    ) ??
    /\b(?:fix|release|now|is) live \((v\d[\w.-]{0,20})\)/i.exec(text) ??
    /\b(?:deployed|released|release|deployment of|rolled out|shipped|desplegad[oa])\s+(?:as |in |version |release )?(v\d[\w.-]{0,20})\b/i.exec(
      text,
    ) ??
    /^(?:release(?: notes)?|deploy(?:ment)?)\b[^\n]{0,30}?\b(v\d[\w.-]{0,20})\b/i.exec(text);
  if (inline?.[1] !== undefined) deploy.version = inline[1].replace(/[.,;]$/, '');
}

function readMachines(deploy: DeployFacts, facts: StatedFact[], text: string, line: number): void {
  if (!/machin|instanc|pods?\b|replica|nodes?\b|server|\bvms?\b|m[aá]quin|contened|container/i.test(text))
    return;
  const running = RUNNING.exec(text);
  const value = running === null ? null : numberOf(running[1] ?? running[2] ?? running[3] ?? '');
  if (value !== null) {
    deploy.machinesRunning ??= value;
    facts.push({ kind: 'machines', text, value, unit: 'machines', window: null, line });
    return;
  }
  const assumed = ASSUMED.exec(text);
  const counted = assumed === null ? null : numberOf(assumed[1] ?? assumed[2] ?? '');
  if (counted !== null) {
    deploy.machinesAssumed ??= counted;
    facts.push({ kind: 'machines', text, value: counted, unit: 'machines', window: null, line });
  }
}

function numberOf(word: string): number | null {
  const value = /^\d+$/.test(word) ? Number(word) : (COUNT_WORDS[word.toLowerCase()] ?? null);
  return value !== null && value > 0 && value < 100_000 ? value : null;
}

function readCommits(deploy: DeployFacts, text: string, titles: readonly string[]): void {
  if (deploy.commits.length >= 50 || !/[0-9a-f]{7}/.test(text)) return;
  const listed =
    titles.slice(0, 2).some((title) => /\bcommits?\b/i.test(title)) ||
    /\b(?:commits?|sha|cherry-pick\w*|revert|merged?)\b/i.test(text);
  const pattern = listed
    ? /(?<![0-9a-fA-F/])([0-9a-f]{7,12}|[0-9a-f]{40})(?![0-9a-f\w])(?:(?=-? )|)/g
    : // A line of commits may have lost its breaks: `… guards36729bd87- fix`.
      /(?:^|[(`\s]|[g-z](?=[0-9a-f]{7,12}-))([0-9a-f]{7,12}|[0-9a-f]{40})(?=\s?[-–—:]\s+[a-z]|\))/gi;
  for (const match of text.matchAll(pattern)) {
    const id = match[1] ?? '';
    if (!/\d/.test(id) || !/[a-f]/.test(id)) continue;
    if (!deploy.commits.includes(id)) deploy.commits.push(id);
  }
}

const TIMES: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

function spanOf(written: string, unit: string): Span | null {
  const scale = TIMES[unit.charAt(0).toLowerCase()];
  if (scale === undefined) return null;
  const [low, high] = written.split(/\s?[-–]\s?/).map(Number);
  if (low === undefined || !Number.isFinite(low)) return null;
  return high === undefined || !Number.isFinite(high) ? low * scale : [low * scale, high * scale];
}

function readNumbers(facts: StatedFact[], statement: Statement): void {
  const { text, line } = statement.passage;
  const push = (kind: StatedFact['kind'], one: Quantity) =>
    facts.push({ kind, text, value: one.value, unit: one.unit, window: one.window, line });
  for (const one of statement.quantities) {
    if (facts.length > 500) return;
    const before = text.slice(Math.max(0, one.start - 45), one.start);
    const after = text.slice(one.end, one.end + 40);
    if (one.kind === 'time') {
      if (
        /^[\s-]*(?:\w+[\s-]+){0,2}(?:ttl|cache|cach[eé])\b/i.test(after) ||
        /\b(?:ttl|cach\w*|expir\w*)\b[^.;\d]{0,25}$/i.test(before) ||
        (/\badded\b[^.;]{0,12}$/i.test(before) && /^\s+(?:local )?cache/i.test(after))
      )
        push('ttl', one);
      else if (
        /\b(?:interval|every|each|poll\w*|cada|intervalo|frequency|sync\w*)\b[^.;]{0,35}$/i.test(before)
      )
        push('interval', one);
    } else if (one.kind === 'count' && PER_MACHINE.test(after)) push('per_machine', one);
    else if (
      one.kind === 'money' &&
      /^\s*(?:\/|per|por|por cada)\s*(?:\d[\d,.]*\s?[KkM]?|100K|million|mill[oó]n|1000|thousand)\b/i.test(
        after,
      )
    )
      push('price', one);
  }
  const reduces = statement.quantities.find(
    (one) => one.kind === 'percent' && /redu[cj]|less|fewer|menos/i.test(text.slice(one.end, one.end + 30)),
  );
  if (
    reduces !== undefined &&
    /^(?:result|resultado|reduction|expected|total|overall|reducci[oó]n)$/i.test(statement.label)
  )
    push(/^(?:result|resultado)$/i.test(statement.label) ? 'part' : 'total', reduces);
}

import {
  type Draft,
  directionOf,
  draftAt,
  draftPair,
  improvementSign,
  pairSign,
  signSpan,
  tokensOf,
} from './draft.ts';
import { attachOne, fits, readInlinePairs } from './inline-pairs.ts';
import { readLone } from './lone.ts';
import type { Passage, Section, Table } from './passages.ts';
import { type Quantity, readQuantities } from './quantity.ts';
import type { NumberStyle } from './quantity-number.ts';
import { type Entry, type StateBook, sideAbove } from './sides.ts';
import { applyLabelUnit, readLabel, type Statement } from './statements.ts';
import { betterWhen, fold, readSideLabel, type Side, signOfWords } from './vocabulary.ts';

type Role = Side | 'label' | 'unit' | 'note' | 'value';

/** Claims of the tables, and numbers of tables that hold one state only and wait for the other table. */
export function readTables(
  tables: readonly Table[],
  style: NumberStyle,
  order: number,
  book: StateBook,
): { drafts: Draft[]; entries: Entry[] } {
  const drafts: Draft[] = [];
  const entries: Entry[] = [];
  for (const [i, table] of tables.entries()) {
    const reader = new TableReader(table, style, order + i * 40, book);
    reader.read();
    drafts.push(...reader.drafts);
    entries.push(...reader.entries);
  }
  return { drafts, entries };
}

const STATUS =
  /^(?:status|state|estado|notes?|notas?|comments?|remarks?|description|descripci[oó]n|source|how|method|why|owner|verdict|pass|ok|met|result\?|✅|check|when|priority|effort)$/i;
/** Heads of a column of numbers that must not be reached. */
const ALARM = /\b(?:alerts?|alarms?|warn\w*|critical|page (?:if|at|when)|alertas?|alarmas?)\b/i;
const METRIC_HEAD =
  /^(?:metric|metrics|m[eé]trica|measure|measurement|name|item|kpi|indicator|indicador|operation|endpoint|query|test|benchmark|scenario|component|what|area|resource|route|page|step|phase|category|parameter|signal|)$/i;

class TableReader {
  readonly drafts: Draft[] = [];
  readonly entries: Entry[] = [];
  readonly #table: Table;
  readonly #style: NumberStyle;
  readonly #order: number;
  readonly #book: StateBook;
  readonly #head: readonly string[];
  readonly #rows: readonly { readonly cells: readonly string[]; readonly line: number }[];

  constructor(table: Table, style: NumberStyle, order: number, book: StateBook) {
    this.#book = book;
    this.#table = table;
    this.#style = style;
    this.#order = order;
    this.#head = table.rows[0]?.cells ?? [];
    this.#rows = table.rows.slice(1).filter((row) => row.cells.some((cell) => cell.trim() !== ''));
  }

  read(): void {
    const roles = this.#roles();
    const has = (role: Role) => roles.includes(role);
    const states = this.#rows.map((row) => readSideLabel(row.cells[0] ?? ''));
    if (!(has('before') && (has('after') || has('target'))) && !has('current') && this.#readStateRows(states))
      return;
    const above = sideAbove(this.#table.section, this.#book);
    for (const [i, row] of this.#rows.entries()) {
      if (has('before') && (has('after') || has('target'))) this.#readPairRow(row, roles, i);
      else if (has('target')) this.#readTargetRow(row, roles, i);
      else if (has('change')) this.#readChangeRow(row, roles, i);
      else if (above !== null) this.#readOneState(row, roles, i, above);
      else this.#readLoose(row, roles, i);
    }
  }

  /** What each column holds, by its head; two columns of numbers beside a change are the two states. */
  #roles(): Role[] {
    const roles: Role[] = this.#head.map((cell, i): Role => {
      const text = cell.trim();
      const read = readSideLabel(text);
      if (STATUS.test(text)) return 'note';
      if (/^(?:unit|units|unidad)$/i.test(text)) return 'unit';
      if (read !== null && !(i === 0 && METRIC_HEAD.test(text))) return read.side;
      if (i === 0) return 'label';
      return 'value';
    });
    if (!roles.includes('label') && roles.length > 0 && !this.#isNumeric(0)) roles[0] = 'label';
    // `Actual` is what was reached in English and what holds today in Spanish.
    if (this.#head.some((cell) => /^(?:objetivo|meta|esperad[oa]|propuest[oa]|nuev[oa])$/i.test(cell.trim())))
      for (const [i, cell] of this.#head.entries()) if (/^actual$/i.test(cell.trim())) roles[i] = 'current';
    // Beside the number at which somebody is called, `Current` is what was measured.
    if (roles.includes('target') && !roles.includes('before') && this.#head.some((cell) => ALARM.test(cell)))
      for (const [i, role] of roles.entries()) if (role === 'current') roles[i] = 'achieved';
    const count = (role: Role) => roles.filter((one) => one === role).length;
    const values = roles.flatMap((role, i) => (role === 'value' && this.#isNumeric(i) ? [i] : []));
    const set = (at: number | undefined, role: Role) => {
      if (at !== undefined) roles[at] = role;
    };
    if (count('current') > 0) {
      const partner = roles.includes('before') ? 'after' : 'before';
      if (
        partner === 'after' ||
        roles.includes('after') ||
        roles.includes('target') ||
        roles.includes('achieved') ||
        count('change') > 0
      ) {
        for (const [i, role] of roles.entries())
          if (role === 'current')
            roles[i] =
              partner === 'before' &&
              roles.includes('target') &&
              !roles.includes('after') &&
              this.#isAchieved()
                ? 'achieved'
                : partner;
      }
    }
    if (roles.includes('before') && !roles.includes('after')) {
      // `Before | v2` or `Baseline | With cache`: the other column of numbers is the later state.
      if (values.length === 1) set(values[0], 'after');
      else if (roles.includes('achieved')) set(roles.indexOf('achieved'), 'after');
    } else if (roles.includes('after') && !roles.includes('before')) {
      if (values.length === 1 && !roles.includes('target')) set(values[0], 'before');
    } else if (
      !roles.includes('before') &&
      !roles.includes('target') &&
      roles.includes('change') &&
      values.length === 2 &&
      // `Queries | Time | Reduction` are two metrics, no two states.
      !values.every((column) => betterWhen(this.#head[column] ?? '') !== 0)
    ) {
      set(values[0], 'before');
      set(values[1], 'after');
    }
    // Beside both states a column of nothing but percents is their change, whatever its head says.
    if (roles.includes('before') && roles.includes('after') && !roles.includes('change'))
      for (const [i, role] of roles.entries())
        if (role === 'value' && this.#isAllPercent(i) && !this.#isAllPercent(roles.indexOf('before')))
          set(i, 'change');
    if (roles.includes('target') && !roles.includes('before') && !roles.includes('achieved')) {
      const after = roles.indexOf('after');
      if (after !== -1) roles[after] = 'achieved';
      else if (values.length === 1) set(values[0], 'achieved');
    }
    return roles;
  }

  #isAchieved(): boolean {
    return (
      this.#head.some((cell) => STATUS.test(cell.trim())) &&
      /[✅✓✔❌]|met|pass|ok\b/i.test(this.#rows.map((row) => row.cells.join(' ')).join(' '))
    );
  }

  #isNumeric(column: number): boolean {
    let numbers = 0;
    for (const row of this.#rows)
      if (/^[^\p{L}]{0,4}(?:about |aprox\w* )?[~<>≤≥+$€-]?\s?\d/u.test(row.cells[column] ?? '')) numbers += 1;
    return numbers > 0 && numbers >= this.#rows.length / 2;
  }

  #isAllPercent(column: number): boolean {
    const cells = this.#rows
      .map((row) => (row.cells[column] ?? '').trim())
      .filter((cell) => /[\p{L}\d]/u.test(cell));
    return cells.length > 0 && cells.every((cell) => /^\P{L}{0,4}\d[\d.,–-]*\s?%[^\d]*$/u.test(cell));
  }

  #passage(text: string, line: number): Passage {
    return {
      text,
      raw: text,
      line,
      breaks: [],
      kind: 'item',
      section: this.#table.section,
      block: this.#table.block,
      depth: 0,
      ordered: false,
      mark: null,
      box: null,
      indent: 0,
      fenced: false,
    };
  }

  #cell(
    row: { cells: readonly string[]; line: number },
    column: number,
    label: string,
    unit: string,
  ): readonly Quantity[] {
    const text = (row.cells[column] ?? '').trim();
    if (text === '' || text.length > 200) return [];
    const head = this.#head[column] ?? '';
    let found = readQuantities(text, this.#style);
    if (unit !== '') found = applyLabelUnit(found, `x (${unit})`, 0);
    found = applyLabelUnit(found, head, 0);
    return applyLabelUnit(found, label, 0);
  }

  #statement(text: string, line: number, quantities: readonly Quantity[], order: number): Statement {
    const { label, valueAt } = readLabel(text);
    return {
      passage: this.#passage(text, line),
      order,
      label,
      valueAt,
      side: null,
      quantities,
      used: new Set(),
    };
  }

  #label(row: { cells: readonly string[] }, roles: readonly Role[]): string {
    return row.cells
      .filter((_, i) => roles[i] === 'label')
      .join(' ')
      .trim();
  }

  #unit(row: { cells: readonly string[] }, roles: readonly Role[]): string {
    const at = roles.indexOf('unit');
    return at === -1 ? '' : (row.cells[at] ?? '').trim();
  }

  #readPairRow(row: { cells: readonly string[]; line: number }, roles: readonly Role[], index: number): void {
    const label = this.#label(row, roles);
    const unit = this.#unit(row, roles);
    const afterAt = roles.indexOf('after') === -1 ? roles.indexOf('target') : roles.indexOf('after');
    if (this.#readColumnPairs(row, roles, index, label)) return;
    const befores = this.#cell(row, roles.indexOf('before'), label, unit);
    const afters = this.#cell(row, afterAt, label, unit);
    const text = row.cells
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
      .join(' | ');
    const used = new Set<Quantity>();
    let made: Draft | null = null;
    for (const before of befores) {
      const after = afters.find(
        (one) =>
          !used.has(one) &&
          (fits(before, one) || (before.kind === 'factor' && one.kind === 'factor')) &&
          (one.window === before.window || afters.length === 1 || befores.length === 1),
      );
      if (after === undefined) continue;
      const draft = draftPair(this.#passage(text, row.line), this.#order + index, before, after);
      if (draft === null) continue;
      used.add(after);
      draft.subject = `${label} ${before.noun}`;
      if (made === null) made = draft;
      if (roles[afterAt] === 'target' && after.op !== null) {
        draft.limit = draft.after;
        draft.limitOp = after.op;
      }
      this.drafts.push(draft);
      if (befores.length > 1 && afters.length !== befores.length) break;
    }
    if (made === null) {
      this.#readChangeRow(row, roles, index);
      return;
    }
    this.#readFurtherAfters(row, roles, index, befores, afterAt, text, label, unit);
    // Change written in the later cell: `7,464 (−97 %)`.
    const sign = pairSign(made.before ?? 0, made.after ?? 0);
    for (const one of afters)
      if (!used.has(one) && (one.kind === 'percent' || one.kind === 'factor'))
        attachOne(made, one, sign, 'change');
    for (const [column, role] of roles.entries()) {
      if (role !== 'change') continue;
      const cell = row.cells[column] ?? '';
      for (const one of this.#changeCell(row, column))
        attachOne(
          made,
          one,
          cell.includes('-') && sign === 0 ? -1 : sign,
          `${this.#head[column] ?? ''} change`,
        );
    }
  }

  /** `Before | After (cold) | After (warm)`: each later state is a promise of its own. */
  #readFurtherAfters(
    row: { cells: readonly string[]; line: number },
    roles: readonly Role[],
    index: number,
    befores: readonly Quantity[],
    afterAt: number,
    text: string,
    label: string,
    unit: string,
  ): void {
    const before = befores[0];
    if (before === undefined || roles.filter((role) => role === 'before').length !== 1) return;
    for (const [column, role] of roles.entries()) {
      if (role !== 'after' || column === afterAt) continue;
      const after = this.#cell(row, column, label, unit).find((one) => fits(before, one));
      if (after === undefined) continue;
      const draft = draftPair(this.#passage(text, row.line), this.#order + index, before, after);
      if (draft === null) continue;
      draft.subject = `${label} ${before.noun} ${this.#head[column] ?? ''}`;
      this.drafts.push(draft);
    }
  }

  /** `Before p50 | Before p99 | After p50 | After p99`: each metric has its two columns. */
  #readColumnPairs(
    row: { cells: readonly string[]; line: number },
    roles: readonly Role[],
    index: number,
    label: string,
  ): boolean {
    const befores = roles.flatMap((role, i) => (role === 'before' ? [i] : []));
    const afters = roles.flatMap((role, i) => (role === 'after' ? [i] : []));
    if (befores.length < 2 || befores.length !== afters.length) return false;
    const restOf = (column: number) => readSideLabel(this.#head[column] ?? '')?.rest ?? '';
    for (const [i, column] of befores.entries()) {
      const partner = afters.find((one) => restOf(one) === restOf(column)) ?? afters[i];
      const before = this.#cell(row, column, label, '')[0];
      const after = partner === undefined ? undefined : this.#cell(row, partner, label, '')[0];
      if (before === undefined || after === undefined || !fits(before, after)) continue;
      const words = `${label} ${restOf(column)}`;
      const draft = draftPair(
        this.#passage(`${words}: ${row.cells[column] ?? ''} → ${row.cells[partner ?? 0] ?? ''}`, row.line),
        this.#order + index,
        before,
        after,
      );
      if (draft === null) continue;
      draft.subject = words;
      this.drafts.push(draft);
    }
    return true;
  }

  /** A cell of change: `97%`, `−97 %`, `35x`, `3.2x faster`, `−1.2 s`, `257K saved`. */
  #changeCell(row: { cells: readonly string[]; line: number }, column: number): readonly Quantity[] {
    const head = this.#head[column] ?? '';
    const found = readQuantities((row.cells[column] ?? '').trim(), this.#style);
    return /%/.test(head) ? applyLabelUnit(found, 'x (%)', 0) : found;
  }

  #readTargetRow(
    row: { cells: readonly string[]; line: number },
    roles: readonly Role[],
    index: number,
  ): void {
    const label = this.#label(row, roles);
    const unit = this.#unit(row, roles);
    const targetAt = roles.indexOf('target');
    const target = this.#cell(row, targetAt, label, unit)[0];
    const achievedAt = roles.indexOf('achieved');
    const text = row.cells
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
      .join(' | ');
    const achieved = achievedAt === -1 ? undefined : this.#cell(row, achievedAt, label, unit)[0];
    if (target === undefined && achieved === undefined) return;
    if (target === undefined) return;
    const passage = this.#passage(text, row.line);
    let draft: Draft | null = null;
    if (achieved !== undefined) {
      draft = draftPair(passage, this.#order + index, target, achieved);
      if (draft !== null) {
        draft.limit = draft.before;
        draft.before = null;
        draft.direction = null;
      }
    }
    if (draft === null) {
      draft = draftAt(passage, this.#order + index);
      draft.kind = target.kind;
      draft.unit = target.unit;
      draft.window = target.window;
      draft.approximate = target.approximate;
      // `Target: 95 % reduction` is a change, not a level.
      if (target.kind === 'percent' && /reduc|less|fewer|improv|menos/i.test(row.cells[targetAt] ?? '')) {
        draft.changePct = signSpan(target.value, signOfWords(row.cells[targetAt] ?? '') || -1);
        draft.subject = label;
        draft.direction = directionOf(signOfWords(row.cells[targetAt] ?? ''));
        this.drafts.push(draft);
        return;
      }
      draft.limit = target.value;
    }
    draft.limitOp =
      target.op ?? (target.orMore ? '>=' : opOf(`${label} ${this.#head[targetAt] ?? ''}`, target.kind));
    draft.subject = `${label} ${target.noun}`;
    this.drafts.push(draft);
    // A second threshold of the row (`Alert if`) is a limit of its own.
    for (const [column, role] of roles.entries()) {
      if (role !== 'target' || column === targetAt) continue;
      const other = this.#cell(row, column, label, unit)[0];
      if (other === undefined) continue;
      const more = draftAt(passage, this.#order + index);
      Object.assign(more, {
        kind: other.kind,
        unit: other.unit,
        window: other.window,
        limit: other.value,
        limitOp: other.op ?? opOf(label, other.kind),
        subject: label,
      });
      this.drafts.push(more);
    }
  }

  #readChangeRow(
    row: { cells: readonly string[]; line: number },
    roles: readonly Role[],
    index: number,
  ): void {
    const label = this.#label(row, roles);
    const text = row.cells
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
      .join(' | ');
    // Cells may hold whole pairs: `500 ms → 200 ms`.
    const before = this.drafts.length;
    this.#readLoose(row, roles, index);
    if (this.drafts.length > before) {
      const made = this.drafts.at(-1);
      if (made?.before != null && made.after !== null)
        for (const [column, role] of roles.entries())
          if (role === 'change')
            for (const one of this.#changeCell(row, column))
              attachOne(made, one, pairSign(made.before, made.after), 'change');
      return;
    }
    for (const [column, role] of roles.entries()) {
      if (role !== 'change') continue;
      const head = this.#head[column] ?? '';
      const cell = row.cells[column] ?? '';
      const one = this.#changeCell(row, column)[0];
      if (one === undefined) continue;
      if (one.kind === 'count' && one.bare && !/\d{2}/.test(cell)) continue;
      const draft = draftAt(this.#passage(text, row.line), this.#order + index);
      draft.kind = one.kind;
      draft.unit = one.kind === 'factor' || one.kind === 'points' ? null : one.unit;
      draft.window = one.window;
      draft.approximate = one.approximate;
      draft.orMore = one.orMore;
      const words = signOfWords(`${head} ${cell}`);
      const sign = one.sign !== 0 ? one.sign : words !== 0 ? words : improvementSign(label, null);
      draft.direction = directionOf(sign);
      if (one.kind === 'percent') draft.changePct = signSpan(one.value, sign);
      else if (one.kind === 'factor') draft.factor = one.value;
      else if (one.kind === 'points') draft.changePp = signSpan(one.value, sign);
      else {
        if (sign === 0 && !/sav|ahorr|delta|diff|Δ|change|reduc/i.test(head)) continue;
        draft.delta = signSpan(one.value, sign === 0 ? -1 : sign);
      }
      draft.subject = `${label} ${one.noun}`;
      this.drafts.push(draft);
      break;
    }
  }

  /** Rows that are the states themselves: every further column is a metric. */
  #readStateRows(states: readonly ({ side: Side; rest: string; pure: boolean } | null)[]): boolean {
    const before = states.findIndex((one) => one !== null && one.side === 'before');
    let after = states.findIndex(
      (one, i) => i !== before && one !== null && (one.side === 'after' || one.side === 'current'),
    );
    if (
      before === -1 &&
      after !== -1 &&
      states[after]?.side === 'after' &&
      states.length >= 2 &&
      states.some((one) => one?.side === 'current')
    )
      return false;
    if (before === -1) return false;
    if (after === -1 && this.#rows.length === 2) after = before === 0 ? 1 : 0;
    if (after === -1) {
      after = states.findIndex((one) => one !== null && (one.side === 'target' || one.side === 'achieved'));
    }
    const change = states.findIndex((one) => one !== null && one.side === 'change');
    const left = this.#rows[before];
    const right = this.#rows[after];
    if (left === undefined || right === undefined) return false;
    let made = 0;
    for (let column = 1; column < this.#head.length; column += 1) {
      const head = this.#head[column] ?? '';
      const from = this.#cell(left, column, '', '')[0];
      const to = this.#cell(right, column, '', '')[0];
      if (from === undefined || to === undefined || !fits(from, to)) continue;
      const draft = draftPair(
        this.#passage(`${head}: ${left.cells[column] ?? ''} → ${right.cells[column] ?? ''}`, left.line),
        this.#order + column,
        from,
        to,
      );
      if (draft === null) continue;
      draft.lines = [left.line, right.line];
      draft.subject = `${head} ${from.noun} ${states[before]?.rest ?? ''}`;
      const changed = change === -1 ? undefined : this.#rows[change];
      if (changed !== undefined)
        for (const one of readQuantities(changed.cells[column] ?? '', this.#style))
          attachOne(draft, one, pairSign(draft.before ?? 0, draft.after ?? 0), 'change');
      this.drafts.push(draft);
      made += 1;
    }
    return made > 0;
  }

  /** A table under a heading that names a state: its numbers wait for the table of the other state. */
  #readOneState(
    row: { cells: readonly string[]; line: number },
    roles: readonly Role[],
    index: number,
    above: { side: Side; section: Section; rest: string },
  ): void {
    const label = row.cells[0] ?? '';
    for (let column = 1; column < row.cells.length; column += 1) {
      if (roles[column] === 'note' || roles[column] === 'unit') continue;
      const quantity = this.#cell(row, column, label, this.#unit(row, roles))[0];
      if (quantity === undefined) continue;
      const head = this.#head.length > 2 ? (this.#head[column] ?? '') : '';
      const words = `${label} ${head}`;
      const passage = this.#passage(row.cells.filter((cell) => cell !== '').join(' | '), row.line);
      this.entries.push({
        side: above.side,
        quantity,
        label: words,
        tokens: tokensOf(words),
        labelled: true,
        scope: above.section.parent,
        qualifier: above.rest,
        passage,
        order: this.#order + index,
        line: row.line,
        index: index * 20 + column,
        statement: null,
      });
    }
  }

  /** Any other table: each cell may hold a claim of its own, such as an arrow or `96 % less`. */
  #readLoose(row: { cells: readonly string[]; line: number }, roles: readonly Role[], index: number): void {
    const label = this.#label(row, roles);
    for (const [column, cell] of row.cells.entries()) {
      if (cell.length > 400 || !/\d/.test(cell)) continue;
      const quantities = applyLabelUnit(
        applyLabelUnit(readQuantities(cell, this.#style), this.#head[column] ?? '', 0),
        label,
        0,
      );
      if (quantities.length === 0) continue;
      const statement = this.#statement(cell, row.line, quantities, this.#order + index);
      const found = readInlinePairs(statement);
      if (found.length === 0 && roles[column] === 'value') {
        // `Availability | 99.98 %` under `Metric | Value` is a label with its value.
        const alone =
          this.#head.length === 2 && label !== '' ? { ...statement, label, valueAt: 0 } : statement;
        found.push(...readLone(alone, { open: false, heading: this.#head[column] ?? '' }));
      }
      for (const draft of found) {
        draft.subject = `${label} ${fold(draft.subject)}`;
        draft.text = row.cells
          .map((one) => one.trim())
          .filter((one) => one !== '')
          .join(' | ');
        this.drafts.push(draft);
      }
    }
  }
}

/** How a target without a mark is meant: time and errors at most, hits and throughput at least. */
export function opOf(words: string, kind: Quantity['kind']): '<=' | '>=' | '=' {
  const better = betterWhen(words);
  if (better === 1) return '>=';
  if (better === -1 || kind === 'time' || kind === 'bytes' || kind === 'money') return '<=';
  return '=';
}

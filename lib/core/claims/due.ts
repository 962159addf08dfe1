import { readDate } from './dates.ts';

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  hr: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  hora: 3_600_000,
  dia: DAY_MS,
  semana: 7 * DAY_MS,
  minuto: 60_000,
};
const WHEN =
  /\b(?:this|next|end of(?: the)?(?: this| next)?|by (?:the )?end of(?: the| this| next)?) (?:week|month|quarter|sprint|year|release)\b|\btomorrow\b|\btoday\b|\btonight\b|\b(?:in|within|after|next|for(?: the)?(?: next)?) (?:the )?(?:next )?\d{1,3}(?:\s?[-–]\s?\d{1,3})? ?(?:minutes?|min|hours?|hrs?|days?|weeks?|months?)\b|\b\d{1,3} (?:hours?|days?|weeks?|months?)(?: after\b[^.,;]{0,20})?|\b(?:esta|pr[oó]xima|la pr[oó]xima|la semana que viene|este|pr[oó]ximo|el pr[oó]ximo) ?(?:semana|mes|trimestre|sprint)?\b(?<=semana|mes|trimestre|sprint|viene)|\bma[nñ]ana\b|\b(?:en|dentro de|pr[oó]xim[oa]s) \d{1,3} (?:minutos|horas|d[ií]as|semanas|meses)\b|\b\d{1,3} (?:horas|d[ií]as|semanas)\b|\b(?:on|by|before|el|para el|antes del?)?\s?(?:monday|tuesday|wednesday|thursday|friday|lunes|martes|mi[eé]rcoles|jueves|viernes)\b/i;

/** The words of a text that say when: `this week`, `in 3 days`, `by Friday`, or a date as written. */
export function findWhen(text: string): string | null {
  const dated = readDate(text);
  if (dated !== null) return dated.text;
  const match = WHEN.exec(text);
  return match === null ? null : match[0].trim().toLowerCase();
}

/** The end of what `when` names, ISO: a day, or a time where both are exact. Null when there is no date to count from. */
export function dueOf(when: string, from: string | null): string | null {
  const dated = readDate(when);
  if (dated !== null) return dated.iso;
  if (from === null || !/^\d{4}-\d{2}-\d{2}/.test(from)) return null;
  const exact = from.includes('T');
  const startMs = Date.parse(exact ? from : `${from}T00:00:00Z`);
  if (!Number.isFinite(startMs)) return null;
  const plain = when
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
  const counted =
    /(\d{1,3})(?:\s?[-–]\s?(\d{1,3}))? ?(minute|min|hour|hr|day|week|month|minuto|hora|dia|semana|mes)/.exec(
      plain,
    );
  if (counted !== null) {
    const count = Number(counted[2] ?? counted[1]);
    const unit = counted[3] ?? '';
    if (unit === 'month' || unit === 'mes') return day(addMonths(startMs, count));
    const ms = UNITS[unit];
    if (ms === undefined) return null;
    return exact && ms < DAY_MS
      ? iso(startMs + count * ms)
      : exact && unit === 'hour'
        ? iso(startMs + count * ms)
        : day(startMs + count * ms);
  }
  const weekday = new Date(startMs).getUTCDay();
  const sunday = startMs + ((7 - weekday) % 7) * DAY_MS;
  const next = /\bnext\b|\bproxim[oa]\b|viene/.test(plain);
  if (/today|tonight/.test(plain)) return day(startMs);
  if (/tomorrow|manana/.test(plain)) return day(startMs + DAY_MS);
  if (/week|semana/.test(plain)) return day(next ? sunday + 7 * DAY_MS : sunday);
  const date = new Date(startMs);
  if (/month|\bmes\b/.test(plain))
    return day(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (next ? 2 : 1), 0));
  if (/quarter|trimestre/.test(plain))
    return day(Date.UTC(date.getUTCFullYear(), (Math.floor(date.getUTCMonth() / 3) + (next ? 2 : 1)) * 3, 0));
  if (/year/.test(plain)) return day(Date.UTC(date.getUTCFullYear() + (next ? 2 : 1), 0, 0));
  const named = [
    'sunday|domingo',
    'monday|lunes',
    'tuesday|martes',
    'wednesday|miercoles',
    'thursday|jueves',
    'friday|viernes',
    'saturday|sabado',
  ].findIndex((one) => new RegExp(`\\b(?:${one})\\b`).test(plain));
  if (named !== -1) return day(startMs + ((named - weekday + 7) % 7 || 7) * DAY_MS);
  return null;
}

function addMonths(ms: number, count: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, date.getUTCDate());
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
}

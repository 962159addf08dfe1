import 'server-only';
import { z } from 'zod';
import { plainLine, plainText } from '@/lib/core/incidents/plain-text.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';

/** The id of an incident, as links to it hold it. */
export const incidentIdSchema = z
  .string()
  .regex(/^\d{8}T\d{6}-[a-z2-9]{12}$/, 'the id of an incident, as its link holds it, was expected');

/** The id of an entry, a hypothesis or an action. */
export const partIdSchema = z.string().min(1).max(700);

/** Unix ms, from 1970 on. */
export const instantSchema = z.int().min(0).max(8_640_000_000_000_000);

/** A text on one line, without control characters; longer is an error. The book takes secrets out of all that it is told. */
const line = (most: number) =>
  z
    .string()
    .max(most, `at most ${most} characters were expected`)
    .transform((text) => plainLine(text).slice(0, most));

const some = z.string().min(1, 'a text was expected');

/** What an incident is called. */
export const titleSchema = line(INCIDENT_LIMITS.titleChars).pipe(some);

/** A line that must say something. */
export const lineSchema = line(INCIDENT_LIMITS.lineChars).pipe(some);

/** A line that may be left empty; null then. */
export const optionalLineSchema = line(INCIDENT_LIMITS.lineChars)
  .nullable()
  .transform((text) => (text === '' ? null : text));

/** A note in Markdown, at most 64 KB. */
export const markdownSchema = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) <= INCIDENT_LIMITS.noteChars,
    'a note of at most 64 KB was expected',
  )
  .transform((text) => plainText(text))
  .pipe(z.string().min(1, 'a text was expected'));

'use server';
import { z } from 'zod';
import {
  INCIDENT_ORIGINS,
  INCIDENT_STATUSES,
  type IncidentsView,
  type IncidentView,
} from '@/lib/core/model/incident.ts';
import { personSchema } from '@/lib/server/deploys/new-deploy.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { bookOf, editHead, moveTo, openFrom } from '@/lib/server/incidents/commands.ts';
import {
  incidentIdSchema,
  instantSchema,
  lineSchema,
  markdownSchema,
  optionalLineSchema,
  partIdSchema,
  titleSchema,
} from '@/lib/server/incidents/schema.ts';
import { readIncident as readOne } from '@/lib/server/queries/incident.ts';
import { readIncidents as readList } from '@/lib/server/queries/incidents.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const scope = { app: z.string().max(100), environment: z.string().max(100) };
/** One record is written each time: of 600 points a minute each takes 10. */
const COST = 10;
const OPEN_COST = 30;
const own = { id: incidentIdSchema, by: personSchema };
const HYPOTHESIS_STATES = ['open', 'confirmed', 'refuted'] as const;

/** Answer of every act on an incident: its id. */
type Done = { id: string };

/** The one batched read of the list. */
export const readIncidents = action(
  z.strictObject(scope),
  async (_call, input): Promise<IncidentsView> => readList(getRuntime(), input),
  { name: 'readIncidents' },
);

/** The one batched read of the page of an incident. */
export const readIncident = action(
  z.strictObject({ id: incidentIdSchema }),
  async (_call, { id }): Promise<IncidentView> => {
    const view = await readOne(getRuntime(), { id });
    if (view === null) throw new KnownError('not_found', 'There is no incident of that id.');
    return view;
  },
  { name: 'readIncident', cost: 2 },
);

/** Opens one by hand, from an alert or from a verdict; the known one where one is open already. Durable when resolved. */
export const openIncident = action(
  z.strictObject({
    ...scope,
    by: personSchema,
    title: titleSchema.nullable(),
    startMs: instantSchema.nullable(),
    origin: z.strictObject({ kind: z.enum(INCIDENT_ORIGINS), ref: z.string().min(1).max(500).nullable() }),
  }),
  async (_call, { app, environment, ...asked }): Promise<Done & { isNew: boolean }> =>
    openFrom(getRuntime(), { app, environment }, asked),
  { name: 'openIncident', cost: OPEN_COST },
);

/** Moves it on the ladder, in either direction. */
export const setIncidentStatus = action(
  z.strictObject({ ...own, status: z.enum(INCIDENT_STATUSES) }),
  async (_call, asked): Promise<Done> => done(await moveTo(getRuntime(), asked)),
  { name: 'setIncidentStatus', cost: COST },
);

/** Changes its head: title, cause and times. What is left out stays. */
export const editIncident = action(
  z.strictObject({
    ...own,
    title: titleSchema.optional(),
    cause: optionalLineSchema.optional(),
    startMs: instantSchema.optional(),
    endMs: instantSchema.nullable().optional(),
  }),
  async (_call, asked): Promise<Done> => done(await editHead(getRuntime(), asked)),
  { name: 'editIncident', cost: COST },
);

/** Writes a note into the timeline: Markdown without HTML and images. */
export const addNote = action(
  z.strictObject({ ...own, markdown: markdownSchema }),
  async (_call, { id, by, markdown }): Promise<Done> => done(await book().addNote(id, by, markdown)),
  { name: 'addNote', cost: COST },
);

/** Says what may have caused it. */
export const addHypothesis = action(
  z.strictObject({ ...own, text: lineSchema, evidence: optionalLineSchema }),
  async (_call, { id, by, ...said }): Promise<Done> => done(await book().addHypothesis(id, by, said)),
  { name: 'addHypothesis', cost: COST },
);

/** Says what became of a hypothesis, and what speaks for or against it. */
export const judgeHypothesis = action(
  z.strictObject({
    ...own,
    hypothesisId: partIdSchema,
    state: z.enum(HYPOTHESIS_STATES),
    evidence: optionalLineSchema,
  }),
  async (_call, { id, by, hypothesisId, ...said }): Promise<Done> =>
    done(await book().judgeHypothesis(id, by, hypothesisId, said)),
  { name: 'judgeHypothesis', cost: COST },
);

/** Notes something that is to be done. */
export const addAction = action(
  z.strictObject({
    ...own,
    text: lineSchema,
    owner: optionalLineSchema,
    dueMs: instantSchema.nullable(),
  }),
  async (_call, { id, by, ...said }): Promise<Done> => done(await book().addAction(id, by, said)),
  { name: 'addAction', cost: COST },
);

/** Says that it is done, or that it is not after all. */
export const doneAction = action(
  z.strictObject({ ...own, actionId: partIdSchema, done: z.boolean() }),
  async (_call, { id, by, actionId, done: isDone }): Promise<Done> =>
    done(await book().doneAction(id, by, actionId, isDone)),
  { name: 'doneAction', cost: COST },
);

/** Takes an entry out of sight; who did so is kept, and so is the entry. */
export const hideEntry = action(
  z.strictObject({ ...own, entryId: partIdSchema }),
  async (_call, { id, by, entryId }): Promise<Done> => done(await book().hideEntry(id, by, entryId)),
  { name: 'hideEntry', cost: COST },
);

/** Shows a hidden entry again. */
export const showEntry = action(
  z.strictObject({ ...own, entryId: partIdSchema }),
  async (_call, { id, by, entryId }): Promise<Done> => done(await book().showEntry(id, by, entryId)),
  { name: 'showEntry', cost: COST },
);

/** Puts this one into another open one of its scope; this one is read only then. Gives the other. */
export const mergeIncidents = action(
  z.strictObject({ ...own, intoId: incidentIdSchema }),
  async (_call, { id, by, intoId }): Promise<Done> => done(await book().merge(id, by, intoId)),
  { name: 'mergeIncidents', cost: COST },
);

function book(): ReturnType<typeof bookOf> {
  return bookOf(getRuntime());
}

function done({ id }: Done): Done {
  return { id };
}

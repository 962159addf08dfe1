import 'server-only';
import { z } from 'zod';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import type { AddressResult } from './address.ts';

// Pieces of the schemas of sources. No message may hold a received value. Patterns that a `${NAME}` reference would fail
// are refinements, which stay out of the editor's schema: it sees the file before references are resolved, and reads a
// pattern without Unicode classes.

export const MAX_TEXT = 4_096;

const NAME = /^[^/\p{C}\s](?:[^/\p{C}]*[^/\p{C}\s])?$/u;

export const name = (what: string) =>
  z
    .string()
    .min(1, 'is empty')
    .max(64, 'is longer than 64 characters')
    // They are parts of a target's id and of links; control characters would garble a terminal.
    .refine(
      (text) => NAME.test(text),
      'must not hold a / or control character, nor begin or end with a space',
    )
    .describe(what);

export const address = (read: (text: string) => AddressResult, what: string) =>
  z
    .string()
    .max(MAX_TEXT, 'is too long for a URL')
    .superRefine((text, context) => {
      const result = read(text);
      if (!result.ok) context.addIssue({ code: 'custom', message: result.problem });
    })
    .describe(what);

export const seconds = (minSeconds: number, maxSeconds: number, what: string) =>
  z
    .string({ error: 'must be a time with its unit, such as 15s or 5m' })
    .transform((text, context) => {
      const ms = parseDurationMs(text);
      if (ms !== null && ms >= minSeconds * 1_000 && ms <= maxSeconds * 1_000) return ms / 1_000;
      const message = `must be a time with its unit from ${minSeconds}s to ${maxSeconds}s, such as 15s or 5m`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .describe(what);

export const labels = (what: string) =>
  z
    .record(
      z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'a label name is letters, digits and _'),
      z
        .union([z.string().max(256), z.number(), z.boolean()], { error: 'a label value must be text' })
        .transform(String),
    )
    .describe(what);

export const scope = {
  app: name('The app that this belongs to; part of its identity and of links.').optional(),
  environment: name('The environment of that app, such as production or staging.').optional(),
};

export const visits = {
  interval: seconds(1, 86_400, 'Time between two visits. Left out, the kind of source decides.').optional(),
  timeout: seconds(1, 300, 'Deadline of one visit; no longer than the interval.').optional(),
};

export const sourceName = name(
  'Name of the source, unique within app, environment and kind. Default: the kind.',
).optional();

/** A key, token or password that is sent in a header. */
export const secretText = (what: string) =>
  z
    .string()
    .min(1, 'is empty')
    .max(MAX_TEXT, 'is too long for a key')
    .refine((text) => /^[\x20-\x7e]+$/.test(text), 'holds a character that cannot be sent in a header')
    .refine((text) => text.trim() === text, 'begins or ends with a space')
    .describe(what);

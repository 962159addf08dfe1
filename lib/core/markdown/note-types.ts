/** A run of words in a note. Texts are plain: nothing in them means anything any more. */
export type NoteInline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'strike'; readonly children: readonly NoteInline[] }
  /** `host`: where it leads, where its own words name another place; null where nothing needs to be said. */
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly host: string | null;
      readonly children: readonly NoteInline[];
    }
  | { readonly kind: 'break' };

/** A row of cells. */
export type NoteRow = readonly (readonly NoteInline[])[];

/** A piece of a note, in the order in which it is read. */
export type NoteBlock =
  /** `level` begins with 1 and leaves none out on the way down. */
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly NoteInline[] }
  | { readonly kind: 'paragraph'; readonly children: readonly NoteInline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `start`: the number of the first item; null for bullets. */
  | {
      readonly kind: 'list';
      readonly start: number | null;
      readonly items: readonly (readonly NoteBlock[])[];
    }
  | { readonly kind: 'quote'; readonly blocks: readonly NoteBlock[] }
  | { readonly kind: 'table'; readonly head: NoteRow; readonly rows: readonly NoteRow[] }
  | { readonly kind: 'rule' }
  /** Something is not shown from here on, and why: one sentence. */
  | { readonly kind: 'cut'; readonly why: string };

/** Most of a note that is shown; what bounds the work, whatever the text. */
export const NOTE_LIMITS = {
  chars: 64 * 1024,
  lines: 1_000,
  /** Signs that could be marks, in one piece of text and in all; beyond them text stands as it was written. */
  marksInOne: 400,
  marks: 4_000,
  nesting: 16,
  nodes: 5_000,
} as const;

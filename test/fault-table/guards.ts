/** A guard, and how it is taken out: each text is replaced in its file, where it must stand exactly once. */
export interface Guard {
  name: string;
  edits: readonly { file: string; from: string; to: string }[];
  /** Rows that are run without it, and the cells of them that must turn red; all others of these rows stay green. */
  rows: Readonly<Record<string, readonly string[]>>;
}

const HTTP = ['UA', 'NA', 'FA', 'AM', 'PM'];
const ALL = ['RD', 'NS', ...HTTP];
const collectors = 'lib/server/collectors';

/** The guards whose cells are proved to hang on them. */
export const GUARDS: readonly Guard[] = [
  {
    name: 'deadline',
    edits: [
      {
        file: 'lib/server/http/safe-fetch.ts',
        from: 'request.deadlineMs);\n  const onCancel',
        to: '600_000);\n  const onCancel',
      },
      {
        file: 'lib/server/poller/target-poller.ts',
        from: 'abort.abort(late), timeoutMs)',
        to: 'abort.abort(late), 600_000)',
      },
      { file: 'lib/server/poller/target-poller.ts', from: 'timeoutMs + DEADLINE_GRACE_MS', to: '600_000' },
      {
        file: `${collectors}/redis/read.ts`,
        from: 'commandTimeout: this.#seconds.answer * 1000',
        to: 'commandTimeout: 600_000',
      },
      {
        file: `${collectors}/redis/read.ts`,
        from: 'socketTimeout: timeoutSeconds * 1000',
        to: 'socketTimeout: 600_000',
      },
      {
        file: `${collectors}/postgres/read.ts`,
        from: 'query_timeout: this.#seconds.answer * 1000',
        to: 'query_timeout: 600_000',
      },
    ],
    rows: { 'accepts, then silence': ALL, 'connection refused': [] },
  },
  {
    name: 'byte cap',
    edits: [
      {
        file: 'lib/server/http/read-body.ts',
        from: 'if (bytes > maxBytes) throw tooLarge(hostPort, maxBytes);\n      chunks',
        to: 'chunks',
      },
      {
        file: `${collectors}/redis/replies.ts`,
        from: 'if (this.#receivedBytes > this.#maxBytes) throw tooLong(this.#maxBytes);',
        to: '',
      },
      {
        file: `${collectors}/postgres/read.ts`,
        from: "if (this.#receivedBytes > MAX_ANSWER_BYTES) throw new Error('answer too long');",
        to: '',
      },
    ],
    rows: { 'a body without end': ['NS', ...HTTP], 'an empty body': [] },
  },
  {
    name: 'refusal of redirects',
    edits: [
      {
        file: 'lib/server/http/safe-fetch.ts',
        from: "throw new FetchError('redirect', redirectText(hostPort, answer.statusCode, location));",
        to: 'return followForTest(location);',
      },
      {
        file: 'lib/server/http/safe-fetch.ts',
        from: 'function checkedUrl(',
        to: `async function followForTest(location: string): Promise<SafeResponse> {
  const text = await (await fetch(location, { headers: { authorization: 'all of it' } })).text();
  return { status: 200, headers: {}, contentType: 'application/json', text, bytes: text.length, framed: true, dateHeaderMs: null, retryAfterMs: null };
}
function checkedUrl(`,
      },
    ],
    rows: { 'a redirect to another host': HTTP, '500': [] },
  },
  {
    name: 'error listener',
    edits: [
      {
        file: `${collectors}/postgres/read.ts`,
        from: "this.#client.on('error', (error) => {",
        to: "this.#client.on('not an error', (error) => {",
      },
    ],
    rows: { 'the kept connection was cut between visits': ['NS'], 'connection refused': [] },
  },
  {
    name: 'cap of Retry-After',
    edits: [
      {
        file: 'lib/server/http/response-headers.ts',
        from: 'Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, waitMs))',
        to: 'Math.max(RETRY_MIN_MS, waitMs)',
      },
    ],
    rows: { '429, Retry-After of 30 years': HTTP, '429, Retry-After 120': [] },
  },
  {
    name: 'rest after a refused credential',
    edits: [{ file: 'lib/server/poller/back-off.ts', from: "new Set(['auth', 'quota'])", to: 'new Set([])' }],
    rows: { '401, a revoked credential': ['RD', 'UA', 'NA', 'NS', 'FA', 'PM'], '403, no right to it': [] },
  },
  {
    name: 'rule of possible values',
    edits: [
      {
        file: 'lib/server/poller/possible.ts',
        from: 'value >= 0 && value <= Number.MAX_SAFE_INTEGER',
        to: 'value === value',
      },
    ],
    rows: {
      'beyond what a number holds': ['NA', 'NS', 'FA', 'AM', 'PM'],
      'unknown fields and unknown words': [],
    },
  },
];

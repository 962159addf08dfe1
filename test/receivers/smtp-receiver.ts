import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One mail as it came. */
export interface ReceivedMail {
  from: string;
  to: readonly string[];
  /** Lines of the header, by lower-case name; folded lines are joined. */
  headers: ReadonlyMap<string, string>;
  text: string;
  user: string | null;
  isSecure: boolean;
}

export interface SmtpReceiver {
  port: number;
  mails: readonly ReceivedMail[];
  close: () => Promise<void>;
}

/** A mail server on this machine that keeps what came; `options` say what it asks for and refuses. */
export async function openSmtpReceiver(options: SMTPServerOptions = {}): Promise<SmtpReceiver> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: options.secure === true || options.key !== undefined ? [] : ['STARTTLS'],
    onAuth: (auth, _session, done) => done(null, { user: auth.username }),
    onData: (stream, session, done) => {
      let raw = '';
      stream.setEncoding('utf8').on('data', (part: string) => {
        raw += part;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...split(raw),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: typeof session.user === 'string' ? session.user : null,
          isSecure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bound = server.server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

function split(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { headers, text: raw.slice(end + 4) };
}

import type { BodyReader } from './wire.ts';

/** Names and values of a start-up message, up to its end mark. */
export function readParameters(reader: BodyReader): Map<string, string> {
  const parameters = new Map<string, string>();
  for (let name = reader.text(); name !== ''; name = reader.text()) parameters.set(name, reader.text());
  return parameters;
}

/** What a server reports of itself and the session after the login. */
export function sessionStatus(
  parameters: ReadonlyMap<string, string>,
  serverVersion: string,
): readonly (readonly [name: string, value: string])[] {
  return [
    ['server_version', serverVersion],
    ['server_encoding', 'UTF8'],
    ['client_encoding', 'UTF8'],
    ['application_name', parameters.get('application_name') ?? ''],
    ['is_superuser', 'off'],
    ['session_authorization', parameters.get('user') ?? ''],
    ['DateStyle', 'ISO, MDY'],
    ['IntervalStyle', 'postgres'],
    ['TimeZone', 'Etc/UTC'],
    ['integer_datetimes', 'on'],
    ['standard_conforming_strings', 'on'],
  ];
}

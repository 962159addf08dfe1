import 'server-only';

/** A cookie to set; `value` empty and `maxAgeSeconds` 0 takes it away. */
export interface CookieChange {
  name: string;
  value: string;
  maxAgeSeconds: number;
  secure: boolean;
}

/** Names of our two cookies and whether they demand https. */
export interface CookieNames {
  session: string;
  device: string;
  secure: boolean;
}

/**
 * Over https the `__Host-` prefix makes browsers refuse a cookie that a neighbouring host planted. Plain http cannot
 * have it, since it demands Secure.
 */
export function cookieNames(publicUrl: URL | null): CookieNames {
  const secure = publicUrl?.protocol === 'https:';
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}afterwatch`, device: `${prefix}afterwatch-device`, secure };
}

/** As Next's cookie store takes it. Always the whole site, never readable by scripts, never sent across sites. */
export function cookieOptions(change: CookieChange): {
  httpOnly: true;
  sameSite: 'strict';
  path: '/';
  secure: boolean;
  maxAge: number;
} {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: change.secure,
    maxAge: change.maxAgeSeconds,
  };
}

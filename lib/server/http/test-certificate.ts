import 'server-only';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Makes X.509 certificates for tests, so that no private key has to be kept in the repository. */
export interface TestCertificate {
  certPem: string;
  keyPem: string;
}

export interface CertificateWish {
  /** DNS name of the certificate. */
  name: string;
  notBefore: Date;
  notAfter: Date;
  /** Signed by itself when left out. */
  issuer?: TestAuthority;
  isAuthority?: boolean;
}

export interface TestAuthority extends TestCertificate {
  name: string;
  key: KeyObject;
}

const ECDSA_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME = [0x06, 0x03, 0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x06, 0x03, 0x55, 0x1d, 0x13];

export function makeCertificate(wish: CertificateWish): TestAuthority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuerName = wish.issuer?.name ?? wish.name;
  const algorithm = der(0x30, Buffer.from(ECDSA_SHA256));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1 + Math.floor(Math.random() * 100)])),
    algorithm,
    commonName(issuerName),
    der(0x30, time(wish.notBefore), time(wish.notAfter)),
    commonName(wish.name),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extensionOf(wish))),
  );
  const signature = sign('sha256', body, wish.issuer?.key ?? pair.privateKey);
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    name: wish.name,
    key: pair.privateKey,
    certPem: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensionOf({ name, isAuthority }: CertificateWish): Buffer {
  if (isAuthority === true) {
    const yes = der(0x01, Buffer.from([0xff]));
    return der(0x30, Buffer.from(BASIC_CONSTRAINTS), yes, der(0x04, der(0x30, yes)));
  }
  const dnsName = der(0x82, Buffer.from(name));
  return der(0x30, Buffer.from(SUBJECT_ALT_NAME), der(0x04, der(0x30, dnsName)));
}

function commonName(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, Buffer.from(COMMON_NAME), der(0x0c, Buffer.from(name)))));
}

function time(at: Date): Buffer {
  const text = `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return der(0x18, Buffer.from(text));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

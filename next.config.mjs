import { fileURLToPath } from 'node:url';

/** @type {import('next').NextConfig} */
const config = {
  typedRoutes: true,
  poweredByHeader: false,
  // No image optimizer and no sharp: see docs/decisions/0003-no-image-optimizer.md.
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  serverExternalPackages: [
    'libsql',
    '@node-rs/argon2',
    'ioredis',
    'pg',
    'pino',
    'undici',
    'prom-client',
    'nodemailer',
  ],
  // A lock file in some folder above must not move the root of the build.
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  // Next cuts a longer body without a word: above what any route takes, so that the route itself says what is too much.
  experimental: { serverActions: { bodySizeLimit: '256kb' }, proxyClientMaxBodySize: '6mb' },
};

export default config;

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
  experimental: {
    serverActions: { bodySizeLimit: '256kb' },
    // Next cuts a longer body without a word: above what any route takes, so that the route itself says what is too much.
    proxyClientMaxBodySize: '6mb',
    // Each route is a bundle of its own with most of the server in it: all of them at once take 70 MB, mostly for nothing.
    preloadEntriesOnStart: false,
  },
};

export default config;

/** @type {import('next').NextConfig} */
const config = {
  typedRoutes: true,
  poweredByHeader: false,
  // No image optimizer and no sharp: see docs/decisions/0003-no-image-optimizer.md.
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  serverExternalPackages: ['libsql', '@node-rs/argon2', 'ioredis', 'pg', 'pino', 'undici', 'prom-client'],
  experimental: { serverActions: { bodySizeLimit: '256kb' } },
};

export default config;

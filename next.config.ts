import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const root = path.dirname(fileURLToPath(import.meta.url));

const config: NextConfig = {
  output: 'standalone',
  // Named, because a lock file in a folder above would make Next take that folder for the project.
  outputFileTracingRoot: root,
  turbopack: { root },
  // Its native code cannot be bundled, and the tracer does not see the file it loads.
  serverExternalPackages: ['@photostructure/sqlite'],
  outputFileTracingIncludes: { '/*': ['./node_modules/@photostructure/sqlite/prebuilds/**'] },
  // No image is served through Next's optimizer, so neither is its endpoint.
  images: { unoptimized: true },
  // `npm test` checks the types, of the tests too; starting the product does not wait for that.
  typescript: { ignoreBuildErrors: true },
  agentRules: false,
  // A page's code is loaded when it is first opened, which takes 50 to 150 ms: that of all pages is 20 MB of memory.
  experimental: { preloadEntriesOnStart: false },
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;

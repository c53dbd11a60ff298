/** Builds the page to `dist/`, which the server serves at `/` on its own origin. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  // Workspace packages are read from their sources.
  resolve: { conditions: ['rialto-source', 'module', 'browser', 'development|production'] },
  build: { target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 400 },
  // `npx vite` in this folder serves the page with hot reload in front of a running server.
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: SERVER, ws: true }, '/v2': SERVER, '/sign-in': SERVER },
  },
});

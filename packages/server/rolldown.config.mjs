import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The program and its libraries in a few files: Node takes as long to find hundreds of them as a command does to run. */
export default defineConfig({
  input: at('dist/main.js'),
  platform: 'node',
  // What holds a binary, or looks for its own files.
  external: ['ipaddr.js', 'jsonc-parser', 'libsql', 'nodemailer', 'pg', 'pino', 'prom-client'],
  output: { dir: at('bundle'), format: 'esm', cleanDir: true },
});

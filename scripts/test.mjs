import { runTests } from './run-tests.mjs';

process.exitCode = runTests(process.argv.slice(2));

import { runTests } from './run-tests.mjs';
import { setUp } from './set-up.mjs';
import { installSystemPackages, listedSystemPackages } from './system-packages.mjs';

setUp();
installSystemPackages(listedSystemPackages());
process.exitCode = runTests(process.argv.slice(2));

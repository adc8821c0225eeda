import { expect, test } from 'vitest';
import { withoutPassword } from './without-password.ts';

test.each([
  ['postgres://ada:secret@db.example:5432/sluice', 'postgres://db.example:5432/sluice'],
  ['postgres://ada:se@cr/e?t#@db/sluice', 'postgres://db/sluice'],
  ['postgresql://db/sluice?user=ada&password=secret', 'postgresql://db/sluice'],
  ['postgres://ada:secret@/sluice?host=/run/postgresql', 'postgres:///sluice'],
  ['sqlite:/srv/ü ?#%20.db', 'sqlite:/srv/ü ?#%20.db'],
  ['./data', './data'],
])('%s is printed as %s', (address, printed) => {
  expect(withoutPassword(address)).toBe(printed);
});

import { expect, test } from 'vitest';
import type { Face } from '../face.ts';
import { describeFace, type FaceExamples } from './face.contract.ts';
import { faces } from './index.ts';

const client = 'MyApp/1.0/20200101000000/Linux_x86_64-gcc3/de/release';

const examples: Readonly<Record<(typeof faces)[number]['name'], FaceExamples>> = {
  aus: {
    answered: [
      `/update/1/${client}/update.xml`,
      `/update/2/${client}/Linux%206.1/update.xml?force=1`,
      `/update/3/${client}/Linux/default/default/update.xml?pin=115.&mig64=1`,
      `/update/6/${client}/Linux/ISET:SSE4_2,MEM:8192,JAWS:0/default/default/update.xml?force=1?avast=1`,
      '/json/1/VPN/1.0/Linux/release/update.json?force=-1',
      '/json/2/VPN/1.0/Linux/release/Linux/update.json',
      '/update',
      '/updates.xml?pin=',
      `/update/1/${client}/update.xml?pin=%0d%0aSet-Cookie`,
    ],
    foreign: [
      '/json',
      '/json/1/VPN/1.0/Linux/update.json',
      '/json/3/VPN/1.0/Linux/release/update.json',
      '/Update/1',
      ' /update',
    ],
  },
  dockerflow: {
    answered: ['/__heartbeat__', '/__lbheartbeat__', '/__version__?verbose'],
    foreign: ['/__heartbeat__/', '/__HEARTBEAT__', '/__version', '/constructor', '/__proto__'],
  },
  telemetry: {
    answered: ['/telemetry/v1/events', '/telemetry/v1/events?key=a'],
    foreign: ['/telemetry', '/telemetry/v1/events/', '/telemetry/v1/eventsx', '/telemetry/v2/events'],
  },
};

for (const face of faces) describeFace(face as unknown as Face, examples[face.name]);

test('no face is named twice, and none is without examples', () => {
  const names = faces.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(examples)).toEqual(names);
});

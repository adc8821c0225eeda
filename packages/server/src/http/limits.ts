import { z } from 'zod';

const off = 'Off when 0.';

/** What the public listener takes from clients, of all together and of each. */
export const limitsSettings = z
  .strictObject({
    headerBytes: z
      .int()
      .min(1024)
      .max(1_048_576)
      .default(16_384)
      .describe('How long the request line and the headers of a request may be together.'),
    headerCount: z.int().min(10).max(10_000).default(2000).describe('How many headers a request may have.'),
    urlLength: z.int().min(256).max(65_536).default(8192).describe('How long the path and query of a URL may be.'),
    headersTimeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(10_000)
      .describe('How long a request may take until its headers are there, and a TLS handshake until it is done.'),
    requestTimeoutMs: z.int().min(100).max(600_000).default(30_000).describe('How long a whole request may take.'),
    answerTimeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(30_000)
      .describe('How long an answer may wait for a client that does not read on.'),
    keepAliveMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(65_000)
      .describe('How long a connection is kept on which nothing is asked.'),
    connections: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('How many connections a worker keeps open; what comes on top is closed unanswered.'),
    connectionsPerAddress: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe(`How many connections one address may have to a worker; trusted proxies may have any number. ${off}`),
    requestsPerConnection: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(0)
      .describe(`After how many requests a connection is closed. ${off}`),
    requestsPerSecond: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe(`How many requests a second a worker answers to one address; the others get 429. ${off}`),
    requestBurst: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20)
      .describe('How many requests an address that was quiet may make at once, when requestsPerSecond is set.'),
  })
  .refine(({ headersTimeoutMs, requestTimeoutMs }) => headersTimeoutMs <= requestTimeoutMs, {
    path: ['headersTimeoutMs'],
    message: 'is longer than requestTimeoutMs, which includes it',
  });

export type Limits = z.output<typeof limitsSettings>;

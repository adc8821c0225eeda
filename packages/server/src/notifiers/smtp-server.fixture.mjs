import { createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Fork this with `{ tls, key, cert, user, pass }` as JSON in its first argument; it tells its port and each e-mail that it took. */
const { tls = 'off', key, cert, user, pass } = JSON.parse(process.argv[2] ?? '{}');

/**
 * How it behaves: `refuse` and `grey` are recipients that are refused for good, or the first time; `atData` is `drop`, `stall` or
 * a code to answer with; `atMail` a code to answer with; `atGreeting` is `stall`.
 */
let behaviour = {};
const seenGrey = new Set();

const reply = (responseCode, text) => Object.assign(new Error(text), { responseCode });

const server = new SMTPServer({
  secure: tls === 'tls',
  key,
  cert,
  authOptional: user === undefined,
  disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(user === undefined ? ['AUTH'] : [])],
  disableReverseLookup: true,
  allowInsecureAuth: false,
  closeTimeout: 100,
  onAuth: (auth, _session, done) =>
    auth.username === user && auth.password === pass ? done(null, { user }) : done(new Error('wrong password')),
  onConnect: (_session, done) => {
    process.send({ connected: true });
    if (behaviour.atGreeting !== 'stall') done();
  },
  onMailFrom: (_address, _session, done) =>
    behaviour.atMail === undefined ? done() : done(reply(behaviour.atMail, 'not from there')),
  onRcptTo: ({ address }, _session, done) => {
    if (behaviour.refuse?.includes(address)) return done(reply(550, 'no such user here'));
    if (behaviour.grey?.includes(address) && !seenGrey.has(address)) {
      seenGrey.add(address);
      return done(reply(451, '4.7.1 greylisted, come back later'));
    }
    return done();
  },
  onData: (stream, session, done) => {
    const chunks = [];
    const { atData } = behaviour;
    stream.on('data', (chunk) => {
      chunks.push(chunk);
      if (atData === 'drop') process.send({ dropped: true });
    });
    stream.on('end', () => {
      if (atData === 'stall') return;
      if (atData === 'drop') return cut();
      if (typeof atData === 'number') return done(reply(atData, 'not like this'));
      const { envelope, secure } = session;
      const mail = {
        from: envelope.mailFrom.address,
        to: envelope.rcptTo.map(({ address }) => address),
        raw: Buffer.concat(chunks).toString('utf8'),
        secure,
        user: session.user,
      };
      process.send({ mail }, () => done());
    });
  },
});
server.on('error', () => {});

/** Ends all connections without a word. */
function cut() {
  for (const connection of server.connections) connection._socket.destroy();
}

/** Says a byte every now and then, and never a line. */
const drip = createServer((socket) => {
  socket.on('error', () => {});
  const timer = setInterval(() => socket.write('x'), 50);
  socket.on('close', () => clearInterval(timer));
});

process.on('message', ({ behave }) => {
  if (behave !== undefined) {
    behaviour = behave;
    seenGrey.clear();
  }
  process.send({ ok: true });
});
process.on('disconnect', () => process.exit());

drip.listen(0, '127.0.0.1', () => {
  const listening = server.listen(0, '127.0.0.1', () =>
    process.send({ port: listening.address().port, dripping: drip.address().port }),
  );
});

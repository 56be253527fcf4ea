// A resource server that introspects at `provider.mjs`: `node resource.mjs config.json`.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, createServer, request as ask } from 'node:https';

const config = JSON.parse(readFileSync(process.argv[2]));
const read = (path) => readFileSync(path);

const ACCOUNTS = JSON.stringify({
  accounts: [1, 2].map((number) => ({
    account_id: `${number}`, currency: 'GBP', name: `Account ${number}`,
    iban: `GB33BUKB2020155555555${number}`, balance: { amount: '1234.50', currency: 'GBP' },
  })),
});

const agent = new Agent({
  keepAlive: true, cert: read(config.introspectingCertificate), key: read(config.introspectingKey),
  ca: read(config.serverRoots),
});

function introspect(token) {
  const body = new URLSearchParams({ client_id: config.introspecting, token }).toString();
  return new Promise((resolve, reject) => {
    const asked = ask({
      agent, host: '127.0.0.1', servername: 'localhost', port: config.provider,
      path: '/token/introspection', method: 'POST',
      headers: {
        Host: `localhost:${config.provider}`, 'Content-Length': Buffer.byteLength(body),
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(parts))));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

// RFC 8705 section 3: for the certificate of this connection, else 401.
async function isAllowed(request) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const presented = request.socket.getPeerX509Certificate();
  if (scheme !== 'Bearer' || !token || !presented) return false;
  const answer = await introspect(token);
  const thumbprint = createHash('sha256').update(presented.raw).digest('base64url');
  return answer.active && answer.cnf?.['x5t#S256'] === thumbprint
    && answer.scope.split(' ').includes('accounts');
}

const server = createServer({
  key: read(config.key), cert: read(config.certificate),
  requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3',
}, async (request, response) => {
  const allowed = await isAllowed(request).catch((error) => console.error(error));
  const body = allowed ? ACCOUNTS : '{"error":"invalid_token"}';
  response.writeHead(allowed ? 200 : 401, {
    'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body),
  }).end(body);
});
server.listen(config.port, '127.0.0.1');

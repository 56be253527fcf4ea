// SHA-256 (FIPS 180-4), so that the page works the digest out before the reader's eyes
// instead of repeating what it was told. WebCrypto answers only later; this is at once.

const SHA256_PRIMES = firstPrimes(64);
const SHA256_CONSTANTS = SHA256_PRIMES.map((prime) => fractionOf(Math.cbrt(prime)));
const SHA256_START = SHA256_PRIMES.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)));

/** The 32 bytes of the SHA-256 digest. */
function sha256(bytes) {
  const padded = sha256Padded(bytes);
  const state = Uint32Array.from(SHA256_START);
  for (let at = 0; at < padded.byteLength; at += 64) sha256Block(state, padded, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, n) => digest.setUint32(4 * n, word));
  return new Uint8Array(digest.buffer);
}

/** Section 5.1.1: a one bit, zeros, and the length in bits as the last eight bytes. */
function sha256Padded(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  return view;
}

/** Section 6.2.2: one block of 64 bytes. */
function sha256Block(state, padded, at) {
  const w = new Uint32Array(64);
  for (let t = 0; t < 16; t++) w[t] = padded.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const s0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + SHA256_CONSTANTS[t] + w[t]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, n) => (state[n] += word));
}

function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fraction, from which the constants are made. */
function fractionOf(number) {
  return Math.floor((number - Math.floor(number)) * 0x100000000);
}

function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes;
}

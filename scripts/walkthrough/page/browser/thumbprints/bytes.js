// Bytes and their spellings: base64, base64url, hex, UTF-8, JWT. What cannot be read is
// null, never an exception: everything here came from the wire.

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DEEPEST_JSON = 32;

/** The bytes of base64 or base64url, padded or not, or null. */
function bytesOfBase64(text) {
  if (typeof text !== "string") return null;
  const digits = text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  if (!/^[A-Za-z0-9_-]*$/.test(digits) || digits.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let held = 0;
  let count = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | BASE64URL.indexOf(digit)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = (held >> count) & 0xff;
    }
  }
  return bytes;
}

/** base64url without padding. */
function base64url(bytes) {
  const sixes = bitsOf(bytes).match(/.{1,6}/g) ?? [];
  return sixes.map((six) => BASE64URL[Number.parseInt(six.padEnd(6, "0"), 2)]).join("");
}

/** The bits of some bytes as a text of 0 and 1, the highest first. */
function bitsOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
}

/** Each byte as two hex digits. */
function hexDigits(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
}

/** A hex dump: lines of offset, sixteen bytes, and what of them is printable ASCII. */
function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const some = bytes.subarray(at, at + 16);
    const digits = hexDigits(some);
    const left = digits.slice(0, 8).join(" ");
    const right = digits.slice(8).join(" ");
    lines.push({
      offset: at.toString(16).padStart(4, "0"),
      hex: `${left.padEnd(23)}  ${right.padEnd(23)}`,
      ascii: String.fromCharCode(...some).replace(/[^ -~]/g, "·"),
    });
  }
  return lines;
}

/** Text from UTF-8, or null. */
function textOfUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A JSON value from its text, or undefined; so is one that is too deep to be drawn. */
function valueOfJson(text) {
  try {
    const value = JSON.parse(text);
    return isDeeper(value, DEEPEST_JSON) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether a JSON value has more than so many objects and arrays in one another. */
function isDeeper(value, most) {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((each) => isDeeper(each, most - 1));
}

/** Whether a value is a JSON object, and no array and no null. */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A signed JWT taken apart, or null where *text* is none. Nothing is verified. */
function decodedJwt(text) {
  if (typeof text !== "string") return null;
  const raw = text.split(".");
  if (raw.length !== 3) return null;
  const [header, claims] = raw.slice(0, 2).map((part) => {
    const bytes = part === "" ? null : bytesOfBase64(part);
    const decoded = bytes && textOfUtf8(bytes);
    return decoded === null ? undefined : valueOfJson(decoded);
  });
  const signature = bytesOfBase64(raw[2]);
  if (!isObject(header) || !isObject(claims) || signature === null) return null;
  return { raw, header, claims, signature };
}

/** The certificate's thumbprint in the cnf of a token's claims, or undefined. */
function confirmedThumbprint(claims) {
  const cnf = isObject(claims) ? claims.cnf : undefined;
  return isObject(cnf) ? cnf["x5t#S256"] : undefined;
}

/** PEM of a certificate whose DER is given in standard base64. */
function pemOf(der) {
  const lines = String(der).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

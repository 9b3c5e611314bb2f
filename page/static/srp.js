// Secure Remote Password as in Cognito's USER_SRP_AUTH: the password never leaves the page.

const N = BigInt("0x" +
  "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
  "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
  "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
  "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
  "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
  "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
  "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
  "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF");
const G = 2n;
const text = new TextEncoder();

function power(base, exponent) {
  let result = 1n;
  for (base %= N; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % N;
    base = base * base % N;
  }
  return result;
}

// A number's bytes, with a leading zero if the first bit would otherwise mean a sign.
function bytes(number) {
  let hex = number.toString(16);
  if (hex.length % 2) hex = "0" + hex;
  if (hex[0] > "7") hex = "00" + hex;
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

const number = (array) => BigInt("0x" + Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join(""));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const fromBase64 = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const toBase64 = (array) => btoa(String.fromCharCode(...array));

async function hmac(key, ...parts) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, joined(...parts)));
}

// The form of time that Cognito signs: "Thu Nov 26 01:02:03 UTC 2026", the day without a leading zero.
function timestamp(now = new Date()) {
  const [weekday, day, month, year, time] = now.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
}

export function srpStart() {
  const secret = number(crypto.getRandomValues(new Uint8Array(128)));
  return { secret, open: power(G, secret) };
}

export async function srpProof(started, poolName, password, challenge, now = timestamp()) {
  const serverOpen = BigInt("0x" + challenge.SRP_B);
  if (serverOpen % N === 0n) throw new Error("The server's number is not sound.");
  const user = text.encode(poolName + challenge.USER_ID_FOR_SRP);
  const inner = await sha256(user, text.encode(":" + password));
  const x = number(await sha256(bytes(BigInt("0x" + challenge.SALT)), inner));
  const u = number(await sha256(bytes(started.open), bytes(serverOpen)));
  const k = number(await sha256(bytes(N), bytes(G)));
  const base = ((serverOpen - k * power(G, x)) % N + N) % N;
  const shared = power(base, started.secret + u * x);
  const key = (await hmac(await hmac(bytes(u), bytes(shared)), text.encode("Caldera Derived Key\u0001"))).slice(0, 16);
  const signature = await hmac(key, user, fromBase64(challenge.SECRET_BLOCK), text.encode(now));
  return { signature: toBase64(signature), timestamp: now };
}

// Asks the API for a ride until it answers, with one idempotency key, so that asking again makes no second ride.

// The last request: after a reload it is sent again with the same key. It is kept until its unicorn has arrived, since the
// answer may come to a page that is about to be reloaded.
const KEPT = "ride-under-way";
export const SESSION_ENDED = "SessionEnded";
export const NO_CONNECTION = "There is no connection. Press the button again when you are online: it is still the same request, so you get one ride.";

export const kept = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
export const forgetRide = () => sessionStorage.removeItem(KEPT);
const keep = (ride) => sessionStorage.setItem(KEPT, JSON.stringify(ride));

// The request that is still unanswered, if it is for the same pickup: its key stays. Otherwise one with a new key.
export function rideFor(asked) {
  const last = kept();
  if (last && !last.answered && JSON.stringify(last.asked) === JSON.stringify(asked)) return last;
  return { key: crypto.randomUUID(), rider: rider(), asked };
}

// Returns the API's answer, and when the first one came: in milliseconds since 1970.
export async function askFor(ride) {
  keep(ride);
  const answer = await send(ride, currentSession());
  const answered = ride.answered ?? Date.now();
  keep({ ...ride, answered });
  say("");
  return { answer, answered };
}

function requireSession(session) {
  if (session !== currentSession()) throw new Problem("The rider who asked has signed out.");
}

// Sends a request until it is answered: once more with fresh tokens, and again whenever the function says to come back.
async function send(ride, session, mayRefresh = true, tries = 4) {
  let response;
  try {
    response = await fetch("/ride", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${idToken()}`, "idempotency-key": ride.key },
      body: JSON.stringify(ride.asked),
    });
  } catch {
    throw new Problem(NO_CONNECTION);
  }
  const answer = await response.json().catch(() => ({}));
  requireSession(session);
  if (response.status === 201) return answer;
  const isFresh = response.status === 401 && mayRefresh && await refresh().then(() => true, () => false);
  requireSession(session);
  if (isFresh) return send(ride, session, false, tries);
  if (response.status === 401) throw new Problem("Your session has ended. Sign in again; your request is kept.", SESSION_ENDED);
  if (response.status === 503 && response.headers.get("retry-after") && tries > 1) {
    const seconds = Math.min(Number(response.headers.get("retry-after")) || 1, 30);
    say(`All stables are busy. Asking again in ${seconds} ${seconds === 1 ? "second" : "seconds"} …`);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    requireSession(session);
    return send(ride, session, mayRefresh, tries - 1);
  }
  if (response.status < 500 && response.status !== 429) forgetRide();
  throw new Problem(sentenceOf(response.status, answer));
}

function sentenceOf(status, { Error: sentence, Reference: reference } = {}) {
  if (status === 429) return "Too many requests at once. Wait a moment, then press the button again.";
  if (status >= 500) return `No unicorn could be sent. Press the button again in a moment.${reference ? ` Reference: ${reference}` : ""}`;
  return sentence ?? `The request was refused (${status}). Choose another place and try again.`;
}

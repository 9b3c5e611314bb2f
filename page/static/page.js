// What a person does here: sign up, sign in, choose a pickup, ask for a unicorn, watch it come.

const $ = (id) => document.getElementById(id);
const fleet = JSON.parse(config.fleet);
// The last request: after a reload it is sent again with the same key, which makes no second ride. It is kept until its unicorn has
// arrived, since the answer may come to a page that is about to be reloaded.
const KEPT = "ride-under-way";
// Who is signed in on this tab: a reload ends the session, since tokens stay in memory.
const RIDER = "rider";
const rideButton = $("ride").querySelector("button");
const NO_CONNECTION = "There is no connection. Press the button again when you are online: it is still the same request, so you get one ride.";
// Each stay between sign-in and sign-out has a number: what was begun in one says and shows nothing in the next.
let name = "", password = "", flight = 0, stay = 0;

const message = () => ($("enter").hidden ? $("ride-message") : $("message"));

function say(sentence, kind = "") {
  message().dataset.kind = kind;
  message().textContent = sentence;
  // At the sign-in it is always in view; and what moves under a double click is clicked by mistake.
  if (kind === "bad" && message().id === "ride-message") message().scrollIntoView({ block: "nearest" });
}

// For those who cannot see what changed.
const announce = (sentence) => { $("announcement").textContent = sentence; };

function show(formId, focus = true) {
  for (const form of $("enter").querySelectorAll("form")) form.hidden = form.id !== formId;
  $("enter").dataset.form = formId;
  for (const input of document.querySelectorAll("[aria-invalid]")) input.setAttribute("aria-invalid", "false");
  say("");
  if (focus) $(formId).querySelector("input").focus();
}

const isBusy = (button) => button.getAttribute("aria-disabled") === "true";

// Runs what a button is for, once at a time, and turns a problem into a sentence.
async function once(button, act, meanwhile = "One moment …") {
  if (isBusy(button)) return;
  const mine = stay;
  button.setAttribute("aria-disabled", "true");
  say(meanwhile);
  try {
    await act();
  } catch (problem) {
    if (mine !== stay) return;
    if (!(problem instanceof Problem)) console.error(problem.message);
    say(problem instanceof Problem ? problem.message : "Something went wrong on this page. Reload it and try again.", "bad");
    mark(button.form?.elements[problem.field]);
    if (problem.code === "UserNotConfirmedException") askForCode("the address you gave", problem.message);
  } finally {
    if (mine === stay) button.setAttribute("aria-disabled", "false");
  }
}

function onSubmit(formId, act) {
  const form = $(formId), button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBusy(button) || !isComplete(form)) return;
    once(button, () => act(Object.fromEntries(new FormData(form))));
  });
}

function isComplete(form) {
  for (const input of form.querySelectorAll("input")) {
    input.setAttribute("aria-invalid", String(!input.validity.valid));
  }
  const wrong = form.querySelector('[aria-invalid="true"]');
  if (!wrong) return true;
  say(`${form.querySelector(`label[for="${wrong.id}"]`).textContent}: ${whatIsWrong(wrong)}`, "bad");
  goTo(wrong);
  return false;
}

function goTo(wrong) {
  wrong.focus();
  // The sentence may have come to stand over it.
  wrong.scrollIntoView({ block: "center" });
}

// Marks what the sign-in service refused, as a field is that the browser finds wrong.
function mark(input) {
  if (!input) return;
  input.setAttribute("aria-invalid", "true");
  goTo(input);
}

function whatIsWrong({ form, validity, validationMessage, min, max, minLength }) {
  if (validity.valueMissing) return form.id === "ride" ? "enter it, or choose a place on the map." : "fill this in.";
  if (validity.tooShort) return `at least ${minLength} characters.`;
  if (validity.patternMismatch) return "the six digits from the mail.";
  if (validity.typeMismatch) return "write it like zoe@example.com.";
  if (validity.rangeUnderflow || validity.rangeOverflow) return `a number from ${min} to ${max}.`;
  return validationMessage;
}

// What was put right is not marked any more, and its sentence goes.
for (const form of document.forms) {
  form.addEventListener("input", ({ target }) => {
    if (!target.validity.valid) return;
    target.setAttribute("aria-invalid", "false");
    if (message().dataset.kind === "bad" && !form.querySelector('[aria-invalid="true"]')) say("");
  });
}

function askForCode(where, sentence = "") {
  show("confirm");
  $("confirm-where").textContent = `A six-digit code was sent to ${where}.`;
  if (sentence) say(sentence, "bad");
}

async function enter() {
  await signIn(name, password);
  password = "";
  for (const input of $("enter").querySelectorAll("input[type=password]")) input.value = "";
  $("rider").textContent = rider();
  sessionStorage.setItem(RIDER, rider());
  if (kept()?.rider !== rider()) sessionStorage.removeItem(KEPT);
  $("account").hidden = $("travel").hidden = false;
  say("");
  $("enter").hidden = true;
  $("travel-title").tabIndex = -1;
  $("travel-title").focus();
  resumeRide();
}

async function leave(sentence = "You are signed out.", kind = "good") {
  stay += 1;
  sessionStorage.removeItem(RIDER);
  clearRide();
  clearMap();
  clearTimeout(reading);
  announce("");
  for (const form of document.forms) form.reset();
  for (const button of document.querySelectorAll("form [aria-disabled]")) button.setAttribute("aria-disabled", "false");
  say("");
  $("account").hidden = $("travel").hidden = true;
  $("enter").hidden = false;
  show("sign-in");
  say(sentence, kind);
  await signOut();
}

onSubmit("sign-in", async (given) => {
  ({ username: name, password } = given);
  await enter();
});

onSubmit("sign-up", async (given) => {
  ({ username: name, password } = given);
  const answer = await signUp(name, given.email, password);
  askForCode(answer.CodeDeliveryDetails?.Destination ?? given.email);
});

onSubmit("confirm", async ({ code }) => {
  await confirm(name, code);
  if (password) return enter();
  show("sign-in");
  say("Your email address is confirmed. Sign in.", "good");
});

onSubmit("forgot", async ({ username }) => {
  name = username;
  await forgot(name);
  show("reset");
});

onSubmit("reset", async ({ code, password: chosen }) => {
  await reset(name, code, chosen);
  password = chosen;
  await enter();
});

function onResend(buttonId, send, sentence) {
  const button = $(buttonId), code = button.form.elements.code;
  button.addEventListener("click", () => once(button, async () => {
    await send(name);
    code.value = "";
    code.setAttribute("aria-invalid", "false");
    say(sentence, "good");
  }));
}

onResend("confirm-resend", resend, "A new code was sent.");
onResend("reset-resend", forgot, "If there is such an account, a new code was sent.");
for (const input of document.querySelectorAll("[name=code]")) {
  input.addEventListener("input", () => {
    const digits = input.value.replace(/\D/g, "");
    if (input.value !== digits) input.value = digits;
  });
}
$("sign-out").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  leave();
});
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}

function choose({ latitude, longitude }) {
  if (hasArrived()) clearRide();
  $("latitude").value = latitude.toFixed(4);
  $("longitude").value = longitude.toFixed(4);
  for (const id of ["latitude", "longitude"]) $(id).setAttribute("aria-invalid", "false");
  if (message().dataset.kind === "bad") say("");
  drop({ latitude, longitude });
}

for (const id of ["latitude", "longitude"]) {
  $(id).addEventListener("change", () => {
    if (!$("latitude").validity.valid || !$("longitude").validity.valid) return;
    if (hasArrived()) clearRide();
    const at = { latitude: Number($("latitude").value), longitude: Number($("longitude").value) };
    drop(at);
    lookAt(toMap(at));
  });
}

onSubmit("ride", async ({ latitude, longitude }) => {
  await ask(rideFor({ PickupLocation: { Latitude: Number(latitude), Longitude: Number(longitude) } }));
});

const kept = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
const keep = (ride) => sessionStorage.setItem(KEPT, JSON.stringify(ride));

// The request without an answer, if it is the same rider's to the same pickup: its key stays. Else a new one.
function rideFor(asked) {
  const last = kept();
  if (last && !last.answered && JSON.stringify(last.asked) === JSON.stringify(asked)) return last;
  return { key: crypto.randomUUID(), rider: rider(), asked };
}

async function ask(ride) {
  keep(ride);
  const answer = await send(ride, stay);
  const answered = ride.answered ?? Date.now();
  keep({ ...ride, answered });
  say("");
  showRide(answer, ride.asked.PickupLocation, answered);
}

function mustStay(mine) {
  if (mine !== stay) throw new Problem("The rider who asked has signed out.");
}

// Sends a ride until it is answered: once more with fresh tokens, and as often as the function says to come back.
async function send(ride, mine, mayRefresh = true, tries = 4) {
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
  mustStay(mine);
  if (response.status === 201) return answer;
  const isFresh = response.status === 401 && mayRefresh && await refresh().then(() => true, () => false);
  mustStay(mine);
  if (isFresh) return send(ride, mine, false, tries);
  if (response.status === 401) {
    await leave("Your session has ended. Sign in again; your request is kept.", "bad");
    throw new Problem("Your session has ended. Sign in again; your request is kept.");
  }
  if (response.status === 503 && response.headers.get("retry-after") && tries > 1) {
    const seconds = Math.min(Number(response.headers.get("retry-after")) || 1, 30);
    say(`All stables are busy. Asking again in ${seconds} ${seconds === 1 ? "second" : "seconds"} …`);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    mustStay(mine);
    return send(ride, mine, mayRefresh, tries - 1);
  }
  if (response.status < 500 && response.status !== 429) sessionStorage.removeItem(KEPT);
  throw new Problem(sentenceOf(response.status, answer));
}

function sentenceOf(status, { Error: sentence, Reference: reference } = {}) {
  if (status === 429) return "Too many requests at once. Wait a moment, then press the button again.";
  if (status >= 500) return `No unicorn could be sent. Press the button again in a moment.${reference ? ` Reference: ${reference}` : ""}`;
  return sentence ?? `The request was refused (${status}). Choose another place and try again.`;
}

function resumeRide() {
  const ride = kept();
  if (!ride) return;
  const { Latitude: latitude, Longitude: longitude } = ride.asked.PickupLocation;
  choose({ latitude, longitude });
  once(rideButton, () => ask(ride), "Asking again for the unicorn you requested …");
}

// `answered`, in milliseconds since 1970, is when the unicorn set out.
function showRide(answer, pickup, answered) {
  const { Name, Color, Gender } = answer.Unicorn;
  $("result-title").textContent = `${Name} is on the way`;
  $("result-unicorn").textContent = `${Name}, ${Color}, ${Gender}`;
  $("result-eta").textContent = spoken(secondsOf(answer.Eta));
  $("result-pickup").textContent = `${pickup.Latitude}, ${pickup.Longitude}`;
  $("result-id").textContent = answer.RideId;
  $("result").hidden = false;
  // Below the map on a small screen: both are to be in view.
  $("result-title").focus({ preventScroll: true });
  $("result").scrollIntoView({ block: "nearest" });
  fly(Name, pickup, answer.Eta, answered);
}

const hasArrived = () => $("result").dataset.arrived === "true";

function clearRide() {
  cancelAnimationFrame(flight);
  $("result").hidden = true;
  $("result").dataset.arrived = "false";
  clearFlight();
}

const SECONDS = { second: 1, minute: 60 };
// How many times faster a flight is shown: the first that takes a minute at most.
const SPEEDS = [1, 60, 600, 3600];

function secondsOf(eta) {
  const [count, unit] = eta.split(" ");
  return Number(count) * SECONDS[unit.replace(/s$/, "")];
}

function fly(name, pickup, eta, answered) {
  cancelAnimationFrame(flight);
  $("result").dataset.arrived = "false";
  const unicorn = fleet.find((one) => one.Name === name), seconds = secondsOf(eta);
  const to = toMap({ latitude: pickup.Latitude, longitude: pickup.Longitude });
  const from = unicorn?.Latitude === undefined ? { x: to.x, y: 0 } : toMap({ latitude: unicorn.Latitude, longitude: unicorn.Longitude });
  const way = shortWay(from, to);
  draw(way);
  for (const id of ["track", "goal", "unicorn"]) $(id).removeAttribute("hidden");
  place($("goal"), to);
  label();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const speed = SPEEDS.find((times) => seconds / times <= 60) ?? SPEEDS.at(-1);
  const step = () => {
    const flown = Math.min(Math.max(Date.now() - answered, 0) / 1000 * speed / seconds, 1);
    const shown = still ? Math.floor(flown * 4) / 4 : flown;
    place($("unicorn"), way.at(shown));
    const left = Math.ceil(seconds * (1 - flown));
    const fast = speed > 1 ? ` (shown ${speed} times faster)` : "";
    $("countdown").textContent = flown < 1 ? `${spoken(left)} to go${fast}` : "";
    if (flown < 1) flight = requestAnimationFrame(step);
    else arrive(name);
  };
  flight = requestAnimationFrame(step);
}

function arrive(name) {
  if (kept()?.answered) sessionStorage.removeItem(KEPT);
  $("result").dataset.arrived = "true";
  $("result-title").textContent = `${name} has arrived`;
  announce(`${name} has arrived.`);
}

const counted = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

function spoken(seconds) {
  if (seconds < 60) return counted(seconds, "second");
  const minutes = Math.ceil(seconds / 60), hours = Math.floor(minutes / 60);
  if (!hours) return counted(minutes, "minute");
  return minutes % 60 ? `${counted(hours, "hour")} ${counted(minutes % 60, "minute")}` : counted(hours, "hour");
}

// Screen readers read the place when the keys have stopped moving it.
let reading = 0;
onPick((at) => {
  choose(at);
  clearTimeout(reading);
  reading = setTimeout(() => announce(`Pickup at ${spokenPlace(at)}`), 400);
}, () => $("ride").requestSubmit(rideButton));
$("zoom-in").addEventListener("click", () => zoom(0.5));
$("zoom-out").addEventListener("click", () => zoom(2));
showHomes(fleet);
show("sign-in", false);
const reloaded = sessionStorage.getItem(RIDER);
if (reloaded) {
  $("in-name").value = reloaded;
  $("in-password").focus();
}
if (kept()) say(`A reload ends your session. Sign in again to see your ${kept().answered ? "ride" : "request go on"}.`);
else if (reloaded) say("A reload ends your session. Sign in again.");
addEventListener("online", () => {
  if (message().textContent === NO_CONNECTION) say("You are online again. Press the button again.", "good");
});

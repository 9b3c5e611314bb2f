// What a person does here: sign up, sign in, choose a pickup, ask for a unicorn, watch it come.

const $ = (id) => document.getElementById(id);
const fleet = JSON.parse(config.fleet);
// A request under way, kept so that asking again after a reload, with the same key, makes no second ride.
const PENDING = "ride-under-way";
let name = "", password = "", flight = 0;

function say(sentence, kind = "") {
  $("message").dataset.kind = kind;
  $("message").textContent = sentence;
}

function show(formId, focus = true) {
  for (const form of $("enter").querySelectorAll("form")) form.hidden = form.id !== formId;
  say("");
  if (focus) $(formId).querySelector("input").focus();
}

// Runs what a form is for, once at a time, and turns a problem into a sentence.
function onSubmit(formId, act) {
  const form = $(formId), button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true" || !isComplete(form)) return;
    button.setAttribute("aria-disabled", "true");
    say("One moment …");
    try {
      await act(Object.fromEntries(new FormData(form)));
    } catch (problem) {
      if (!(problem instanceof Problem)) console.error(problem.message);
      say(problem instanceof Problem ? problem.message : "Something went wrong on this page. Reload it and try again.", "bad");
      if (problem.code === "UserNotConfirmedException") askForCode("the address you gave", problem.message);
    } finally {
      button.setAttribute("aria-disabled", "false");
    }
  });
}

function isComplete(form) {
  for (const input of form.querySelectorAll("input")) {
    input.setAttribute("aria-invalid", String(!input.validity.valid));
  }
  const wrong = form.querySelector('[aria-invalid="true"]');
  if (!wrong) return true;
  say(`${form.querySelector(`label[for="${wrong.id}"]`).textContent}: ${wrong.validationMessage}`, "bad");
  wrong.focus();
  return false;
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
  $("account").hidden = $("travel").hidden = false;
  $("enter").hidden = true;
  say("");
  $("travel-title").tabIndex = -1;
  $("travel-title").focus();
  resumeRide();
}

async function leave(sentence = "You are signed out.", kind = "good") {
  cancelAnimationFrame(flight);
  $("account").hidden = $("travel").hidden = $("result").hidden = true;
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
  await confirm(name, code.trim());
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
  await reset(name, code.trim(), chosen);
  password = chosen;
  await enter();
});

$("resend").addEventListener("click", () =>
  resend(name).then(() => say("A new code was sent.", "good"), (problem) => say(problem.message, "bad")));
$("sign-out").addEventListener("click", () => leave());
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}

function choose({ latitude, longitude }) {
  $("latitude").value = latitude.toFixed(4);
  $("longitude").value = longitude.toFixed(4);
  drop({ latitude, longitude });
}

for (const id of ["latitude", "longitude"]) {
  $(id).addEventListener("change", () => {
    if (!$("latitude").validity.valid || !$("longitude").validity.valid) return;
    const at = { latitude: Number($("latitude").value), longitude: Number($("longitude").value) };
    drop(at);
    lookAt(toMap(at));
  });
}

onSubmit("ride", async ({ latitude, longitude }) => {
  const asked = { PickupLocation: { Latitude: Number(latitude), Longitude: Number(longitude) } };
  await ask({ key: crypto.randomUUID(), rider: rider(), asked });
});

async function ask(ride) {
  sessionStorage.setItem(PENDING, JSON.stringify(ride));
  const answer = await send(ride);
  sessionStorage.removeItem(PENDING);
  say("");
  showRide(answer, ride.asked.PickupLocation);
}

// Sends a ride until it is answered: once more with fresh tokens, and as often as the function says to come back.
async function send(ride, mayRefresh = true, tries = 4) {
  let response;
  try {
    response = await fetch("/ride", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${idToken()}`, "idempotency-key": ride.key },
      body: JSON.stringify(ride.asked),
    });
  } catch {
    throw new Problem("There is no connection. Your request is kept: press the button again when you are back online.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.status === 201) return answer;
  if (response.status === 401 && mayRefresh && await refresh().then(() => true, () => false)) return send(ride, false, tries);
  if (response.status === 401) {
    await leave("Your session has ended. Sign in again; your request is kept.", "bad");
    throw new Problem("Your session has ended. Sign in again; your request is kept.");
  }
  if (response.status === 503 && response.headers.get("retry-after") && tries > 1) {
    const seconds = Math.min(Number(response.headers.get("retry-after")) || 1, 30);
    say(`All stables are busy. Asking again in ${seconds} ${seconds === 1 ? "second" : "seconds"} …`);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    return send(ride, mayRefresh, tries - 1);
  }
  if (response.status < 500) sessionStorage.removeItem(PENDING);
  throw new Problem(sentenceOf(response.status, answer));
}

function sentenceOf(status, { Error: sentence, Reference: reference } = {}) {
  if (status === 429) return "Too many requests at once. Wait a moment, then press the button again.";
  if (status >= 500) return `No unicorn could be sent. Press the button again in a moment.${reference ? ` Reference: ${reference}` : ""}`;
  return sentence ?? `The request was refused (${status}). Choose another place and try again.`;
}

function resumeRide() {
  const ride = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  if (!ride || ride.rider !== rider()) return;
  const { Latitude: latitude, Longitude: longitude } = ride.asked.PickupLocation;
  choose({ latitude, longitude });
  say("Asking again for the unicorn you requested …");
  ask(ride).catch((problem) => say(problem.message, "bad"));
}

function showRide(answer, pickup) {
  const { Name, Color, Gender } = answer.Unicorn;
  $("result-title").textContent = `${Name} is on the way`;
  $("result-unicorn").textContent = `${Name}, ${Color}, ${Gender}`;
  $("result-eta").textContent = answer.Eta;
  $("result-id").textContent = answer.RideId;
  $("result").hidden = false;
  $("result-title").focus();
  fly(fleet.find((one) => one.Name === Name), pickup, answer.Eta);
}

const SECONDS = { second: 1, minute: 60 };
const FAST = 60; // what takes longer than a minute is shown a minute a second

function fly(unicorn, pickup, eta) {
  cancelAnimationFrame(flight);
  const [count, unit] = eta.split(" ");
  const seconds = Number(count) * SECONDS[unit.replace(/s$/, "")];
  const to = toMap({ latitude: pickup.Latitude, longitude: pickup.Longitude });
  const from = unicorn?.Latitude === undefined ? { x: to.x, y: 0 } : toMap({ latitude: unicorn.Latitude, longitude: unicorn.Longitude });
  lookAtBoth(from, to);
  $("track").setAttribute("d", `M${from.x} ${from.y}L${to.x} ${to.y}`);
  for (const id of ["track", "unicorn"]) $(id).removeAttribute("hidden");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const speed = seconds > 60 ? FAST : 1;
  const begun = performance.now();
  const step = (now) => {
    const flown = Math.min((now - begun) / 1000 * speed / seconds, 1);
    const shown = still ? Math.floor(flown * 4) / 4 : flown;
    place($("unicorn"), { x: from.x + (to.x - from.x) * shown, y: from.y + (to.y - from.y) * shown });
    const left = Math.ceil(seconds * (1 - flown));
    const fast = speed > 1 ? ` (shown ${FAST} times faster)` : "";
    $("countdown").textContent = flown < 1 ? `${spoken(left)} to go${fast}` : "Your unicorn is here.";
    if (flown < 1) flight = requestAnimationFrame(step);
    else say("Your unicorn is here.", "good");
  };
  flight = requestAnimationFrame(step);
}

function spoken(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

onPick(choose);
$("zoom-in").addEventListener("click", () => zoom(0.5));
$("zoom-out").addEventListener("click", () => zoom(2));
showHomes(fleet);
show("sign-in", false);

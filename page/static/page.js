// What people do on the page: sign up, sign in, choose a pickup, request a unicorn, watch it come.

const fleet = JSON.parse(config.fleet);
// Who is signed in on this tab: a reload ends the session, since tokens stay in memory.
const RIDER = "rider";
const COPIED_MS = 2000;
const rideButton = $("ride").querySelector("button");
let name = "", password = "";

function askForCode(where, sentence = "") {
  show("confirm");
  $("confirm-where").textContent = `A six-digit code was sent to ${where}.`;
  if (sentence) say(sentence, "bad");
}

async function enter() {
  try {
    await signIn(name, password);
  } catch (problem) {
    if (problem.code !== "UserNotConfirmedException") throw problem;
    return askForCode("the address you gave", problem.message);
  }
  password = "";
  for (const input of $("enter").querySelectorAll("input[type=password]")) input.value = "";
  $("rider").textContent = rider();
  sessionStorage.setItem(RIDER, rider());
  if (kept()?.rider !== rider()) forgetRide();
  $("account").hidden = $("travel").hidden = false;
  say("");
  $("enter").hidden = true;
  $("travel-title").tabIndex = -1;
  $("travel-title").focus();
  resumeRide();
}

async function leave(sentence = "You are signed out.", kind = "good") {
  endSession();
  sessionStorage.removeItem(RIDER);
  clearRide();
  clearMap();
  clearTimeout(reading);
  announce("");
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
  const renew = async () => {
    await send(name);
    code.value = "";
    code.setAttribute("aria-invalid", "false");
    say(sentence, "good");
  };
  // Two codes would make the first useless: the second click of a double click may come after the answer to the first.
  button.addEventListener("click", ({ detail }) => { if (detail < 2) once(button, renew); });
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
  forgetRide();
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

async function ask(ride) {
  try {
    const { answer, answered } = await askFor(ride);
    showRide(answer, ride.asked.PickupLocation, answered);
  } catch (problem) {
    if (problem.code === SESSION_ENDED) await leave(problem.message, "bad");
    throw problem;
  }
}

function resumeRide() {
  const ride = kept();
  if (!ride) return;
  const { Latitude: latitude, Longitude: longitude } = ride.asked.PickupLocation;
  choose({ latitude, longitude });
  once(rideButton, () => ask(ride), "Asking again for the unicorn you requested …");
}

// `answered`, in milliseconds since 1970, is when the unicorn set out.
function showRide({ RideId, Unicorn: { Name, Color, Gender }, Eta }, pickup, answered) {
  const seconds = secondsOf(Eta), to = toMap({ latitude: pickup.Latitude, longitude: pickup.Longitude });
  $("result").dataset.arrived = "false";
  $("result-title").textContent = `${Name} is on the way`;
  $("result-unicorn").textContent = `${Name}, ${Color}, ${Gender}`;
  $("result-eta").textContent = spoken(seconds);
  $("result-pickup").textContent = `${pickup.Latitude}, ${pickup.Longitude}`;
  $("result-id").textContent = RideId;
  $("result").hidden = false;
  // On a small screen the result is below the map: both should be in view.
  $("result-title").focus({ preventScroll: true });
  $("result").scrollIntoView({ block: "nearest" });
  fly({ from: homeOf(Name, to), to, seconds, departed: answered }, showCountdown, () => arrive(Name));
}

// A unicorn without a home comes from the north.
function homeOf(unicornName, { x }) {
  const unicorn = fleet.find((one) => one.Name === unicornName);
  if (unicorn?.Latitude === undefined) return { x, y: 0 };
  return toMap({ latitude: unicorn.Latitude, longitude: unicorn.Longitude });
}

function showCountdown(seconds, speed) {
  const faster = speed > 1 ? ` (shown ${speed} times faster)` : "";
  $("countdown").textContent = seconds > 0 ? `${spoken(seconds)} to go${faster}` : "";
}

function arrive(unicornName) {
  if (kept()?.answered) forgetRide();
  $("result").dataset.arrived = "true";
  $("result-title").textContent = `${unicornName} has arrived`;
  announce(`${unicornName} has arrived.`);
}

const hasArrived = () => $("result").dataset.arrived === "true";

function clearRide() {
  $("result").hidden = true;
  $("result").dataset.arrived = "false";
  clearFlight();
}

// Where the browser denies the clipboard, the id is selected and copied by the older command, or by the rider.
async function copyId() {
  let isCopied = true;
  try {
    await navigator.clipboard.writeText($("result-id").textContent);
  } catch {
    getSelection().selectAllChildren($("result-id"));
    isCopied = document.execCommand("copy");
  }
  announce(isCopied ? "The ride's id is copied." : "The ride's id is selected: copy it with the keyboard.");
  $("copy-label").textContent = isCopied ? "Copied" : "Selected";
  setTimeout(() => { $("copy-label").textContent = "Copy"; }, COPIED_MS);
}

// Screen readers read the place when the keys have stopped moving it.
let reading = 0;
onPick((at) => {
  choose(at);
  clearTimeout(reading);
  reading = setTimeout(() => announce(`Pickup at ${spokenPlace(at)}`), 400);
}, () => $("ride").requestSubmit(rideButton));
$("copy-id").addEventListener("click", copyId);
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

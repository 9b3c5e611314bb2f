// Forms: one submission at a time, what is wrong with a field, and the sentence that reports the outcome.

export const $ = (id) => document.getElementById(id);
// Counts the sessions, each from a sign-in to a sign-out: what was started in one shows nothing in the next.
let session = 0;

export const currentSession = () => session;
export const message = () => ($("enter").hidden ? $("ride-message") : $("message"));

// Shows a sentence; `kind` is "good", "bad" or "".
export function say(sentence, kind = "") {
  message().dataset.kind = kind;
  message().textContent = sentence;
  // The sign-in's message is always in view. Scrolling there would move the form under a double click.
  if (kind === "bad" && message().id === "ride-message") message().scrollIntoView({ block: "nearest" });
}

// Lets screen readers read what changed elsewhere on the page.
export const announce = (sentence) => { $("announcement").textContent = sentence; };

export function show(formId, focus = true) {
  for (const form of $("enter").querySelectorAll("form")) form.hidden = form.id !== formId;
  $("enter").dataset.form = formId;
  for (const input of document.querySelectorAll("[aria-invalid]")) input.setAttribute("aria-invalid", "false");
  say("");
  if (focus) $(formId).querySelector("input").focus();
}

const isBusy = (button) => button.getAttribute("aria-disabled") === "true";

// Runs a button's action unless it is running already, and shows an error as a sentence.
export async function once(button, act, meanwhile = "One moment …") {
  if (isBusy(button)) return;
  const mine = session;
  button.setAttribute("aria-disabled", "true");
  say(meanwhile);
  try {
    await act();
  } catch (problem) {
    if (mine !== session) return;
    if (!(problem instanceof Problem)) console.error(problem.message);
    say(problem instanceof Problem ? problem.message : "Something went wrong on this page. Reload it and try again.", "bad");
    mark(button.form?.elements[problem.field]);
  } finally {
    if (mine === session) button.setAttribute("aria-disabled", "false");
  }
}

// Calls `act` with the values of a form's fields, by name, each time the form is submitted and complete.
export function onSubmit(formId, act) {
  const form = $(formId), button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBusy(button) || !isComplete(form)) return;
    once(button, () => act(Object.fromEntries(new FormData(form))));
  });
}

export function endSession() {
  session += 1;
  for (const form of document.forms) form.reset();
  for (const button of document.querySelectorAll("form [aria-disabled]")) button.setAttribute("aria-disabled", "false");
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
  // The message sticks to the bottom of the window and may cover the field.
  wrong.scrollIntoView({ block: "center" });
}

// Marks a field that the sign-in service refused, as one that the browser finds invalid is marked.
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

// A field that has been corrected is no longer marked; with the last of them the error message goes.
for (const form of document.forms) {
  form.addEventListener("input", ({ target }) => {
    if (!target.validity.valid) return;
    target.setAttribute("aria-invalid", "false");
    if (message().dataset.kind === "bad" && !form.querySelector('[aria-invalid="true"]')) say("");
  });
}

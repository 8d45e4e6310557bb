"use strict";
/* The pages of an application save themselves. Without script the button saves them. With it every change is sent
   0.8 s later with the revision the page knows; what cannot be sent is kept in this browser and sent again.
   While pinyin is being composed nothing is sent. Texts come from the page (data attributes and answers). */

const WAIT = 800;
const WAIT_TYPING = 3000;
const RETRY = 15000;
const DAYS_KEPT = 7;

const draft = document.querySelector("form[data-draft]");
const banner = document.getElementById("draft-banner");

/* --- On a telephone what stands beside the form folds to one line ------------------------------------------------------ */

if (window.matchMedia("(max-width: 999px)").matches) {
  document.querySelectorAll("details[data-fold]").forEach((part) => { part.open = false; });
}

/* --- What is kept in the browser --------------------------------------------------------------------------------------- */

const shelf = draft ? `draft:${draft.dataset.draft}` : "";

function keep(fields) {
  try {
    localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), revision: draft.elements.revision.value, fields }));
  } catch {
    /* a browser without storage: the page still warns before it is left */
  }
}

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(shelf));
    if (found && Date.now() - found.at < DAYS_KEPT * 86400000) return found;
    localStorage.removeItem(shelf);
  } catch {
    /* nothing readable is there */
  }
  return null;
}

function forget() {
  try {
    localStorage.removeItem(shelf);
  } catch {
    /* nothing to forget */
  }
}

/* --- What the page says about saving ------------------------------------------------------------------------------------ */

function say(text, { compare = false, restore = false } = {}) {
  banner.querySelector("[data-banner-text]").textContent = text;
  banner.querySelector("[data-compare]").hidden = !compare;
  banner.querySelector("[data-restore]").hidden = !restore;
  banner.querySelector("[data-forget]").hidden = !restore;
  banner.hidden = false;
}

function showSaved(text) {
  document.querySelector("[data-saved-text]").textContent = text;
  banner.hidden = true;
}

/* A mistake stands between hint and input, as when the server draws the page. */
function showErrors(errors, fields) {
  const touched = new Set([...fields.map(([name]) => name), ...Object.keys(errors)]);
  touched.forEach((name) => {
    const input = draft.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
    const box = input && input.closest(".field");
    if (!box) return;
    let line = box.querySelector(".error");
    box.classList.toggle("has-error", name in errors);
    if (!(name in errors)) {
      if (line) line.remove();
      input.removeAttribute("aria-invalid");
      return;
    }
    if (!line) {
      line = document.createElement("div");
      line.className = "error";
      line.id = `id_${name}_error`;
      const control = input.closest(".affix, .choices, .choice") || input;
      control.before(line);
    }
    line.textContent = errors[name];
    input.setAttribute("aria-invalid", "true");
  });
}

/* --- Sending ------------------------------------------------------------------------------------------------------------ */

let timer = 0;
let isSending = false;
let isAgain = false;
let isStopped = false;
let isComposingNow = false;
let pressed = null;

function fieldsOf() {
  return [...new FormData(draft)].filter(([name, value]) => {
    if (typeof value !== "string" || name === "csrfmiddlewaretoken" || name === "action") return false;
    const input = draft.querySelector(`[name="${CSS.escape(name)}"]`);
    return !(input && input.hasAttribute("data-not-saved"));
  });
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

async function send() {
  if (isStopped) return;
  if (isSending || isComposingNow) {
    isAgain = true;
    return;
  }
  clearTimeout(timer);
  isSending = true;
  const fields = fieldsOf();
  const body = new FormData();
  fields.forEach(([name, value]) => body.append(name, value));
  body.append("csrfmiddlewaretoken", draft.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(draft.dataset.autosave, { method: "POST", body, redirect: "manual" });
    await take(answer, fields);
  } catch {
    keep(fields);
    say(banner.dataset.offline);
    soon(RETRY);
  } finally {
    isSending = false;
    if (pressed) {
      const { button } = pressed;
      pressed = null;
      isAgain = false;
      draft.requestSubmit(button || undefined);
    } else if (isAgain) {
      isAgain = false;
      soon(WAIT);
    }
  }
}

async function take(answer, fields) {
  const isJson = (answer.headers.get("Content-Type") || "").includes("application/json");
  if (!isJson) {
    /* signed out, or the server is being looked after */
    keep(fields);
    say(banner.dataset.refused);
    soon(RETRY);
    return;
  }
  const found = await answer.json();
  if (answer.status === 409) {
    isStopped = true;
    keep(fields);
    say(found.conflict, { compare: true });
    return;
  }
  draft.elements.revision.value = found.revision;
  forget();
  showErrors(found.errors, fields);
  if (found.saved) {
    showSaved(found.saved);
    if (!isAgain) delete draft.dataset.changed;
  }
}

/* --- Taking over what an earlier visit left ----------------------------------------------------------------------------- */

function fill(fields) {
  const names = new Set(fields.map(([name]) => name));
  draft.querySelectorAll("input:not([type=hidden]), textarea, select").forEach((input) => {
    const values = fields.filter(([name]) => name === input.name).map(([, value]) => value);
    if (input.type === "checkbox" || input.type === "radio") {
      if (names.has(input.name) || input.type === "checkbox") input.checked = values.includes(input.value);
    } else if (values.length === 1) {
      [input.value] = values;
    }
  });
}

function offerKept() {
  const found = kept();
  if (!found) return;
  fill(found.fields);
  if (found.revision === draft.elements.revision.value) {
    send();
    return;
  }
  /* The application has gone on since: the server shows both versions. */
  draft.elements.revision.value = found.revision;
  isStopped = true;
  say(banner.dataset.kept, { restore: true });
}

function pressContinue() {
  forget();
  draft.requestSubmit(draft.querySelector("[data-key='ctrl+enter']"));
}

/* --- Events ------------------------------------------------------------------------------------------------------------- */

if (draft) {
  draft.addEventListener("change", (event) => {
    if (!event.target.hasAttribute("data-not-saved")) soon(WAIT);
  });
  draft.addEventListener("compositionstart", () => { isComposingNow = true; });
  draft.addEventListener("compositionend", () => {
    isComposingNow = false;
    soon(WAIT);
  });
  draft.addEventListener("input", (event) => {
    if (event.target.matches("textarea") && !event.isComposing) soon(WAIT_TYPING);
  });
  draft.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (isSending) {
      /* What is on its way comes first: else this page would race itself. */
      event.preventDefault();
      event.stopPropagation();
      pressed = { button: event.submitter };
      return;
    }
    isStopped = true;
    if (navigator.onLine) forget();
    else keep(fieldsOf());
  });
  window.addEventListener("online", () => { if (kept()) soon(0); });
  banner.querySelector("[data-compare]").addEventListener("click", pressContinue);
  banner.querySelector("[data-restore]").addEventListener("click", pressContinue);
  banner.querySelector("[data-forget]").addEventListener("click", () => {
    forget();
    location.reload();
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      send();
    }
    if (event.key === "Enter" && event.target.matches("input[type=search]")) {
      /* Enter in a search box searches; it does not leave the page. */
      event.preventDefault();
      const button = event.target.parentElement.querySelector("button[name=find]");
      if (button) button.click();
      else event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  offerKept();
}

"use strict";
/* The page works without this file. It adds: filling in demo accounts, shortcuts, the confirm dialog, guards against
   double posting and lost input, the colour theme. Texts come from the page (data attributes), so they are translated. */

const byId = (id) => document.getElementById(id);
const isTyping = (element) => element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
/* While pinyin is being composed every key belongs to the input method. */
const isComposing = (event) => event.isComposing || event.keyCode === 229;

/* --- Demo accounts: a button fills the sign-in form -------------------------------------------------------------- */

function fillAccount(button) {
  const form = document.querySelector("form[data-sign-in]");
  form.elements.username.value = button.dataset.fill;
  form.elements.password.value = button.dataset.password;
  form.querySelector("button").focus();
}

/* --- Confirm: a form or button with data-confirm asks first ------------------------------------------------------ */

const confirmed = new WeakSet();

function askFirst(event) {
  const form = event.target;
  const asker = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
  const dialog = byId("confirm");
  if (!asker.dataset.confirm || !dialog || confirmed.delete(form)) return false;
  event.preventDefault();
  byId("confirm-text").textContent = asker.dataset.confirm;
  dialog.returnValue = "cancel";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "confirm") return;
    confirmed.add(form);
    form.requestSubmit(event.submitter || undefined);
  }, { once: true });
  dialog.showModal();
  return true;
}

/* --- Double post: the server acts once anyway, this only stops the second request ---------------------------------- */

function holdButtons(form) {
  /* A tick later, so that the pressed button's own name and value still go along. */
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => {
    button.disabled = true;
    button.dataset.held = "";
  }));
}

function releaseButtons() {
  document.querySelectorAll("[data-held]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.held;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (askFirst(event)) return;
  form.dataset.sent = "";
  if (form.method === "post" && !form.hasAttribute("data-plain")) holdButtons(form);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) releaseButtons();
});

/* --- Lost input: a form with data-guard warns before the page is left ---------------------------------------------- */

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-guard")) form.dataset.changed = "";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]:not([data-sent])")) event.preventDefault();
});

/* --- Clicks -------------------------------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  if (fill) fillAccount(fill);
  if (event.target.closest("[data-print]")) window.print();
  const unfold = event.target.closest("[data-unfold]");
  if (unfold) document.querySelectorAll(`${unfold.dataset.unfold} details`).forEach((details) => { details.open = true; });
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

/* --- Keys: "/" goes to the search, data-key names the key of a control, Escape closes menus ------------------------- */

function press(control) {
  if (control.matches("input[type=radio], input[type=checkbox]")) {
    control.focus();
    control.click();
  } else if (control.matches("input, textarea, select")) {
    control.focus();
  } else {
    control.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  const held = event.ctrlKey || event.metaKey;
  if (event.altKey || (!held && isTyping(event.target)) || document.querySelector("dialog[open]")) return;
  const key = (held ? "ctrl+" : "") + event.key.toLowerCase();
  const control = key === "/" ? document.querySelector("[data-search]") : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control) return;
  event.preventDefault();
  press(control);
});

/* --- Ticked rows: how many, their sum, and a bar that is only there while something is ticked ------------------------ */

/* Amounts travel as whole fen: the sum is exact. */
function showFen(fen) {
  return `${Math.trunc(fen / 100).toLocaleString("en-US")}.${String(fen % 100).padStart(2, "0")}`;
}

function countPicks(form) {
  const boxes = [...form.querySelectorAll("[data-pick]")];
  const picked = boxes.filter((box) => box.checked);
  const text = form.querySelector("[data-picks-text]");
  const sum = picked.reduce((total, box) => total + Number(box.dataset.pick), 0);
  text.textContent = text.dataset.picksText.replace("{count}", picked.length).replace("{sum}", showFen(sum));
  form.querySelector("[data-picks-bar]").hidden = picked.length === 0;
  boxes.forEach((box) => box.closest("tr, li").classList.toggle("is-picked", box.checked));
  const all = form.querySelector("[data-pick-all]");
  if (!all) return;
  all.hidden = boxes.length === 0;
  all.checked = boxes.length > 0 && picked.length === boxes.length;
  all.indeterminate = picked.length > 0 && picked.length < boxes.length;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-picks]");
  if (!form) return;
  if (event.target.matches("[data-pick-all]")) {
    form.querySelectorAll("[data-pick]").forEach((box) => { box.checked = event.target.checked; });
  }
  countPicks(form);
});
document.addEventListener("reset", (event) => {
  /* A tick later, when the boxes are empty again. */
  if (event.target.matches("form[data-picks]")) setTimeout(() => countPicks(event.target));
});
/* On coming back the browser ticks again what was ticked. */
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-picks]").forEach(countPicks));

/* --- Colours: a cookie that the server reads, so that no page flashes ----------------------------------------------- */

function chooseTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax${secure}`;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice]")) chooseTheme(event.target.value);
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
document.querySelectorAll("[data-theme-choice]").forEach((select) => {
  select.value = document.documentElement.dataset.theme || "";
});

/* --- Focus goes to what needs attention: the error summary ----------------------------------------------------------- */

function focusAttention(root) {
  const target = root.querySelector("[data-focus]");
  if (target) target.focus();
}

focusAttention(document);
document.addEventListener("htmx:afterSettle", (event) => {
  releaseButtons();
  focusAttention(event.target);
});

/* --- A fragment that failed says so instead of doing nothing --------------------------------------------------------- */

function showToast(text) {
  const toast = byId("toast");
  if (!toast) return;
  toast.textContent = text;
  toast.hidden = false;
  setTimeout(() => { toast.hidden = true; }, 8000);
}

["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, () => {
    releaseButtons();
    showToast(byId("toast").dataset.failed);
  });
});

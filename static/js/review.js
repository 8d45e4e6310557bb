"use strict";
/* The split review. Without this file every link opens a page of its own; with it the middle and the right are swapped
   (htmx), the list marks where one is, sentences are put into the opinion, and the first case is open at once. */

const review = document.getElementById("review");
const WIDE = "(min-width: 1100px)";

/* --- The list marks the case that is shown --------------------------------------------------------------------- */

function markCurrent() {
  const shown = review.querySelector("[data-current]");
  const split = review.closest(".split");
  split.classList.toggle("has-case", shown !== null);
  split.classList.toggle("no-case", shown === null);
  const form = review.querySelector("form[data-outcomes]");
  const here = form ? new URL(form.action).pathname : "";
  document.querySelectorAll(".queue a").forEach((link) => {
    if (here && new URL(link.href).pathname === here) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  });
}

/* --- Phrases: those of the chosen outcome, put behind what is written ------------------------------------------- */

function offerPhrases() {
  const select = review.querySelector("[data-phrases]");
  if (!select) return;
  const chosen = review.querySelector("[name=outcome]:checked");
  let count = 0;
  select.querySelectorAll("option[data-outcome]").forEach((option) => {
    const fits = Boolean(chosen) && option.dataset.outcome === chosen.value;
    option.hidden = !fits;
    option.disabled = !fits;
    count += fits ? 1 : 0;
  });
  select.closest("[data-script-only]").hidden = count === 0;
}

function insertPhrase(select) {
  const opinion = document.getElementById(select.dataset.phrases);
  if (select.value) {
    opinion.value += select.value;
    opinion.dispatchEvent(new Event("input", { bubbles: true }));
    opinion.focus();
  }
  select.value = "";
}

review.addEventListener("change", (event) => {
  if (event.target.matches("[data-phrases]")) insertPhrase(event.target);
  if (event.target.matches("[name=outcome]")) offerPhrases();
});

/* --- Beginnings -------------------------------------------------------------------------------------------------- */

function show() {
  markCurrent();
  offerPhrases();
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === review) show();
});
document.addEventListener("htmx:historyRestore", () => window.location.reload());

show();
const first = document.querySelector("[data-open-first] .queue a");
if (first && window.matchMedia(WIDE).matches) {
  window.htmx.ajax("GET", first.getAttribute("href"), { target: "#review", swap: "innerHTML" });
}

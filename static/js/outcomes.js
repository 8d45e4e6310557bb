"use strict";
/* The form of a decision: only the fields that the chosen outcome needs are shown. Without script all of them are,
   each group under its heading, and the server asks for those it needs. */

function showNeeded(decision) {
  const chosen = decision.querySelector("[name=outcome]:checked");
  decision.querySelectorAll("fieldset[data-outcomes]").forEach((group) => {
    const outcomes = group.dataset.outcomes.split(" ").filter(Boolean);
    group.hidden = outcomes.length > 0 && !(chosen && outcomes.includes(chosen.value));
  });
}

function showAllNeeded() {
  document.querySelectorAll("form[data-outcomes]").forEach(showNeeded);
}

document.addEventListener("change", (event) => {
  const decision = event.target.closest("form[data-outcomes]");
  if (decision) showNeeded(decision);
});
/* A form that came after the page did. */
document.addEventListener("htmx:afterSettle", showAllNeeded);
showAllNeeded();

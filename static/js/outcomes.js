"use strict";
/* The form of a decision: only the fields that the chosen outcome needs are shown. Without script all of them are,
   each group under its heading, and the server asks for those it needs. */

const decision = document.querySelector("form[data-outcomes]");

function showNeeded() {
  const chosen = decision.querySelector("[name=outcome]:checked");
  decision.querySelectorAll("fieldset[data-outcomes]").forEach((group) => {
    const outcomes = group.dataset.outcomes.split(" ").filter(Boolean);
    group.hidden = outcomes.length > 0 && !(chosen && outcomes.includes(chosen.value));
  });
}

if (decision) {
  decision.addEventListener("change", showNeeded);
  showNeeded();
}

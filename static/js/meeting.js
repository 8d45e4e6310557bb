"use strict";
/* The votes of a meeting: what the numbers come to while they are typed. The server reckons again. */

document.querySelectorAll("[data-vote]").forEach((card) => {
  const [favour, against, abstained] = ["in_favour", "against", "abstained"].map(
    (name) => card.querySelector(`input[name$="-${name}"]`),
  );
  const said = card.querySelector("[data-vote-said]");
  const all = card.querySelector("[data-all-in-favour]");
  const base = Number(card.dataset.base);
  const present = Number(card.dataset.present);

  function tell() {
    const typed = [favour, against, abstained].map((input) => input.value.trim());
    if (typed.some((text) => !/^\d+$/.test(text))) {
      said.textContent = "";
      return;
    }
    const [yes, no, none] = typed.map(Number);
    const isCarried = 2 * yes > base;
    said.textContent = yes + no + none !== present ? card.dataset.sum : isCarried ? card.dataset.carried : card.dataset.short;
  }

  all.hidden = false;
  all.addEventListener("click", () => {
    favour.value = String(present);
    against.value = abstained.value = "0";
    favour.dispatchEvent(new Event("input", { bubbles: true }));
  });
  card.addEventListener("input", (event) => {
    if (!event.isComposing) tell();
  });
  tell();
});

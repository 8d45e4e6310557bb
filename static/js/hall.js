"use strict";
/* The screen in the county hall: reads its page again every few minutes. When the server does not answer, the page
   that is there stays, and the next turn tries again. */

const hall = document.querySelector("[data-refresh]");

async function readAgain() {
  try {
    const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) window.location.reload();
  } catch {
    /* No net just now: the figures on the screen say from when they are. */
  }
}

if (hall) setInterval(readAgain, Number(hall.dataset.refresh) * 1000);

"use strict";
/* Papers of a case. Without script the form sends what was chosen. With it, a choice is sent at once, file by file,
   photos made smaller first (photos.js), with the progress in words; at the end the page shows what was kept. */

document.querySelectorAll("form[data-papers]").forEach((form) => {
  const said = form.querySelector("[data-papers-said]");
  const name = form.querySelector("input[name=name]");
  form.classList.add("is-live");
  form.querySelector("[data-papers-send]").hidden = true;

  function send(file, text) {
    return new Promise((done) => {
      const data = new FormData(form);
      data.delete("upload");
      data.append("upload", file, file.name);
      data.set("request_id", crypto.randomUUID ? crypto.randomUUID() : newId());
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.responseType = "json";
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) said.textContent = `${text} ${Math.round((100 * event.loaded) / event.total)}%`;
      });
      request.addEventListener("load", () => {
        const problems = request.response && request.response.problems;
        done(problems || [form.dataset.failed]);
      });
      request.addEventListener("error", () => done([form.dataset.failed]));
      request.send(data);
    });
  }

  /* Plain http in an office has no crypto.randomUUID. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  async function sendAll(input) {
    const files = [...input.files];
    if (!files.length) return;
    if (name && !name.value.trim()) {
      name.focus();
      said.textContent = name.labels[0].textContent;
      form.querySelector("[data-papers-send]").hidden = false;
      return;
    }
    const problems = [];
    for (const [place, file] of files.entries()) {
      const text = `${form.dataset.sending} ${place + 1}/${files.length}`;
      said.textContent = text;
      problems.push(...await send(await shrunk(file), text));
    }
    input.value = "";
    if (problems.length) {
      said.textContent = problems.join(" ");
      return;
    }
    location.reload();
  }

  form.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => sendAll(input));
  });
});

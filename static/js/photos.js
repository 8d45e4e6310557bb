"use strict";
/* Photos of a form. Without script the two inputs work as they are. With it, photos taken one after another add up,
   are listed with a button that takes one away, and are made smaller before they travel: a village has slow lines. */

const SIDE_MAX = 1600;
const QUALITY = 0.85;

async function shrunk(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
    if (scale === 1 && file.type === "image/jpeg") return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return blob ? new File([blob], name, { type: "image/jpeg" }) : file;
  } catch {
    return file; /* the server says what is wrong with it */
  }
}

function setUp(box) {
  const camera = box.querySelector("input[capture]");
  const album = box.querySelector("input[multiple]");
  const list = box.querySelector("[data-photos-list]");
  const most = Number(album.dataset.photosMax);
  let photos = [];

  function show(message) {
    const kept = new DataTransfer();
    photos.forEach((photo) => kept.items.add(photo));
    album.files = kept.files;
    camera.value = "";
    list.replaceChildren(...photos.map((photo, place) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = list.dataset.remove;
      button.setAttribute("aria-label", `${list.dataset.remove} ${photo.name}`);
      button.addEventListener("click", () => {
        photos.splice(place, 1);
        show("");
      });
      line.append(`${photo.name} (${Math.ceil(photo.size / 1024)} KB) `, button);
      return line;
    }));
    if (message) {
      const line = document.createElement("li");
      line.textContent = message;
      list.append(line);
    }
  }

  async function add(input) {
    const chosen = await Promise.all([...input.files].map(shrunk));
    /* The album's input holds what was kept before, too: a new choice there takes its place. */
    photos = input === album ? chosen : photos.concat(chosen);
    const isTooMany = photos.length > most;
    photos = photos.slice(0, most);
    show(isTooMany ? list.dataset.tooMany : "");
  }

  camera.addEventListener("change", () => add(camera));
  album.addEventListener("change", () => add(album));
}

document.querySelectorAll("[data-photos]").forEach(setUp);

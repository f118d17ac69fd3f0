// What makes the pages nicer where JavaScript is on; all of them work without it.
"use strict";

// A loan that changes while it is shown: say so, and let the officer decide when to look.
for (const note of document.querySelectorAll("[data-live]")) {
  const events = new EventSource(note.dataset.live);
  events.addEventListener("loan", (event) => {
    const changed = JSON.parse(event.data);
    if (changed.loan_id === note.dataset.loan && Date.parse(changed.updated_at) > Date.parse(note.dataset.updated)) {
      note.hidden = false;
      note.setAttribute("role", "status");
      events.close();
    }
  });
  window.addEventListener("pagehide", () => events.close());
}

// Files dropped on the form become its files.
for (const place of document.querySelectorAll("[data-drop]")) {
  const input = place.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => { event.preventDefault(); place.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; });
}

// A form is sent once: a second click does not take a step twice.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    form.addEventListener("submit", (event) => event.preventDefault());
  }, { once: true });
}

// Times are shown in the zone of who looks.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=strict`;
}

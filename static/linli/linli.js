// On every page. Without it everything still works: forms post, links lead on.

// A form is sent once. Pressing again within the wait sends nothing; coming back by the "back" key frees it again.
const WAIT_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  window.setTimeout(() => release(form), WAIT_MS);
});

// Photos are made smaller before they travel; what does it is fetched when one is chosen, and a form waits for it.
const shrinking = new Map();
document.addEventListener("change", (event) => {
  const { dataset, files, form } = event.target;
  if (dataset?.shrink && files.length > 0) {
    const made = import(dataset.shrink).then((photo) => photo.shrink(event.target)).catch(() => {});
    const all = Promise.all([shrinking.get(form), made]);
    shrinking.set(form, all);
    all.then(() => shrinking.get(form) === all && shrinking.delete(form));
  }
});
document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    const all = shrinking.get(form);
    if (!all) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (all.pressed) {
      return;
    }
    all.pressed = true;
    submitter?.setAttribute("aria-disabled", "true");
    await all;
    submitter?.removeAttribute("aria-disabled");
    form.requestSubmit ? form.requestSubmit(submitter) : submitter?.click();
  },
  true,
);

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("form[data-sent]").forEach(release);
  }
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

// After a refused form the list of errors is the first thing to be read.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
}

// How many characters are left, for fields that carry data-count-left="… {n} …".
document.querySelectorAll("textarea[maxlength][data-count-left]").forEach((field) => {
  const line = document.getElementById(`${field.id}_left`);
  if (!line) {
    return;
  }
  const write = () => {
    line.textContent = field.dataset.countLeft.replace("{n}", field.maxLength - field.value.length);
  };
  field.addEventListener("input", write);
  write();
});

// htmx answers that cannot be shown are said aloud instead of being swallowed.
["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, () => {
    const box = document.getElementById("page-trouble");
    if (box) {
      box.hidden = false;
    }
  });
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) {
    release(form);
  }
});

// What works with scripts alone is shown by this one. A map is fetched when somebody asks for it, not before.
const show = () => document.querySelectorAll("[data-scripted][hidden]").forEach((part) => { part.hidden = false; });
show();
document.addEventListener("htmx:afterSettle", show);
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-point-open]");
  if (!button) {
    return;
  }
  const part = button.closest("[data-point]");
  try {
    await (await import(button.dataset.pointOpen)).open(part);
  } catch {
    part.querySelector("[data-point-said]").textContent = part.dataset.failed;
  }
});

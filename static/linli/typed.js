// A switch of language or size leads back to the same page: what was typed meanwhile is put back into its fields, once.
// Until then it lies in this tab alone, ten minutes at most; passwords, codes, files and hidden fields are never kept.
// Forms that name themselves to the switch (``switch_form``) need nothing of this: the server brings their words back.

const KEY = "linli.typed";
const KEPT_MS = 600000;
const NEVER = ["hidden", "file", "password", "submit", "button", "reset", "image"];
const arrived = window.location.href;

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !NEVER.includes(field.type) && field.autocomplete !== "one-time-code",
  );
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function answersOf(form) {
  return fieldsOf(form)
    .filter((field) => (isChoice(field) ? field.checked : field.value))
    .flatMap((field) => [...(field.selectedOptions ?? [field])].map((one) => [field.name, one.value]));
}

function forms() {
  return [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
}

function pathOf(form) {
  return new URL(form.getAttribute("action") || "", window.location.href).pathname;
}

function keep() {
  const words = forms().map((form) => [pathOf(form), answersOf(form)]);
  const found = words.filter(([, answers]) => answers.length > 0);
  window.sessionStorage.setItem(KEY, JSON.stringify({ at: Date.now(), forms: found }));
}

function fill(form, answers) {
  const left = [...answers];
  const holds = (name, value) => answers.some((one) => one[0] === name && one[1] === value);
  fieldsOf(form).forEach((field) => {
    if (isChoice(field)) {
      field.checked = holds(field.name, field.value);
    } else if (field.options) {
      [...field.options].forEach((option) => {
        option.selected = holds(field.name, option.value);
      });
    } else {
      const place = left.findIndex(([name]) => name === field.name);
      field.value = place < 0 ? "" : left.splice(place, 1)[0][1];
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function putBack() {
  const kept = JSON.parse(window.sessionStorage.getItem(KEY) ?? "null");
  if (kept === null) {
    return;
  }
  window.sessionStorage.removeItem(KEY);
  if (Date.now() - kept.at > KEPT_MS) {
    return;
  }
  const here = forms();
  const waiting = kept.forms.filter(([path, answers]) => {
    const form = here.find((one) => pathOf(one) === path);
    if (form) {
      fill(form, answers);
    }
    return !form;
  });
  if (waiting.length > 0) {
    // a form that opens on the page later: it is filled when it does
    window.sessionStorage.setItem(KEY, JSON.stringify({ ...kept, forms: waiting }));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.switch === undefined) {
    window.sessionStorage.removeItem(KEY);
    return;
  }
  keep();
  if (window.location.href !== arrived) {
    // a form that htmx opened has an address of its own by now
    form.elements.next.value = window.location.pathname + window.location.search;
  }
});
document.addEventListener("htmx:afterSettle", putBack);
putBack();

// The page that opens without a line: what waits, with its state and what can be done with it, and forms to write down
// what cannot wait to be remembered. It knows nothing of the server but its own words.

import { count, keep, nameOf, send, show } from "./outbox-page.js";

const { linliOutbox: outbox } = window;
const words = JSON.parse(document.getElementById("outbox-words").textContent);
const list = document.getElementById("outbox-list");
const none = document.getElementById("outbox-none");
const pattern = document.getElementById("outbox-item").content;
const MINUTE = 60000;

function stateOf(item) {
  return words.codes[item.code] || words.states[item.state];
}

function ago(at) {
  const minutes = Math.max(0, Math.floor((Date.now() - at) / MINUTE));
  return minutes < 60 ? count(words.minutes, minutes) : count(words.hours, Math.floor(minutes / 60));
}

function write(item) {
  const row = pattern.cloneNode(true);
  const part = (name) => row.querySelector(`[data-part=${name}]`);
  part("name").textContent = nameOf(item);
  part("state").textContent = stateOf(item);
  part("state").classList.add(item.state === "waiting" ? "l-badge--news" : "l-badge--due");
  part("when").textContent = ago(item.at);
  for (const [name, value] of item.fields) {
    if (words.fields[name] && value) {
      const term = document.createElement("dt");
      term.textContent = words.fields[name];
      const said = document.createElement("dd");
      said.textContent = value;
      part("words").append(term, said);
    }
  }
  part("photos").textContent = item.files.length > 0 ? count(words.photos, item.files.length) : "";
  const opens = item.state === "conflict" || (item.state === "look" && item.code !== 403 && item.code !== 404);
  part("send").hidden = item.state === "conflict" || item.state === "look";
  part("open").hidden = !opens;
  part("open").textContent = item.state === "conflict" ? words.both : words.again;
  part("send").addEventListener("click", async () => {
    const told = await send();
    if (!told.line) {
      await show([], [words.noLine]);
    }
  });
  part("open").addEventListener("click", () => open(item));
  part("discard").addEventListener("click", async () => {
    if (window.confirm(words.discard)) {
      await outbox.remove(item.key);
      await show();
      document.getElementById("outbox-title").focus();
    }
  });
  return row;
}

function hidden(form, name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}

// Sends it as the page it was typed on would: the answer is that page, with what he wrote beside what stands there now.
async function open(item) {
  const session = await outbox.token();
  if (!session) {
    await show([], [session === false ? words.signin : words.noLine]);
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = item.path;
  form.enctype = "multipart/form-data";
  form.hidden = true;
  item.fields.forEach(([name, value]) => hidden(form, name, value));
  hidden(form, "csrfmiddlewaretoken", session.token);
  hidden(form, "client_key", item.key);
  hidden(form, "typed_ago", String(Math.max(0, Math.round((Date.now() - item.at) / 1000))));
  new Set(item.files.map((file) => file.field)).forEach((name) => {
    const input = document.createElement("input");
    const files = new DataTransfer();
    item.files.filter((file) => file.field === name).forEach((file) => files.items.add(new File([file.blob], file.name, { type: file.blob.type })));
    input.type = "file";
    input.name = name;
    input.multiple = true;
    input.files = files.files;
    form.append(input);
  });
  document.body.append(form);
  form.submit();
}

async function writeAll() {
  const items = await outbox.all();
  list.replaceChildren(...items.map(write));
  none.hidden = items.length > 0;
  const owner = await outbox.fact("owner");
  document.querySelectorAll("[data-owned]").forEach((part) => {
    part.hidden = !owner;
  });
  document.querySelectorAll("[data-unowned]").forEach((part) => {
    part.hidden = Boolean(owner);
  });
}

// -- drafts --------------------------------------------------------------------------------------------------------------

const NUMBER = /^[A-Za-z]{1,4}[0-9A-Za-z-]{4,30}$/;
// which field of the case's form the words belong to
const WORDS_OF = { contact: "note", plan: "words", resolve: "reply" };

function complain(field, on) {
  const group = field.closest(".govuk-form-group");
  group.classList.toggle("govuk-form-group--error", on);
  group.querySelector(".govuk-error-message").hidden = !on;
  field.setAttribute("aria-invalid", String(on));
  if (on) {
    field.focus();
  }
  return on;
}

function ofCase(form) {
  const { number, verb, said, after } = form.elements;
  const data = new FormData();
  if (complain(number, !NUMBER.test(number.value.trim()))) {
    return null;
  }
  const field = WORDS_OF[verb.value];
  if (complain(said, (verb.value === "plan" || verb.value === "resolve") && !said.value.trim())) {
    return null;
  }
  if (field) {
    data.append(field, said.value);
  }
  [...(verb.value === "resolve" ? after.files : [])].forEach((file) => data.append("after", file, file.name));
  return [`/cases/${encodeURIComponent(number.value.trim().toUpperCase())}/${verb.value}/`, data];
}

function ofMatter(form) {
  if (complain(form.elements.text, !form.elements.text.value.trim())) {
    return null;
  }
  return [form.getAttribute("action"), new FormData(form)];
}

document.querySelectorAll("form[data-draft]").forEach((form) => {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = form.dataset.draft === "case" ? ofCase(form) : ofMatter(form);
    if (!made || !(await keep(made[0], made[1]))) {
      return;
    }
    form.reset();
    await (navigator.onLine ? send() : show([], [words.kept]));
    document.getElementById("outbox-title").focus();
  });
});

document.addEventListener("outbox:changed", writeAll);
writeAll();

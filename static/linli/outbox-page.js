// On every working page: says what waits on this telephone, keeps a form that cannot be sent, sends when the line is
// back, and wipes all of it at sign-out. Without this file every form is sent as ever.

const { linliOutbox: outbox } = window;
const band = document.getElementById("outbox");
const words = JSON.parse(document.getElementById("outbox-words").textContent);
const ownerTag = document.querySelector('meta[name="outbox-owner"]');
const NEEDS_LOOK = ["conflict", "look"];
// keys of forms on this page that were kept before and are answered anew
const known = new Set();

function put(phrase, values) {
  return Object.keys(values).reduce((said, name) => said.replace(`{${name}}`, values[name]), phrase);
}

export function count(pair, n) {
  return put(pair[n === 1 ? 0 : 1], { n });
}

function receiptOf(body) {
  const shown = new DOMParser().parseFromString(body, "text/html").querySelectorAll(".l-receipt .l-digits");
  return shown.length === 2 ? put(words.filed, { number: shown[0].textContent, code: shown[1].textContent }) : "";
}

function line(said) {
  const part = document.createElement("p");
  part.textContent = said;
  return part;
}

// what happened while this page was open: it is not taken back by what happens next
const notes = [];

// What stands in the band: what has happened, what was said just now, then how much waits and why.
export async function show(happened = [], justNow = []) {
  const items = await outbox.all();
  const waiting = items.filter((item) => !NEEDS_LOOK.includes(item.state));
  const looks = items.length - waiting.length;
  const expired = await outbox.fact("expired");
  if (expired) {
    notes.push(count(words.expired, expired));
    await outbox.setFact("expired", 0);
  }
  notes.push(...happened);
  const said = [...notes, ...justNow];
  if (waiting.length > 0) {
    said.push(count(words.waiting, waiting.length));
  }
  if (waiting.some((item) => item.state === "signin")) {
    said.push(words.signin);
  }
  if (looks > 0) {
    said.push(count(words.look, looks));
  }
  if (said.join("") !== band.dataset.said) {
    band.dataset.said = said.join("");
    band.replaceChildren(...said.map(line));
    if (items.length > 0 && !document.getElementById("outbox-list")) {
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = words.page;
      link.textContent = words.see;
      band.append(link);
    }
  }
  band.hidden = said.length === 0;
  document.dispatchEvent(new CustomEvent("outbox:changed"));
}

export async function send(before = []) {
  const told = await outbox.sendAll();
  const happened = told.done.map(({ item, body }) => receiptOf(body) || put(words.sent, { what: nameOf(item) }));
  await show([...before, ...happened]);
  return told;
}

export function nameOf(item) {
  return [item.about, words.kinds[item.kind]].filter(Boolean).join(" · ");
}

// The browser wakes the service worker when the line is back, even with every page closed, where it can.
function wakeLater() {
  if (navigator.serviceWorker) {
    navigator.serviceWorker.ready.then((ready) => ready.sync && ready.sync.register("outbox")).catch(() => {});
  }
}

export async function keep(path, data) {
  const item = await outbox.keep(path, data, Date.now());
  if (item) {
    wakeLater();
  }
  return item;
}

// -- forms of the page -------------------------------------------------------------------------------------------------

function pathOf(form) {
  return new URL(form.getAttribute("action") || "", window.location.href).pathname;
}

function keyOf(form) {
  let field = form.elements.client_key;
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "client_key";
    form.append(field);
  }
  field.value = field.value || outbox.newKey();
  return field.value;
}

// In the place of the form: that it is kept, and when it is sent.
async function keepForm(form) {
  const item = await keep(pathOf(form), new FormData(form));
  if (!item) {
    return false;
  }
  const said = document.createElement("p");
  said.className = "l-message";
  said.tabIndex = -1;
  said.textContent = words.kept;
  form.replaceWith(said);
  said.focus();
  await show();
  return true;
}

function looksUp(event) {
  const pressed = event.submitter || document.activeElement;
  return Boolean(pressed && ["find", "switch"].includes(pressed.name));
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.dataset.draft !== undefined || form.method !== "post" || !outbox.kindOf(pathOf(form)) || looksUp(event)) {
      return;
    }
    const key = keyOf(form);
    if (navigator.onLine && !known.has(key)) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (navigator.onLine) {
      // answered anew: what is kept is what he wrote now, whether this arrives or not
      keep(pathOf(form), new FormData(form)).then(() => form.submit());
    } else {
      keepForm(form).then((kept) => kept || form.submit());
    }
  },
  true,
);

["htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, async (event) => {
    const form = event.detail.elt;
    if (form.tagName === "FORM" && outbox.kindOf(pathOf(form)) && (await keepForm(form))) {
      document.getElementById("page-trouble").hidden = true;
    }
  });
});

// A form that comes back with its words gets its photos back as well.
async function refill() {
  for (const field of document.querySelectorAll("form input[name=client_key]")) {
    const item = known.has(field.value) ? null : await outbox.get(field.value);
    if (item) {
      known.add(item.key);
      for (const input of field.form.querySelectorAll("input[type=file]")) {
        const files = new DataTransfer();
        item.files.filter((one) => one.field === input.name).forEach((one) => files.items.add(new File([one.blob], one.name, { type: one.blob.type })));
        input.files = files.files;
      }
    }
  }
}

// -- sign-out: whoever leaves leaves nothing behind ----------------------------------------------------------------------

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (pathOf(form) !== words.signOut || form.dataset.wiped) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    outbox.all().then(async (items) => {
      if (items.length > 0 && !window.confirm(count(words.leave, items.length))) {
        return;
      }
      await outbox.wipe();
      form.dataset.wiped = "yes";
      form.submit();
    });
  },
  true,
);

// -- beginning -----------------------------------------------------------------------------------------------------------

async function begin() {
  await outbox.setFact("language", words.language);
  const gone = ownerTag ? await outbox.belongsTo(ownerTag.content) : 0;
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(words.worker).catch(() => {});
    navigator.serviceWorker.addEventListener("message", () => show());
  }
  await outbox.expire(Date.now());
  await refill();
  const before = gone > 0 ? [count(words.foreign, gone)] : [];
  await (navigator.onLine ? send(before) : show(before));
}

window.addEventListener("online", () => send());
document.addEventListener("htmx:afterSettle", refill);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && navigator.onLine) {
    send();
  }
});
begin();

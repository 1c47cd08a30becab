// What a worker typed without a line waits here, on the telephone, and is sent once when the line is back. Shared by the
// pages and by the service worker, hence no module; written for the browsers of 2019. Kept is what was typed and where it
// goes: no answer of the server, no page, no name of anybody that he did not type himself (docs/adr/0025).

(function (scope) {
  const NAME = "linli-outbox";
  const KEPT_MS = 72 * 3600 * 1000;
  const TOKEN = "/offline/token/";
  // the forms that may wait, by the address they go to
  const KINDS = [
    ["new", /^\/cases\/new\/$/],
    ["", /^\/cases\/([^/]+)\/(contact|arrive|plan|resolve)\/$/],
    ["confirm", /^\/patrols\/rounds\/\d+\/confirm\/$/],
    ["finding", /^\/patrols\/rounds\/\d+\/finding\/$/],
    ["visit", /^\/visits\/[0-9a-f-]+\/visit\/$/],
  ];
  // buttons that look something up or turn the page over; what they send is not kept
  const LOOKS = ["find", "switch"];
  const NEVER = ["csrfmiddlewaretoken", "typed_ago", ...LOOKS];

  function kindOf(path) {
    for (const [kind, pattern] of KINDS) {
      const found = pattern.exec(path);
      if (found) {
        return { kind: kind || found[2], about: kind ? "" : found[1] };
      }
    }
    return null;
  }

  // version 4, made by hand where the browser has no randomUUID
  function newKey() {
    const bytes = scope.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // -- the store --------------------------------------------------------------------------------------------------

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = scope.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("items", { keyPath: "key" });
        asked.result.createObjectStore("facts");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // Does something with one table in a transaction of its own; the database is closed again, so that it can be wiped.
  async function within(table, mode, work) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(table, mode);
        const asked = work(transaction.objectStore(table));
        transaction.oncomplete = () => resolve(asked && asked.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const put = (item) => within("items", "readwrite", (store) => store.put(item));
  const get = (key) => within("items", "readonly", (store) => store.get(key));
  const remove = (key) => within("items", "readwrite", (store) => store.delete(key));
  const fact = (name) => within("facts", "readonly", (store) => store.get(name));
  const setFact = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));

  async function all() {
    const items = await within("items", "readonly", (store) => store.getAll());
    return items.sort((one, other) => one.at - other.at);
  }

  async function wipe() {
    await within("items", "readwrite", (store) => store.clear());
    await within("facts", "readwrite", (store) => store.clear());
  }

  // Whose telephone it is now, as a key that says nothing; what somebody else left goes. Returns how many went.
  async function belongsTo(owner) {
    const others = (await all()).filter((item) => item.owner !== owner);
    for (const item of others) {
      await remove(item.key);
    }
    await setFact("owner", owner);
    return others.length;
  }

  // What waited for 72 hours goes; so does what says it comes from a later day. Returns how many went.
  async function expire(now) {
    const over = (await all()).filter((item) => now - item.at > KEPT_MS || item.at - now > KEPT_MS / 3);
    for (const item of over) {
      await remove(item.key);
    }
    if (over.length > 0) {
      await setFact("expired", ((await fact("expired")) || 0) + over.length);
    }
    return over.length;
  }

  // -- keeping ----------------------------------------------------------------------------------------------------

  // Keeps what a form holds. Nothing is kept for a telephone on which nobody has signed in: it would be nobody's.
  async function keep(path, data, now) {
    const owner = await fact("owner");
    const known = kindOf(path);
    if (!owner || !known || LOOKS.some((name) => data.has(name))) {
      return null;
    }
    const item = { key: "", owner, path, kind: known.kind, about: known.about, at: now, state: "waiting", code: 0 };
    item.fields = [];
    item.files = [];
    for (const [name, value] of data.entries()) {
      if (typeof value !== "string") {
        if (value.size > 0) {
          item.files.push({ field: name, name: value.name || "photo.jpg", blob: value });
        }
      } else if (name === "client_key") {
        item.key = value;
      } else if (!NEVER.includes(name)) {
        item.fields.push([name, value]);
      }
    }
    item.key = item.key || newKey();
    const before = await get(item.key);
    if (before) {
      item.at = before.at;
      item.files = item.files.length > 0 ? item.files : before.files;
    }
    await put(item);
    return item;
  }

  function formOf(item, now) {
    const form = new FormData();
    item.fields.forEach(([name, value]) => form.append(name, value));
    item.files.forEach((file) => form.append(file.field, file.blob, file.name));
    form.append("client_key", item.key);
    form.append("typed_ago", String(Math.max(0, Math.round((now - item.at) / 1000))));
    return form;
  }

  // -- sending ----------------------------------------------------------------------------------------------------

  // The token of this very moment, and whose session it is; null without a line, false when somebody must sign in.
  async function token() {
    try {
      const answer = await fetch(TOKEN, { credentials: "same-origin", cache: "no-store", headers: { "X-Linli-Outbox": "1" } });
      return answer.ok ? await answer.json() : answer.status === 401 ? false : null;
    } catch (_noLine) {
      return null;
    }
  }

  // What an answer makes of an item: null when it is done, else the state it waits in.
  function stateAfter(status) {
    if (status >= 200 && status < 300) {
      return null;
    }
    if (status === 401) {
      return "signin";
    }
    if (status === 409) {
      return "conflict";
    }
    return status === 429 || status >= 500 ? "waiting" : "look";
  }

  async function sendOne(item, crumb) {
    const answer = await fetch(item.path, {
      method: "POST",
      body: formOf(item, Date.now()),
      credentials: "same-origin",
      headers: { "X-Linli-Outbox": "1", "X-CSRFToken": crumb },
    });
    const state = stateAfter(answer.status);
    if (state === null) {
      await remove(item.key);
      await carryOn(item, answer.headers.get("X-Linli-Version"));
      return { item, body: answer.status === 200 ? await answer.text() : "" };
    }
    await put(Object.assign({}, item, { state, code: answer.status }));
    return { item, state };
  }

  function versionOf(item) {
    return (item.fields.find(([name]) => name === "version") || [])[1];
  }

  // What he wrote after it, with the same case before him, was written knowing of it: it goes by itself, at the version
  // that his own act made. What somebody else changed meanwhile is another version still, and is shown.
  async function carryOn(item, version) {
    const before = versionOf(item);
    for (const other of version && before ? await all() : []) {
      if (other.about === item.about && versionOf(other) === before) {
        const fields = other.fields.map(([name, value]) => [name, name === "version" ? version : value]);
        await put(Object.assign({}, other, { fields }));
      }
    }
  }

  // Sends what waits, oldest first, and tells what became of each. Whoever comes second finds nothing to do: pages and
  // service worker take turns, and where a browser has no turns the server counts each key once.
  async function flush() {
    const waiting = (await all()).filter((item) => item.state === "waiting" || item.state === "signin");
    const told = { done: [], signIn: false, line: true };
    if (waiting.length === 0) {
      return told;
    }
    const session = await token();
    if (!session) {
      told.line = session !== null;
      told.signIn = session === false;
      for (const item of told.signIn ? waiting : []) {
        await put(Object.assign({}, item, { state: "signin", code: 401 }));
      }
      return told;
    }
    await belongsTo(session.owner);
    for (const { key } of await all()) {
      // as it is now: what went before may have brought it to another version
      const item = await get(key);
      if (!item || (item.state !== "waiting" && item.state !== "signin")) {
        continue;
      }
      try {
        const became = await sendOne(item, session.token);
        if (became.state === undefined) {
          told.done.push(became);
        } else if (became.state === "signin" || became.state === "waiting") {
          told.signIn = became.state === "signin";
          break;
        }
      } catch (_noLine) {
        told.line = false;
        break;
      }
    }
    return told;
  }

  function inTurn(work) {
    const locks = scope.navigator.locks;
    return locks ? locks.request(NAME, work) : work();
  }

  async function sendAll() {
    await expire(Date.now());
    return inTurn(flush);
  }

  scope.linliOutbox = { kindOf, newKey, put, get, remove, all, fact, setFact, wipe, belongsTo, expire, keep, token, sendAll };
})(self);

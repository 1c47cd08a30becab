// Keys for who triages many matters: j and k mark a matter of the list, Enter shows it, a d m x o act on the one that is
// marked. Every key only follows a link of the page, so without this file nothing is missing. They can be switched off
// (WCAG 2.1.4) and stay so on this computer; while somebody writes in a field they do nothing.

const KEY = "linli.keys";
const MOVES = { j: 1, k: -1 };
const list = document.getElementById("triage");
const box = document.getElementById("keys");
const onOff = document.getElementById("keys-on");
const help = document.getElementById("keys-help");
const live = document.getElementById("page-live");

function links() {
  return [...list.querySelectorAll("a[data-number]")];
}

// The matter that is marked: the link with the focus, else the one that is shown.
function marked() {
  const focused = document.activeElement?.closest?.("a[data-number]");
  return focused ?? list.querySelector('a[data-number][aria-current="true"]');
}

function isWriting(target) {
  return target.isContentEditable || target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea") !== null;
}

function say(words) {
  live.textContent = words;
}

function move(step) {
  const all = links();
  if (all.length === 0) {
    return;
  }
  const here = all.indexOf(marked());
  const place = Math.min(Math.max(here + step, 0), all.length - 1);
  all[place].focus();
  const words = list.dataset.wordsPlace.replace("%(place)s", place + 1).replace("%(count)s", all.length);
  say(words.replace("%(title)s", all[place].querySelector("strong").textContent));
}

// Of the matter that is shown the page knows what is possible; another one is shown first, with the form asked for.
function act(key) {
  const one = marked();
  const shown = list.querySelector(`[data-key="${key}"]`);
  const forms = { a: "accept", d: "dispatch", x: "decline" };
  if (one === null) {
    return;
  }
  if (one.getAttribute("aria-current") !== "true" && (key in forms || key === "m" || key === "o")) {
    const rest = { m: `/cases/${one.dataset.number}/joining/`, o: `/cases/${one.dataset.number}/` };
    window.location.assign(rest[key] ?? `?number=${one.dataset.number}&do=${forms[key]}#do`);
  } else if (shown === null) {
    say(list.dataset.wordsCannot);
  } else {
    shown.click();
  }
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) {
    return;
  }
  if (event.key === "?") {
    help.open = !help.open;
    help.querySelector("summary").focus();
  } else if (event.key in MOVES) {
    move(MOVES[event.key]);
  } else if ("admxo".includes(event.key)) {
    act(event.key);
  } else {
    return;
  }
  event.preventDefault();
}

function turn() {
  document.removeEventListener("keydown", onKey);
  if (onOff.checked) {
    document.addEventListener("keydown", onKey);
  }
}

box.hidden = false;
onOff.checked = window.localStorage.getItem(KEY) !== "off";
onOff.addEventListener("change", () => {
  window.localStorage.setItem(KEY, onOff.checked ? "on" : "off");
  turn();
});
turn();
// Who chose a matter goes on from it; a form that was asked for has the focus by its address.
if (window.location.search.includes("number=") && window.location.hash === "") {
  document.getElementById("matter")?.focus();
}

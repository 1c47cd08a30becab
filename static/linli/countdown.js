// Keeps <time data-countdown> true. The server's clock counts, not the telephone's; without this file the words that the
// server wrote stay. Screen readers hear a change of state (soon, late), never the ticking.

const words = JSON.parse(document.getElementById("countdown-words").textContent);
const skew = Number(document.querySelector('meta[name="server-time"]').content) - Date.now();
const live = document.getElementById("page-live");
const TICK_MS = 15000;

const MINUTE = 60000;
const UNITS = [
  ["day", 1440],
  ["hour", 60],
  ["minute", 1],
];

// 2 d 3 h, 2 h 10 min or 8 min: the two largest units that are not zero, as the server's `remaining` filter does.
export function span(ms) {
  let minutes = Math.floor(Math.abs(ms) / MINUTE);
  const parts = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(minutes / size);
    minutes -= n * size;
    if (n > 0) {
      parts.push(words[unit][n === 1 ? 0 : 1].replace("{n}", n));
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.length > 0 ? parts.join(" ") : words.moment;
}

function stateAt(clock, now) {
  if (now >= Date.parse(clock.dateTime)) {
    return "late";
  }
  return clock.dataset.soon && now >= Date.parse(clock.dataset.soon) ? "due" : "news";
}

function tick() {
  const now = Date.now() + skew;
  for (const clock of document.querySelectorAll("time[data-countdown]")) {
    const left = Date.parse(clock.dateTime) - now;
    const state = stateAt(clock, now);
    const phrase = words[state].replace("{span}", span(left));
    const text = clock.querySelector("[data-text]");
    if (text.textContent !== phrase) {
      text.textContent = phrase;
    }
    if (clock.dataset.countdown !== state) {
      clock.classList.remove(`l-badge--${clock.dataset.countdown}`);
      clock.classList.add(`l-badge--${state}`);
      clock.querySelector("use")?.setAttribute("href", `#l-${state}`);
      clock.dataset.countdown = state;
      live.textContent = [clock.dataset.about, phrase].filter(Boolean).join(" ");
    }
  }
}

tick();
window.setInterval(tick, TICK_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    tick();
  }
});
document.addEventListener("htmx:afterSettle", tick);

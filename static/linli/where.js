// Adds the device's place to an arrival or a confirmation, if its owner ticks the box; asked for once at each press,
// never in between. The box is empty again on every page.

const OPTIONS = { enableHighAccuracy: true, timeout: 8000, maximumAge: 0 };

function show() {
  document.querySelectorAll("[data-where]").forEach((part) => {
    part.hidden = !("geolocation" in navigator);
  });
}

function send(form) {
  if (form.requestSubmit) {
    form.requestSubmit();
  } else if (form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))) {
    form.submit();
  }
}

// before anybody else hears of the sending: it goes on when the place is known, or refused
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const field = form.elements.where;
    const part = document.querySelector("[data-where]");
    const box = part?.querySelector("[data-where-box]");
    if (!field || !box?.checked || field.value) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`;
        send(form);
      },
      () => {
        part.querySelector("[data-where-said]").textContent = part.dataset.denied;
        box.checked = false;
        send(form);
      },
      OPTIONS,
    );
  },
  true,
);

document.addEventListener("htmx:afterSettle", show);
show();

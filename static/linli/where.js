// Adds the device's place to a confirmation, if its owner ticks the box; asked for once at each press, never in between.

const part = document.querySelector("[data-where]");

if (part && "geolocation" in navigator) {
  const box = part.querySelector("[data-where-box]");
  const said = part.querySelector("[data-where-said]");
  part.hidden = false;
  for (const field of document.querySelectorAll("input[name=where]")) {
    field.form.addEventListener("submit", (event) => {
      if (!box.checked || field.value) {
        return;
      }
      event.preventDefault();
      const send = () => field.form.submit();
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          field.value = `${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`;
          send();
        },
        () => {
          said.textContent = part.dataset.denied;
          box.checked = false;
          send();
        },
        { enableHighAccuracy: true, timeout: 8000, maximumAge: 0 },
      );
    });
  }
}

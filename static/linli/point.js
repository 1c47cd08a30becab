// A map under a fixed cross: whoever moves the map says what lies under the cross. Fetched, with Leaflet, when somebody
// presses "Show the map". Points are given and kept in WGS-84; tiles drawn in GCJ-02 are met half-way, in both directions.

const STEP = 80; // pixels a button moves the map
const FAR = 15; // the zoom to begin with, where nothing is chosen yet

// GCJ-02 shifts every place in China by some hundred metres, by public formula over an ellipsoid of its own.
const RADIUS = 6378245;
const SQUASHED = 0.006693421622965943;

function shift([latitude, longitude]) {
  const x = longitude - 105;
  const y = latitude - 35;
  const wave = (of, parts) => parts.reduce((sum, [size, per]) => sum + size * Math.sin((of * Math.PI) / per), 0);
  const ripple = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
  const root = Math.sqrt(Math.abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    + wave(y, [[20, 1], [40, 3], [160, 12], [320, 30]]) * (2 / 3);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    + wave(x, [[20, 1], [40, 3], [150, 12], [300, 30]]) * (2 / 3);
  const angle = (latitude * Math.PI) / 180;
  const bulge = 1 - SQUASHED * Math.sin(angle) ** 2;
  return [
    (north * 180) / (((RADIUS * (1 - SQUASHED)) / (bulge * Math.sqrt(bulge))) * Math.PI),
    (east * 180) / ((RADIUS / Math.sqrt(bulge)) * Math.cos(angle) * Math.PI),
  ];
}

export function toTiles(point, datum) {
  if (datum !== "GCJ-02") {
    return point;
  }
  const [north, east] = shift(point);
  return [point[0] + north, point[1] + east];
}

export function fromTiles(point, datum) {
  if (datum !== "GCJ-02") {
    return point;
  }
  let guess = point;
  for (let turn = 0; turn < 4; turn += 1) {
    const [latitude, longitude] = toTiles(guess, datum);
    guess = [guess[0] + point[0] - latitude, guess[1] + point[1] - longitude];
  }
  return guess;
}

function fetched(kind, address) {
  return new Promise((done, failed) => {
    const node = document.createElement(kind);
    node.addEventListener("load", done);
    node.addEventListener("error", failed);
    Object.assign(node, kind === "link" ? { rel: "stylesheet", href: address } : { src: address });
    document.head.append(node);
  });
}

const read = (text) => text.split(",").map(Number);
const plain = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

export async function open(part) {
  const data = part.dataset;
  const [said, tools] = [part.querySelector("[data-point-said]"), part.querySelector("[data-point-tools]")];
  const button = part.querySelector("[data-point-open]");
  if (data.open) {
    return;
  }
  data.open = "yes";
  try {
    const sheets = data.sheets.split(" ").map((address) => fetched("link", address));
    await Promise.all([...sheets, window.L ?? fetched("script", data.leaflet)]);
  } catch {
    delete data.open;
    said.textContent = data.failed;
    return;
  }
  button.hidden = true;
  tools.hidden = false;
  draw(part, { line: said, field: data.fixed ? null : document.getElementById("id_point"), ...data });
}

function draw(part, { line, field, fixed, tiles, attribution, datum, closest, bounds, ...words }) {
  const { L } = window;
  const [south, west, north, east] = read(bounds);
  const edge = L.latLngBounds(toTiles([south, west], datum), toTiles([north, east], datum));
  const chosen = fixed || field.value;
  const start = chosen ? L.latLng(toTiles(read(chosen), datum)) : edge.getCenter();
  const near = Number(closest);
  const pane = part.querySelector("[data-point-map]");
  const map = L.map(pane, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, doubleClickZoom: "center", touchZoom: "center",
    fadeAnimation: false, zoomAnimation: false, inertia: false, maxBounds: edge.pad(0.2), keyboardPanDelta: STEP,
  });
  map.setView(start, Math.min(chosen ? near : FAR, near));
  L.control.attribution({ prefix: false }).addTo(map);
  L.tileLayer(tiles, { maxZoom: near, attribution: plain(attribution), referrerPolicy: "no-referrer" })
    .on("tileerror", () => { line.textContent = words.failed; })
    .addTo(map);
  if (fixed) {
    L.circleMarker(start, { radius: 12, weight: 5, color: "#a1121c", fillOpacity: 0.2, interactive: false }).addTo(map);
  }

  let last = start;
  const set = () => {
    last = map.getCenter();
    const [latitude, longitude] = fromTiles([last.lat, last.lng], datum).map((degrees) => degrees.toFixed(5));
    const inside = latitude >= south && latitude <= north && longitude >= west && longitude <= east;
    if (inside) {
      field.value = `${latitude},${longitude}`;
    }
    line.textContent = inside ? words.said.replace("{point}", `${latitude}, ${longitude}`) : words.outside;
  };
  const pan = (x, y) => () => map.panBy([x, y], { animate: false });
  const verbs = {
    north: pan(0, -STEP),
    south: pan(0, STEP),
    west: pan(-STEP, 0),
    east: pan(STEP, 0),
    closer: () => map.zoomIn(),
    wider: () => map.zoomOut(),
    set,
    clear: () => {
      field.value = "";
      line.textContent = words.none;
    },
    here: () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => map.setView(toTiles([coords.latitude, coords.longitude], datum), near, { animate: false }),
      () => { line.textContent = words.denied; },
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 0 },
    ),
  };
  if (!("geolocation" in navigator)) {
    part.querySelector("[data-point-do=here]")?.remove();
  }
  part.addEventListener("click", (event) => verbs[event.target.closest("[data-point-do]")?.dataset.pointDo]?.());
  if (field) {
    map.on("click", (event) => map.panTo(event.latlng, { animate: false }));
    // coming closer is not yet saying "here"
    map.on("moveend", () => {
      if (map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(map.getCenter())) > 2) {
        set();
      }
    });
  }
  pane.focus({ preventScroll: true });
}

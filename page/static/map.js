// The map: an equirectangular world in tenths of a degree. Clicks and keys move the pickup. The view box is the zoom; it
// has the proportions of the element, so that nothing is cut off.

const WIDTH = 3600, HEIGHT = 1800, CLOSEST = 60, DRAG_PIXELS = 6;
// Where a name may be: right of its dot, left, above or below. In pixels: x, of the name's start, end or middle, and its baseline.
const SIDES = [
  { anchor: "start", x: 12, y: 5 }, { anchor: "end", x: -12, y: 5 },
  { anchor: "middle", x: 0, y: -12 }, { anchor: "middle", x: 0, y: 22 },
];
const map = document.getElementById("map");
const pin = document.getElementById("pin");
let view = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

export const toMap = ({ latitude, longitude }) => ({ x: (longitude + 180) * 10, y: (90 - latitude) * 10 });
const toPlace = ({ x, y }) => ({ latitude: 90 - y / 10, longitude: x / 10 - 180 });
const within = (value, least, most) => Math.min(Math.max(value, least), most);

// The world repeats to the east and west: how far to move a point to its copy nearest to the middle of the view.
const toView = (x) => WIDTH * Math.round((center().x - x) / WIDTH);
const inWorld = (x) => ((x % WIDTH) + WIDTH) % WIDTH;

// Markers are drawn in pixels, whatever the zoom.
export function place(element, { x, y }) {
  const unitsPerPixel = view.width / (map.clientWidth || WIDTH);
  element.setAttribute("transform", `translate(${x + toView(x)} ${y}) scale(${unitsPerPixel})`);
  element.dataset.x = x;
  element.dataset.y = y;
}

// Puts each name beside its dot where it covers no dot, no other name, not the pickup and not a unicorn's way. A name without
// such a place is hidden until the view changes.
export function label() {
  const unitsPerPixel = view.width / (map.clientWidth || WIDTH);
  const pixels = (x, y) => ({ x: (x + toView(x) - view.x) / unitsPerPixel, y: (y - view.y) / unitsPerPixel });
  const around = ({ x, y }, above, beside, below) => ({ left: x - beside, right: x + beside, top: y - above, bottom: y + below });
  const homes = [...map.querySelectorAll(".home")].map((home) => ({ home, at: pixels(Number(home.dataset.x), Number(home.dataset.y)) }));
  const taken = homes.map(({ at }) => around(at, 7, 7, 7));
  if (pin.dataset.x && !pin.hasAttribute("hidden")) taken.push(around(pixels(Number(pin.dataset.x), Number(pin.dataset.y)), 16, 16, 16));
  const track = document.getElementById("track");
  const shift = toView(Number(track.dataset.middle ?? 0));
  const length = track.hasAttribute("hidden") ? 0 : track.getTotalLength();
  for (let step = 0; length && step <= 60; step += 1) {
    const { x, y } = track.getPointAtLength(length * step / 60);
    taken.push(around({ x: (x + shift - view.x) / unitsPerPixel, y: (y - view.y) / unitsPerPixel }, 28, 8, 12));
  }
  for (const { home, at } of homes) {
    const name = home.querySelector("text"), width = name.getComputedTextLength();
    const boxes = SIDES.map((side) => {
      const left = at.x + side.x - { start: 0, middle: width / 2, end: width }[side.anchor];
      return { side, left: left - 3, right: left + width + 3, top: at.y + side.y - 13, bottom: at.y + side.y + 4 };
    });
    const free = boxes.find((box) => isInside(box) && !taken.some((other) => overlap(box, other)));
    name.setAttribute("visibility", free ? "visible" : "hidden");
    if (!free) continue;
    taken.push(free);
    name.setAttribute("x", free.side.x);
    name.setAttribute("y", free.side.y);
    name.setAttribute("text-anchor", free.side.anchor);
  }
}

const overlap = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const isInside = (box) => box.left >= 0 && box.top >= 0 && box.right <= map.clientWidth && box.bottom <= map.clientHeight;

function redraw() {
  map.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  document.getElementById("zoom-out").setAttribute("aria-disabled", String(view.width >= WIDTH));
  const track = document.getElementById("track");
  track.setAttribute("transform", `translate(${toView(Number(track.dataset.middle ?? 0))} 0)`);
  for (const marker of map.querySelectorAll("[data-x]")) {
    place(marker, { x: Number(marker.dataset.x), y: Number(marker.dataset.y) });
  }
  label();
}

const proportion = () => (map.clientHeight && map.clientWidth ? map.clientHeight / map.clientWidth : 0.5);

export function lookAt(center, width = view.width) {
  width = within(width, CLOSEST, WIDTH);
  const height = width * proportion();
  view = { x: inWorld(center.x) - width / 2, y: inside(center.y, height, HEIGHT), width, height };
  redraw();
}

// Where a view of a length begins, so that it shows no more beyond the world's edge than it must.
function inside(center, length, whole) {
  return length > whole ? (whole - length) / 2 : within(center - length / 2, 0, whole - length);
}

// Draws the way of a flight, and moves the view to show all of it.
export function draw(way) {
  const [start, end] = [way.at(0), way.at(1)];
  const track = document.getElementById("track");
  track.setAttribute("d", `M${start.x} ${start.y}L${end.x} ${end.y}`);
  track.dataset.middle = (start.x + end.x) / 2;
  const width = Math.max(Math.abs(end.x - start.x), Math.abs(end.y - start.y) / proportion()) * 1.6;
  lookAt({ x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }, width);
}

// The shorter way between two points, as a function from a share of it (0 to 1) to a point. Where it crosses the date line,
// points lie beyond the edge of the world.
export function shortWay(from, to) {
  const across = Math.abs(to.x - from.x) > WIDTH / 2 ? Math.sign(from.x - to.x) * WIDTH : 0;
  return { at: (part) => ({ x: from.x + (to.x + across - from.x) * part, y: from.y + (to.y - from.y) * part }) };
}

export function drop(at) {
  pin.removeAttribute("hidden");
  place(pin, toMap(at));
  map.setAttribute("aria-label", `World map, pickup at ${spokenPlace(at)}`);
  label();
}

export const spokenPlace = ({ latitude, longitude }) =>
  `${Math.abs(latitude).toFixed(1)} degrees ${latitude < 0 ? "south" : "north"}, ` +
  `${Math.abs(longitude).toFixed(1)} degrees ${longitude < 0 ? "west" : "east"}`;

export function clearMap() {
  pin.setAttribute("hidden", "");
  delete pin.dataset.x;
  map.setAttribute("aria-label", "World map");
  lookAt({ x: WIDTH / 2, y: HEIGHT / 2 }, WIDTH);
}

export function onPick(pick, request) {
  new ResizeObserver(() => lookAt(center())).observe(map);
  let dragged = null;
  map.addEventListener("pointerdown", (event) => { dragged = { x: event.clientX, y: event.clientY, far: 0 }; });
  map.addEventListener("pointermove", (event) => {
    if (!dragged || !event.buttons) return;
    const [dx, dy] = [event.clientX - dragged.x, event.clientY - dragged.y];
    dragged = { x: event.clientX, y: event.clientY, far: dragged.far + Math.hypot(dx, dy) };
    if (dragged.far < DRAG_PIXELS) return;
    const scale = view.width / map.clientWidth;
    lookAt({ x: center().x - dx * scale, y: center().y - dy * scale });
  });
  map.addEventListener("click", (event) => {
    if (dragged?.far >= DRAG_PIXELS) return;
    const matrix = map.getScreenCTM().inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    // Above and below the world there is no place.
    if (point.y >= 0 && point.y <= HEIGHT) pick(toPlace({ x: inWorld(point.x), y: point.y }));
  });
  map.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      event.preventDefault();
      const at = pin.dataset.x ? { x: Number(pin.dataset.x), y: Number(pin.dataset.y) } : center();
      const far = view.width / 60;
      const to = { x: inWorld(at.x + step[0] * far), y: within(at.y + step[1] * far, 0, HEIGHT) };
      pick(toPlace(to));
      lookAt(to);
    } else if (event.key === "Enter") {
      request();
    } else if (event.key === "+" || event.key === "-") {
      event.preventDefault();
      zoom(event.key === "+" ? 0.5 : 2);
    }
  });
}

const center = () => ({ x: view.x + view.width / 2, y: view.y + view.height / 2 });

export function zoom(by) {
  const at = pin.dataset.x ? { x: Number(pin.dataset.x), y: Number(pin.dataset.y) } : center();
  lookAt(at, view.width * by);
}

export function showHomes(fleet) {
  const homes = document.getElementById("homes");
  for (const unicorn of fleet.filter((one) => one.Latitude !== undefined)) {
    const home = svg("g", { class: "home" });
    const name = svg("text", { x: 12, y: 5 });
    name.textContent = unicorn.Name;
    home.append(svg("circle", { r: 6 }), name);
    place(home, toMap({ latitude: unicorn.Latitude, longitude: unicorn.Longitude }));
    homes.append(home);
  }
}

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

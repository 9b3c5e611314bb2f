// A unicorn's flight across the map, and how long it takes in words.

const SECONDS = { second: 1, minute: 60 };
// A flight is shown at the first of these multiples of real time with which it takes at most a minute.
const SPEEDS = [1, 60, 600, 3600];
const MARKERS = ["track", "goal", "unicorn"];
let frame = 0;

// The seconds of an Eta such as "30 seconds" or "2 minutes".
export function secondsOf(eta) {
  const [count, unit] = eta.split(" ");
  return Number(count) * SECONDS[unit.replace(/s$/, "")];
}

const counted = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

export function spoken(seconds) {
  if (seconds < 60) return counted(seconds, "second");
  const minutes = Math.ceil(seconds / 60), hours = Math.floor(minutes / 60);
  if (!hours) return counted(minutes, "minute");
  return minutes % 60 ? `${counted(hours, "hour")} ${counted(minutes % 60, "minute")}` : counted(hours, "hour");
}

// Moves the unicorn between two points of the map; it set out at `departed`, in milliseconds since 1970. In each frame
// `onProgress` gets the seconds left and the multiple of real time; `onArrival` is called once, at the end.
export function fly({ from, to, seconds, departed }, onProgress, onArrival) {
  cancelAnimationFrame(frame);
  const way = shortWay(from, to);
  draw(way);
  for (const id of MARKERS) $(id).removeAttribute("hidden");
  place($("goal"), to);
  label();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const speed = SPEEDS.find((times) => seconds / times <= 60) ?? SPEEDS.at(-1);
  const step = () => {
    const flown = Math.min(Math.max(Date.now() - departed, 0) / 1000 * speed / seconds, 1);
    place($("unicorn"), way.at(still ? Math.floor(flown * 4) / 4 : flown));
    onProgress(Math.ceil(seconds * (1 - flown)), speed);
    if (flown < 1) frame = requestAnimationFrame(step);
    else onArrival();
  };
  frame = requestAnimationFrame(step);
}

export function clearFlight() {
  cancelAnimationFrame(frame);
  for (const id of MARKERS) $(id).setAttribute("hidden", "");
  label();
}

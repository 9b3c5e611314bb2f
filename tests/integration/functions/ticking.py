"""A function with a thread that ticks every hundredth of a second for as long as it may run."""

import threading
import time

ticks = 0


def tick() -> None:
    global ticks
    while True:
        ticks += 1
        time.sleep(0.01)


threading.Thread(target=tick, daemon=True).start()


def handler(event: object, context: object) -> int:
    """Return how often it has ticked."""
    return ticks

"""Python's syntax trees, which one thread at a time may make.

Before Python 3.13, two at once may end in a SystemError (CPython's issue 106905).
"""

import threading

LOCK = threading.Lock()

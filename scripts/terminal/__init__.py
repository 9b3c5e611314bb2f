"""How a verb talks to the person at the terminal. Standard library only: it runs before anything is installed."""

"""The HTTP side of the server: who may connect, and how connections are served."""

"""A server that answers with an error as AWS would, with the message that a test sets."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler


@dataclass(frozen=True)
class Answer:
    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"__type": code, "message": message}, {"x-amzn-ErrorType": code})


@dataclass(frozen=True)
class StandIn:
    """A server that gives the answer set for a method, and closes the connection where none is set."""

    answers: dict[str, Answer]
    calls: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stand_in.calls.append(self.path)
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer()

            def do_GET(self) -> None:
                self.answer()

            def answer(self) -> None:
                answer = stand_in.answers.get(self.command)
                if answer is None:
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(answer.body).encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler

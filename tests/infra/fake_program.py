"""A program for the supervisor: a leader with a child that ignores SIGTERM, maybe a web server.

Usage: fake_program.py MARKER PORT (0: no web server).
"""

import http.server
import subprocess
import sys
import time

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(1000)
"""


class Healthz(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()


def main() -> None:
    marker, port = sys.argv[1], int(sys.argv[2])
    subprocess.Popen([sys.executable, "-c", STUBBORN, marker])
    if port:
        http.server.HTTPServer(("127.0.0.1", port), Healthz).serve_forever()
    time.sleep(1000)


if __name__ == "__main__":
    main()

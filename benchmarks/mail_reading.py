"""What it costs to read a message: time of the processor for one of 5 kB, memory for one of 25 MB.

    python -m benchmarks.mail_reading [--times 500] [--json]

*Read* is `read_message` with its facts, *split* takes quotes and signature off, *HTML* makes the formatted text safe to
show; a worker does all three for every mail. *Memory* is the most that a process of its own used, Python included.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

LIMITS = {"read_ms": 1.0, "split_ms": 1.0, "html_ms": 2.0, "memory_mb": 200.0}
SENTENCE = "Sinds vanochtend komt er geen bon meer uit de printer van kassa twee, wat nu? "
READ_LARGE = """
import sys
from balie.mail.reading.parsing import read_message
from balie.mail.reading.replies import split_reply
mail = read_message(open(sys.argv[1], "rb").read())
split_reply(mail.text)
mail.facts()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) / 1024)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    figures = cost_of_a_small_one(arguments.times) | {"memory_mb": memory_of_a_large_one()}
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name.replace('_', ' '):12} {figure:8.2f}")
    return 0 if all(figures[name] <= limit for name, limit in LIMITS.items()) else 1


def cost_of_a_small_one(times: int) -> dict[str, float]:
    """Milliseconds of the processor for one message of 5 kB."""
    from balie.mail.reading.html import sanitise
    from balie.mail.reading.parsing import read_message
    from balie.mail.reading.replies import split_reply

    raw = reply()
    mail = read_message(raw)
    return {
        "read_ms": _milliseconds(lambda: read_message(raw).facts(), times),
        "split_ms": _milliseconds(lambda: split_reply(mail.text), times),
        "html_ms": _milliseconds(lambda: sanitise(mail.html or ""), times),
    }


def _milliseconds(act: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _each in range(times):
        act()
    return (time.process_time() - began) * 1000 / times


def reply() -> bytes:
    """An answer to a mail of ours, with its quote and a signature, as text and as HTML: 5 kB."""
    quote = "\n".join(f"> {SENTENCE}" for _each in range(17))
    text = f"Hallo,\n\n{SENTENCE * 4}\n\nMet vriendelijke groet,\nCarla\nWinkel in Wol\nT 020 555 01 01\n\n"
    text += f"Op ma 23 nov 2026 om 10:12 schreef Helpdesk <help@desk.example>:\n{quote}\n"
    message = EmailMessage()
    message["From"] = "Carla de Boer <carla@winkel.example>"
    message["To"] = "help@desk.example"
    message["Subject"] = "Re: Café: bonprinter print niet"
    message["References"] = "<a@desk.example> <b@desk.example>"
    for each in range(5):
        message["Received"] = f"from mx{each}.example by mail.example; Fri, 20 Nov 2026 16:00:00 +0100"
    message.set_content(text)
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines()[:30])
    message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return message.as_bytes()


def memory_of_a_large_one() -> float:
    """Megabytes that reading a message of 25 MB with forty files takes."""
    part = b"--b\r\nContent-Type: image/jpeg; name=foto.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.eml"
        with path.open("wb") as file:
            file.write(b"From: carla@winkel.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")
            for number in range(40):
                file.write(part + base64.encodebytes(number.to_bytes(4) * 116_000) + b"\r\n")
            file.write(b"--b--\r\n")
        command = [sys.executable, "-c", READ_LARGE, str(path)]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    raise SystemExit(main())

"""A mail server that keeps what it is given, and a reader that decodes it with Python's own library.

`mail.py DIR` listens on a free port of this machine, prints `{"port": N}`, writes each mail into a file of DIR (1.eml, 2.eml...), and ends with its
standard input. `mail.py --decode FILE` prints a mail as JSON, decoded.

Names of recipients say what happens to a mail: `busy@` is told to come back (450), `nobody@` is refused (550).
"""

import asyncio
import base64
import json
import socket
import sys
from email import policy
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller


class Keeper:
    """Keeps mails in a directory, in the order of their arrival."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Answers by the recipient's name."""
        if address.startswith("busy@"):
            return "450 4.2.1 the mailbox is busy"
        if address.startswith("nobody@"):
            return "550 5.1.1 there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keeps a mail."""
        self.count += 1
        # Whole or not at all, because a test looks while mails arrive.
        part = self.directory / f"{self.count}.part"
        part.write_bytes(envelope.original_content)
        part.rename(self.directory / f"{self.count}.eml")
        return "250 kept"


def serve(directory: Path) -> None:
    """Serves until standard input ends."""
    # The controller tries its own port out, and cannot do so with port 0.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Keeper(directory), hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    controller.stop()


def decode(file: Path) -> dict:
    """A mail as its reader sees it."""
    mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())

    def body(kind: str) -> str:
        part = mail.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""

    attachments = [
        {
            "name": it.get_filename(),
            "type": it.get_content_type(),
            "content": base64.b64encode(it.get_payload(decode=True)).decode(),
        }
        for it in mail.iter_attachments()
    ]
    return {
        "subject": mail["subject"],
        "from": str(mail["from"]),
        "to": [it.addr_spec for it in mail["to"].addresses],
        "message_id": mail["message-id"],
        "in_reply_to": mail["in-reply-to"],
        "language": mail["content-language"],
        "automatic": mail["auto-submitted"],
        "defects": [str(it) for it in mail.defects],
        "text": body("plain"),
        "html": body("html"),
        "attachments": attachments,
    }


if __name__ == "__main__":
    if sys.argv[1] == "--decode":
        print(json.dumps(decode(Path(sys.argv[2]))))
    else:
        asyncio.set_event_loop(asyncio.new_event_loop())
        serve(Path(sys.argv[1]))

"""For Prowler's Python alone: finds the emulator under names with an account in front, as `123456789012.127.0.0.1`,
which the AWS library asks for where a service has the account in its host's name.
"""

import socket

_find = socket.getaddrinfo


def _find_emulator(host, *args, **kwargs):
    local = "127.0.0.1"
    return _find(local if isinstance(host, str) and host.endswith("." + local) else host, *args, **kwargs)


socket.getaddrinfo = _find_emulator

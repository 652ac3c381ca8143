"""Refuses the outside network to every Python process that has this folder on PYTHONPATH.

Python imports `sitecustomize` when it starts, so the guard reaches notebook kernels and other child
processes. Tests and chapters run under it: what they need must be on the machine before they start.
"""

import ipaddress
import socket


class OutsideNetworkRefused(RuntimeError):
    """Not an OSError, so that no library can take it for a bad connection and carry on quietly."""


def _check(host: object) -> None:
    """Raise unless `host` is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise OutsideNetworkRefused(
        f"a connection to {name!r} was refused: tests and chapters run without the network. "
        "Fetch data beforehand with `make data`."
    )


def _guard_name(function):
    def guarded(host, *args, **kwargs):
        _check(host)
        return function(host, *args, **kwargs)

    return guarded


def _guard_socket(method):
    def guarded(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(args[-1][0])  # the address is the last argument: (host, port, ...)
        return method(self, *args)

    return guarded


socket.getaddrinfo = _guard_name(socket.getaddrinfo)
socket.gethostbyname = _guard_name(socket.gethostbyname)
for _name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, _name, _guard_socket(getattr(socket.socket, _name)))

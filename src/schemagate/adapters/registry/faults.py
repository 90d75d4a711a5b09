"""From the exceptions of requests, urllib3 and the sockets to plain words that hold no address and no secret."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import requests
import urllib3

from schemagate.adapters.registry.failures import Fault

EXPECTED: Final = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""All that sending and reading raise for what the world does."""
_NO_CONNECTION: Final = (requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError)
_NO_ANSWER: Final = (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)
_DEEPEST: Final = 20


def fault_of(error: BaseException, url: str, *, connect: float, answer: float) -> Fault:
    """The fault that an exception stands for; ``connect`` and ``answer`` are the seconds that were waited at most."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            words = f"shows a certificate that is not trusted: {link.verify_message or 'it cannot be verified'}"
            hint = "set `ca-file` to the PEM file of the authority that signed it, or check the address"
            return Fault(words, url, again=False, hint=hint)
        if isinstance(link, requests.exceptions.ProxyError | urllib3.exceptions.ProxyError):
            hint = "check the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
            return Fault("cannot be reached: the proxy refuses or does not answer", url, hint=hint)
    for link in chain:
        if isinstance(link, _NO_CONNECTION) and not isinstance(link, urllib3.exceptions.NewConnectionError):
            # A refused connection is a subclass of a late one; what refused it comes further down the chain.
            return Fault(f"cannot be reached: no connection within {connect:g} s", url, waited=connect)
        if isinstance(link, _NO_ANSWER):
            return Fault(f"did not answer within {answer:g} s", url, waited=answer)
        words = _words(link)
        if words:
            gone = isinstance(link, socket.gaierror) and link.errno == socket.EAI_NONAME
            return Fault(words, url, again=not gone)
    return _by_kind(error, url)


def _words(link: BaseException) -> str:
    if isinstance(link, socket.gaierror):
        return "cannot be reached: its name is not known"
    if isinstance(link, http.client.RemoteDisconnected):
        return "closed the connection without an answer"
    if isinstance(link, ConnectionRefusedError):
        return "cannot be reached: connection refused"
    if isinstance(link, ConnectionResetError | BrokenPipeError):
        return "reset the connection"
    if isinstance(link, http.client.IncompleteRead | urllib3.exceptions.IncompleteRead):
        return "broke off in the middle of its answer"
    if isinstance(link, ssl.SSLError):
        reason = (link.reason or "").replace("_", " ").lower()
        return "cannot be reached over TLS" + (f": {reason}" if reason else "")
    if isinstance(link, OSError) and link.errno and not isinstance(link, requests.RequestException):
        return f"cannot be reached: {os.strerror(link.errno).lower()}"
    return ""


def _by_kind(error: BaseException, url: str) -> Fault:
    if isinstance(error, urllib3.exceptions.DecodeError | requests.exceptions.ContentDecodingError):
        return Fault("sent an answer whose compression cannot be undone", url, again=False)
    if isinstance(error, http.client.HTTPException | urllib3.exceptions.ProtocolError | requests.ConnectionError):
        return Fault("does not answer as HTTP demands", url)
    return Fault(f"cannot be asked ({type(error).__name__})", url, again=False)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it was made from, outermost first."""
    found: list[BaseException] = [error]
    for link in found[:]:
        yield link
    index = 0
    while index < len(found) < _DEEPEST:
        link = found[index]
        index += 1
        inner = [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
        for candidate in inner:
            if isinstance(candidate, BaseException) and not any(candidate is known for known in found):
                found.append(candidate)
                yield candidate

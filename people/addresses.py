"""Where a request came from: the whole address to count tries by, a shortened one to show and to keep."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# What stays of an address: enough to tell the office from elsewhere, too little to find a flat.
KEPT_BITS = {4: 24, 6: 48}


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address: behind our proxy the one it saw, which it writes last. None if unreadable."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def shortened(address: str | None) -> str:
    """Return 203.0.113.* or 2001:db8:1::*, empty if there is none. Pure."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    network = ipaddress.ip_network((found, KEPT_BITS[found.version]), strict=False)
    start = str(network.network_address)
    return f"{start.rpartition('.')[0]}.*" if found.version == 4 else f"{start}*"  # noqa: PLR2004 - IPv4

"""Why a delivery was given up, in words for whoever decides whether to send it again."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

IN_WORDS: Final[Mapping[str, str | Promise]] = {
    "no_address": gettext_lazy("The recipient has no address any more, or the account was closed."),
    "bad_address": gettext_lazy("The address cannot be written to."),
    "landline": gettext_lazy("The number is a landline, which gets no SMS."),
    "silent": gettext_lazy("The matter is one of which nothing is sent."),
    "not_configured": gettext_lazy("This channel is not set up, or the group chat is out of use."),
    "no_answer": gettext_lazy("The programme ended several times while sending it."),
    "bug": gettext_lazy("A fault of ours; the log has it."),
    "timeout": gettext_lazy("The server did not answer in time."),
    "unreachable": gettext_lazy("The server could not be reached."),
    "no_such_host": gettext_lazy("The server's name is not known."),
    "disconnected": gettext_lazy("The server broke off."),
    "tls": gettext_lazy("The server's certificate is not valid."),
    "bad_url": gettext_lazy("The server's address is mistyped."),
    "not_https": gettext_lazy("The server's address does not begin with https."),
    "forbidden_address": gettext_lazy("The server's address lies inside a private network."),
    "smtp_unsupported": gettext_lazy("The mail server cannot take the address."),
    "smtp_550": gettext_lazy("There is no such mailbox."),
    "smtp_551": gettext_lazy("There is no such mailbox."),
    "smtp_553": gettext_lazy("There is no such mailbox."),
    "smtp_552": gettext_lazy("The mailbox is full."),
    "smtp_554": gettext_lazy("The mail server refused the message."),
    "http_401": gettext_lazy("The server does not accept our signature."),
    "http_403": gettext_lazy("The server does not accept our signature."),
    "http_404": gettext_lazy("The server does not know the address it was sent to."),
    "http_410": gettext_lazy("The server does not know the address it was sent to."),
    "http_429": gettext_lazy("The server wanted fewer messages."),
}
_FAMILIES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("smtp_4", lambda code: _("The mail server put it off too often (%(code)s).") % {"code": code}),
    ("smtp_", lambda code: _("The mail server refused it (%(code)s).") % {"code": code}),
    ("http_3", lambda code: _("The server sent us elsewhere, which we do not follow (%(code)s).") % {"code": code}),
    ("http_4", lambda code: _("The server refused it (%(code)s).") % {"code": code}),
    ("http_", lambda code: _("The server was out of order too long (%(code)s).") % {"code": code}),
    ("robot_", lambda code: _("The group chat refused it (%(code)s).") % {"code": code}),
)


def in_words(code: str) -> str:
    """Return the sentence for an error code, in the active language; the code itself if nobody knows it."""
    if code in IN_WORDS:
        return str(IN_WORDS[code])
    number = code.rpartition("_")[2]
    return next((words(number) for start, words in _FAMILIES if code.startswith(start)), code)

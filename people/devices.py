"""What a browser says of itself, in two codes that a person recognises. Pure; a guess that nothing depends on."""

import re

from django.utils.translation import gettext as _

# The first that fits counts: what is built on another browser names that one too.
SYSTEMS = (
    ("harmony", re.compile(r"HarmonyOS|OpenHarmony", re.IGNORECASE)),
    ("iphone", re.compile(r"iPhone")),
    ("ipad", re.compile(r"iPad")),
    ("android", re.compile(r"Android")),
    ("windows", re.compile(r"Windows")),
    ("mac", re.compile(r"Macintosh|Mac OS X")),
    ("linux", re.compile(r"Linux|X11")),
)
BROWSERS = (
    ("wechat", re.compile(r"MicroMessenger")),
    ("dingtalk", re.compile(r"DingTalk")),
    ("qq", re.compile(r"QQBrowser|MQQBrowser")),
    ("edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("firefox", re.compile(r"Firefox/|FxiOS/")),
    ("chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("safari", re.compile(r"Safari/")),
)
NAMES = {
    "harmony": "HarmonyOS", "iphone": "iPhone", "ipad": "iPad", "android": "Android", "windows": "Windows",
    "mac": "Mac", "linux": "Linux", "edge": "Edge", "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari",
}  # fmt: skip


def recognise(user_agent: str) -> str:
    """Return "system browser" as codes, such as "android wechat"; an unknown half is "other"."""
    system = next((code for code, fits in SYSTEMS if fits.search(user_agent)), "other")
    browser = next((code for code, fits in BROWSERS if fits.search(user_agent)), "other")
    return f"{system} {browser}"


def in_words(device: str) -> str:
    """Return the words for what ``recognise`` found."""
    system, _space, browser = device.partition(" ")
    named = {
        **NAMES,
        "wechat": _("WeChat"),
        "dingtalk": _("DingTalk"),
        "qq": _("QQ Browser"),
    }
    return _("%(browser)s on %(system)s") % {
        "browser": named.get(browser, _("another browser")),
        "system": named.get(system, _("another device")),
    }

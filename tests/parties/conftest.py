"""What tests of Party organisations share."""

from tests.petitions.conftest import english, fresh_cache, gateway, no_sums, sent_at_once

__all__ = ["english", "fresh_cache", "gateway", "no_sums", "sent_at_once"]

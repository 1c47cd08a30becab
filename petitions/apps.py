from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = _("Petitions")

    def ready(self) -> None:
        from deadlines.conditions import set_conditions
        from deadlines.registry import register
        from grids.registry import add_handover_part, add_redivision_part, set_filing_page
        from notifications import downloads
        from notifications.registry import register as register_notice
        from notifications.registry import set_keeper_rule
        from people.expiry import announce
        from people.purging import announce as announce_ledger
        from petitions import (
            checks,  # noqa: F401 - registers itself
            exporting,
        )
        from petitions.arrivals import RULE as ARRIVALS
        from petitions.broadcast_clocks import FAMILY as BROADCASTS
        from petitions.clocks import FAMILY, refreshed
        from petitions.enums import Tier, Urgency
        from petitions.erasure import CONTACTS, WORDS
        from petitions.handover import PetitionPart
        from petitions.notices import keeper_of
        from petitions.papers import LEDGERS, RULES
        from petitions.posters import filing_page
        from petitions.redivision import PetitionPart as RedivisionPart
        from petitions.supplements import pause_over
        from petitions.whistle_clocks import FAMILY as WHISTLES

        register(FAMILY, pause_over=pause_over, refreshed=refreshed)
        for family in (WHISTLES, BROADCASTS):
            # neither ever stands still
            register(family, pause_over=lambda _subject_id, _at: None)
        set_conditions(tiers=tuple(Tier.choices), urgencies=tuple(Urgency.choices))
        set_keeper_rule(keeper_of)
        for rule in (CONTACTS, WORDS, ARRIVALS, *RULES):
            announce(rule)
        for ledger in LEDGERS:
            announce_ledger(ledger)
        add_handover_part("petitions", PetitionPart())
        add_redivision_part("petitions", RedivisionPart())
        set_filing_page(filing_page)
        downloads.announce(exporting.WHAT, exporting.MAKER)
        for kind in ("whistle_to_check", "help_called", "help_taken", "help_given_back", "help_over"):
            register_notice(kind, sample={"number": "CS-1"})
        register_notice("whistle_called", sample={"number": "CS-1", "what": "called", "kind": "emergency"})
        register_notice("whistle_answered", sample={"number": "CS-1", "what": "reported", "unit": "城管中队"})
        register_notice("redivision_cases", sample={"first_on": "2026-11-23", "cases": 3})
        register_notice("redivision_gone", sample={"first_on": "2026-11-23", "cases": 3})

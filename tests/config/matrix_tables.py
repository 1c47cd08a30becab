"""The matrix of architecture.md 6 as two literal tables: which page asks what of whom, and which post may do what.

Nothing here is read from the code under test. Posts are short: UH unit head, BH building head, GW grid worker,
GL grid lead, CS community secretary, CW community worker, DI dispatcher, SL street leader, DH department handler,
DD department head, SU supervisor, DC district command, SA system administrator (a post), RT superuser without a post.
Without an account: FO somebody who has filed a matter and proved it, ``--`` anybody else. The registers of the desk
stand in ``matrix_registers``.
"""

from typing import Final, NamedTuple

POSTS: Final = ("UH", "BH", "GW", "GL", "CS", "CW", "DI", "SL", "DH", "DD", "SU", "DC", "SA", "RT")
STRANGERS: Final = ("FO", "--")
WHERE: Final = ("own", "other", "parent")
# the place right above a post's own area, where rows can lie that are not his; the district has none
ABOVE: Final = {
    "UH": "grid", "BH": "grid", "GW": "community", "GL": "community", "CS": "street", "CW": "street",
    "DI": "district", "SL": "district", "DH": "district", "DD": "district", "SU": "district",
}  # fmt: skip

ALL = " ".join(POSTS)
HOLDERS = "UH BH GW GL CS CW DI SL DH DD SU DC SA"
LINE = "GW GL CS CW DI SL DH DD SU DC"  # whoever sees matters by his post
DESK = "CS DI SL DC"
KEEPERS = "CS SL DC SA RT"
MIGHT = "SA RT"
DATA = "DC SA RT"

# -- post × verb: who may, where the matter is his (its state apart) --------------------------------------------------

VERBS: Final[dict[str, str]] = {
    "see": ALL,
    "hold": HOLDERS,  # any post at all
    # the worker (or the unit) has signed it: whoever has it, and the heads who may step in
    "sign": "GW GL CS DH DD", "contact": "GW GL CS DH DD", "arrive": "GW GL CS DH DD",
    "plan": "GW GL CS DH DD", "resolve": "GW GL CS DH DD",
    "accept": "CS CW DI SL DC", "decline": DESK,
    "take_off": "GL CS CW DI SL DD DC",  # a pile of triage or dispatch
    "dispatch": "GL CS DI SL DD DC", "recall": "GL CS DI SL DC", "designate": DESK,
    # the grid lead approves the instant close; who handled it never does
    "verify": "GL CS DI SL SU", "rework": "GL CS DI SL SU", "close": "GL CS DI SL SU",
    "place": DESK, "regrid": DESK, "merge": DESK,
    "hear": LINE,
    "ask_extension": "GW DH", "decide_extension": "DI", "ask_back": "GW CS CW DI DH",
    "supervise": "DI SL SU DC", "answer_order": "GW CS DH",
    "return": "GW DH DD", "decide_return": "CS DI SL DC",
    "ask_above": "GW DH DD", "dispute": "DH DD", "rule": "", "take_up": "GW CS DI SL DH DD",
    "step_back": LINE, "about_staff": "CS CW DI SL SU DC",
    "clear_of_staff": "CS SL DC",
    "receive": "CS CW",
    "call_back": "CS CW DI SL SU DC", "feedback": "GW CS CW DI DH",
    "file": "UH BH GW GL CS CW", "export": "CS DI SL SU DC",
    "figures": "GW GL CS CW DI SL SU DC", "ask_report": "CS DI SL SU DC", "keep_minutes": "CS DI SL",
    "mediate": "GW GL CS CW DI SL", "patterns": "CS DI SL SU DC", "publish_figures": "DC",
    "send_circular": "DI SL DC", "answer_circular": "CS", "file_up": "CS DI SL",  # it went to the community
    "give_many": "GL CS DI SL DD DC",
    "print_posters": "GW GL CS CW DI SL DC", "make_surveys": "CS CW DI SL DC", "publish": "CS DI SL",
    "withdraw_posters": "CS DI SL DC", "type_in": "GW GL CS CW DI SL DC", "keep_diary": "GW GL CS CW",
    "keep_homes": "GW GL CS CW", "keep_care": "GW GL CS", "keep_liaisons": "GL CS CW", "arrange": "GL CS",
    "campaign": DESK, "end_campaign": "CS",
    "count": "GW GL CS CW DI SL SU DC", "take_in": "CS", "close_station": "GW GL CS CW DI SL DC",
    "walk": "GW GL", "keep_routes": "GL CS DI SL", "order_emergencies": "SL DC",
    "plan_duty": "GL CS DI SL", "serve": "GW GL CS CW DI SL", "sit": "GW",
    "raise_entry": "GW",  # who wrote it
    # the worker calls his community, and calls for help himself: he cannot come to himself
    "blow": "GW GL CS DI SL", "check_whistle": "CS", "is_caller": "GW GL", "is_called": "CS CW",
    "joins_in": "GW GL CS CW", "read_scores": "CS DI SL DH DD SU DC",
    "call_help": "GW GL", "come": "GL CS CW DI SL", "called_help": "GW",
    "empty": "GW GL CS CW", "check_on_site": "CS SL SU", "correct_lists": "CS CW DI SL",
    "draw_grids": "CS SL", "posts": ALL, "keep_posts": KEEPERS, "rules": DATA, "keep_clients": DATA, "accounts": MIGHT,
    "see_parties": "CS SL DC", "keep_parties": "CS SL", "keep_members": "CS", "begin_parties": "SL",
    "undelivered": "SL SA RT", "root": "RT", "nobody": "",
}  # fmt: skip

# -- scope rules: for whom a row exists, by where it lies for him -----------------------------------------------------


class Scope(NamedTuple):
    """For whom a row of his own area, of a strange one, of the area right above exists."""

    own: str
    other: str = ""
    parent: str = ""


SCOPES: Final[dict[str, Scope]] = {
    "open": Scope(ALL, ALL, ALL),  # no row, or one that all may know of
    "matter": Scope(f"UH BH {LINE}"),  # heads of houses: what they filed
    "proved": Scope("FO"),  # by number and follow-up code; nobody gets there by a post
    "photo": Scope(f"UH BH {LINE} FO"),
    "survey": Scope("GW GL CS CW DI SL SU DC", "", "GW GL CS CW DI SL"),  # of the area above: to type in paper
    "printed": Scope("GW GL CS CW DI SL DC"),
    "review": Scope(HOLDERS, "", HOLDERS),  # of the area above: to take down marks
    "diary": Scope("GW GL CS"),  # of the grid's worker: himself, the lead and the secretary
    "to_show": Scope("CS DI SL"),
    "shown": Scope(LINE),
    "asked": Scope(DESK),  # a look at sealed data that waits for a second person, asked for by the worker
    "mine": Scope(ALL),
    "line": Scope(ALL, MIGHT, ALL),  # areas and what hangs on them: also those above one's own
    "under": Scope(f"{LINE} {MIGHT}", MIGHT, MIGHT),
    "personnel": Scope(KEEPERS, MIGHT, MIGHT),
    "home": Scope("GW GL CS CW"),
    "care": Scope("GW GL CS"),
    "micro_grid": Scope(f"UH BH {LINE} SA"),  # heads of houses: that of the grid they serve in
    "emergency": Scope(HOLDERS, "", HOLDERS),
    "route": Scope("GW GL CS CW DI SL SU DC"),
    "shift": Scope(LINE, "", "GW GL"),
    "campaign": Scope("UH BH GW GL CS CW DI SL DH DD SU DC"),
    "circular": Scope("CS CW DI SL SU DC"),
    "called": Scope("GW GL CS CW DI SL SU DC"),  # a whistle or a call for help from the grid
    "filing": Scope(DESK),
    "report": Scope("CS CW DI SL SU DC"),
    "undelivered": Scope(f"SL {MIGHT}", f"SL {MIGHT}", f"SL {MIGHT}"),
    "party": Scope("CS SL DC"),
    "party_member": Scope("CS"),
    "duty": Scope(DATA, DATA, DATA),
    "nowhere": Scope(""),
    "key": Scope(""),  # whoever shows a key of the API (tests/gateway); a session of ours opens nothing
}

# -- URL → scope rule and verb ----------------------------------------------------------------------------------------


class Page(NamedTuple):
    """Scope rule, the verb of GET and of POST (None: that method is refused), and whether strangers come in.

    ``kept``: a row of the area above is read from below, and nothing is done to it.
    """

    scope: str
    get: str | None = "see"
    post: str | None = None
    public: bool = False
    kept: bool = False


DOOR = Page("open", "see", "see", public=True)
PROOF = Page("proved", "see", "see", public=True)  # sends whoever has not proved it to where it is proved
PROVED = Page("proved", None, "see", public=True)
PAGES: Final[dict[str, Page]] = {
    "healthz": Page("open", "see", None, public=True), "readyz": Page("open", "see", None, public=True),
    "home": Page("open", "see", None, public=True),
    "accessibility": Page("open", "see", None, public=True), "privacy": Page("open", "see", None, public=True),
    "area_page": Page("open", "see", None, public=True), "area_board": Page("open", "see", None, public=True),
    "service_worker": Page("open", "see", None, public=True), "manifest": Page("open", "see", None, public=True),
    "offline_page": Page("open", "see", None, public=True), "offline_token": Page("open", "see"),
    "set_language": DOOR, "set_elder": Page("open", None, "see", public=True),
    "login": DOOR, "sign_in_code": DOOR, "sign_in_setup": DOOR, "logout": Page("open", None, "see", public=True),
    "identity_start": Page("nowhere", None, "see", public=True), "identity_done": Page("nowhere", public=True),
    "petition_new": DOOR, "petition_follow": DOOR, "petitions_mine": DOOR,
    "petition_receipt": Page("proved", "see", None, public=True),
    "petition_forget": Page("open", None, "see", public=True),
    "petition_followed": Page("proved", "see", None, public=True), "petition_reopen": PROOF,
    "petition_withdraw": PROOF, "petition_appeal": PROOF, "petition_add": PROOF,
    "duty_list": Page("open", "see", None, public=True),
    "service_list": Page("open", "see", None, public=True), "faq": Page("open", "see", None, public=True),
    "service_item": Page("open", "see", None, public=True),
    "public_board": Page("open", "see", None, public=True), "public_notice": DOOR,
    "public_figures": Page("open", "see", None, public=True), "open_data": Page("open", "see", None, public=True),
    "open_data_months": Page("open", "see", None, public=True),
    "open_data_csv": Page("open", public=True), "open_data_json": Page("open", public=True),
    "petition_data": Page("proved", "see", None, public=True),
    "petition_rate": PROVED, "petition_consent": PROVED, "petition_data_do": PROVED, "petition_urge": PROVED,
    "petition_supplement": PROVED,
    "petition_photo": Page("photo", public=True),
    # -- one's own
    "staff_home": Page("open"), "account": Page("open"), "password_change": Page("open", "see", "see"),
    "password_change_done": Page("open"), "factor_change": Page("open", None, "see"),
    "factor_setup": Page("open", "see", "see"), "sessions_end": Page("open", None, "see"),
    "pledge": Page("open", "see", "see"),
    "notifications:inbox": Page("open"), "notifications:read_all": Page("open", None, "see"),
    "notifications:open": Page("mine", None, "see"),
    # -- stations
    "stations": Page("open", "see", None, public=True), "station": Page("open", "see", None, public=True),
    "station_desk": Page("open"), "station_coverage": Page("open", "count"), "station_work": Page("line"),
    "station_close": Page("line", None, "close_station", kept=True),
    "station_reopen": Page("line", None, "close_station", kept=True),
    "station_loans": Page("shift"), "loan_new": Page("shift", "serve", "serve"),
    "item_repair": Page("shift", None, "serve"), "loan_end": Page("shift", None, "serve"),
    "loan_look": Page("shift", None, "serve"),
    "advisers": Page("open", "see", None, public=True), "adviser_coverage": Page("open", "count"),
    # -- duty
    "duty": Page("open"),
    "steward_coverage": Page("open", "count"),
    "duty_week": Page("open", "see", "plan_duty"), "duty_plan": Page("open", None, "plan_duty"),
    "duty_shift": Page("shift"), "duty_take": Page("shift", None, "serve"),
    "duty_offer": Page("shift", None, "sit", kept=True), "duty_hand_over": Page("shift", None, "sit", kept=True),
    "duty_take_over": Page("shift", None, "nobody"),  # whoever has the next one
    "duty_assign": Page("shift", None, "plan_duty", kept=True), "duty_point": Page("shift", None, "serve"),
    # -- visits
    "visits": Page("open"), "visit_coverage": Page("open", "count"),
    "household_new": Page("open", "keep_homes", "keep_homes"),
    "household": Page("home"),
    **{f"household_do:{what}": Page("home", None, verb) for what, verb in (
        ("visit", "keep_homes"), ("who", "keep_homes"), ("look", "keep_homes"), ("close", "keep_homes"),
        ("note", "arrange"), ("link", "arrange"), ("end-note", "arrange"), ("unlink", "arrange"),
    )},
    "household_do:resident": Page("home", None, "keep_homes"), "household_do:moved-out": Page("nowhere", None, "see"),
    "household_versions": Page("home"),
    **{name: Page("open", "see", None, public=True) for name in ("bulletins", "bulletin", "bulletin_poster")},
    "bulletin_desk": Page("open"), "bulletin_new": Page("open", "keep_care", "keep_care"),
    "bulletin_work": Page("route"), "bulletin_do:decide": Page("route", None, "arrange"),
    "bulletin_do:withdraw": Page("route", None, "arrange"), "bulletin_do:*": Page("nowhere", None, "see"),
    "own_data": Page("open", "see", None, public=True),
    **{f"own_data_do:{what}": Page("open", None, "see", public=True)
       for what in ("copy", "correct", "erase", "object", "care")},
    "own_data_do:*": Page("nowhere", None, "see", public=True),
    "volunteers": Page("open", "see", None, public=True), "volunteer_register": DOOR, "volunteer_register_child": DOOR,
    "own_volunteer": Page("open", "see", None, public=True),
    **{f"own_volunteer_do:{what}": Page("open", None, "see", public=True)
       for what in ("copy", "change", "paper", "drop", "leave", "withdraw", "agree", "again")},
    "own_volunteer_do:*": Page("nowhere", None, "see", public=True),
    "volunteer_list": Page("open", "see", "see"), "volunteer": Page("home"),
    **dict.fromkeys(("volunteer_new", "volunteer_new_child"), Page("open", "keep_homes", "keep_homes")),
    **{f"volunteer_do:{what}": Page("home", None, "receive")
       for what in ("approve", "refuse", "look", "look-guardian", "leave", "merge")},
    "volunteer_do:*": Page("nowhere", None, "see"),
    "volunteer_teams": Page("open"), "volunteer_grid_teams": Page("open", "count"),
    "volunteer_team_new": Page("open", "keep_liaisons", "keep_liaisons"), "volunteer_team": Page("route"),
    **{f"volunteer_team_do:{what}": Page("route", None, "keep_liaisons")
       for what in ("join", "leave", "mandate", "close")},
    "volunteer_team_do:*": Page("nowhere", None, "see"), "home_partners": Page("open"),
    "home_partner_counts": Page("open", "count"), "home_partner_new": Page("home", "receive", "receive"),
    "home_partner": Page("home"), "home_partner_do:*": Page("nowhere", None, "see"),
    **{f"home_partner_do:{what}": Page("home", None, "receive") for what in ("honour", "end")},
    **dict.fromkeys(("party_tree", "party_coverage"), Page("open", "see_parties")), "party": Page("party"),
    "party_topmost_new": Page("open", "begin_parties", "begin_parties"),
    "party_new": Page("party", "keep_parties", "keep_parties"), "party_do:*": Page("nowhere", None, "see"),
    **{f"party_do:{what}": Page("party", None, "keep_parties") for what in ("rename", "close")},
    "party_member_new": Page("party", "keep_members", "keep_members"), "party_member": Page("party_member"),
    **{f"party_member_do:{what}": Page("party_member", None, "keep_members") for what in ("look", "move", "leave")},
    "party_member_do:*": Page("nowhere", None, "see"),
    "legal_people": Page("open"), "legal_people_goals": Page("open", "count"),
    "legal_person_new": Page("open", "keep_liaisons", "keep_liaisons"), "legal_person": Page("home"),
    **{f"legal_person_do:{what}": Page("home", None, "keep_liaisons") for what in ("training", "term", "look", "end")},
    "legal_person_do:*": Page("nowhere", None, "see"),
    "dossiers": Page("open", "count"), "dossier_export": Page("open", None, "count"),
    "grid_dossier": Page("route", "see", "arrange"),
    "micro_grids": Page("open"), "micro_grid_new": Page("open", "arrange", "arrange"), "micro_grid": Page("micro_grid"),
    **{f"micro_grid_do:{what}": Page("micro_grid", None, "arrange") for what in ("places", "head", "close")},
    "micro_grid_do:look": Page("micro_grid", None, "keep_homes"), "micro_grid_do:*": Page("nowhere", None, "see"),
    "care_list": Page("open", "keep_care"), "care_new": Page("home", "keep_care", "keep_care"), "care": Page("care"),
    **{f"care_do:{what}": Page("care", None, "see") for what in ("open", "plan", "end")},
    "care_do:*": Page("nowhere", None, "see"),
    "ledgers": Page("open", "count"), "compounds": Page("open", "count"), "houses_missing": Page("open"),
    "buildings": Page("open"),
    "building": Page("home", "see", "keep_homes"), "building_sheet": Page("home", "see", "keep_homes"),
    "dwelling": Page("home", "see", "keep_homes"),
    "ledger_import": Page("open", "take_in", "take_in"), "ledger_template": Page("open", "take_in"),
    "ledger_import_do": Page("open", None, "take_in"),
    "household_do:take-back": Page("nowhere", None, "see"), "household_do:*": Page("nowhere", None, "see"),
    "liaisons": Page("open"), "liaison_call": Page("open", None, "see"),
    "liaison_new": Page("open", "keep_liaisons", "keep_liaisons"), "liaison": Page("home"),
    "liaison_do:told": Page("home", None, "see"), "liaison_do:look": Page("home", None, "keep_homes"),
    "liaison_do:answers": Page("home", None, "keep_liaisons"), "liaison_do:end": Page("home", None, "keep_liaisons"),
    "liaison_do:*": Page("nowhere", None, "see"), "listening": Page("open", "count"),
    "visit_campaigns": Page("open"), "visit_campaign_new": Page("open", "campaign", "campaign"),
    "visit_campaign": Page("campaign", "see", "end_campaign"),
    # -- patrols
    "patrols": Page("open"), "patrols_mine": Page("open", "see", "see"), "patrol_figures": Page("open", "count"),
    "patrol_route_new": Page("open", "keep_routes", "keep_routes"), "patrol_route": Page("route"),
    "patrol_route_change": Page("route", "keep_routes", "keep_routes"),
    "patrol_route_end": Page("route", None, "keep_routes"),
    "patrol_round": Page("route"), "patrol_confirm": Page("route", None, "walk"),
    "patrol_take_back": Page("route", None, "walk"), "patrol_finding": Page("route", "walk", "walk"),
    "patrol_why": Page("route", None, "keep_routes"),
    "emergencies": Page("open", "see", "order_emergencies"),
    "emergency_end": Page("emergency", None, "order_emergencies"),
    "patrol_teams": Page("open"), "patrol_team_new": Page("open", "keep_routes", "keep_routes"),
    "patrol_team": Page("route"),
    **{f"patrol_team_do:{what}": Page("route", None, "keep_routes") for what in ("join", "leave", "look", "close")},
    "patrol_team_do:*": Page("nowhere", None, "see"),
    # -- matters
    "grid_queue": Page("open"), "case_new": Page("open", "file", "file"),
    "case": Page("matter"), "case_brief": Page("matter"),
    "case_place": Page("matter", None, "place"), "case_reveal": Page("matter", None, "hear"),
    "case_item": Page("matter", "ask_back", "ask_back"),
    "case_seen": Page("matter", None, "see"),
    "case_join": Page("matter", "see", "merge"), "case_split": Page("matter", "see", "see"),
    **{f"case_verb:{verb}": Page("matter", None, verb) for verb in (
        "accept", "decline", "dispatch", "sign", "contact", "arrive", "plan", "resolve", "verify", "rework", "close",
        "designate", "recall",
    )},
    "case_verb:*": Page("nowhere", None, "see"),
    "case_request:extension": Page("matter", None, "ask_extension"),
    "case_request:decision": Page("matter", None, "decide_extension"),
    "case_request:appeal": Page("matter", None, "see"),
    "case_request:supplement": Page("matter", None, "ask_back"),
    "case_request:supplemented": Page("matter", None, "ask_back"),
    "case_request:order": Page("matter", None, "supervise"),
    "case_request:answer": Page("matter", None, "answer_order"),
    "case_handing:return": Page("matter", "see", "return"),
    "case_handing:return-decision": Page("matter", "see", "decide_return"),
    "case_handing:step-back": Page("matter", "see", "step_back"),
    "case_handing:about-staff": Page("matter", "see", "about_staff"),
    "case_handing:not-about-staff": Page("matter", "see", "clear_of_staff"),
    "case_handing:place": Page("matter", "regrid", "regrid"),
    **{f"case_handing:{what}": Page("matter", "see", "ask_above") for what in ("defer", "terminate")},
    "case_handing:conflict": Page("matter", "see", "dispute"), "case_handing:ruling": Page("matter", "see", "rule"),
    "case_handing:resume": Page("matter", "see", "take_up"),
    "case_after:callback": Page("matter", "see", "call_back"), "case_after:missed": Page("matter", "see", "call_back"),
    "case_after:paper": Page("matter", "see", "call_back"), "case_after:answer": Page("matter", "see", "call_back"),
    "case_after:mediation": Page("matter", "see", "mediate"), "case_after:mediated": Page("matter", "see", "mediate"),
    "case_after:feedback": Page("matter", "see", "feedback"), "case_after:category": Page("matter", "see", "accept"),
    "case_request:*": Page("nowhere", None, "see"), "case_handing:*": Page("nowhere", "see", "see"),
    "case_after:*": Page("nowhere", "see", "see"),
    "reveal_list": Page("open"), "reveal_request": Page("asked"), "reveal_decide": Page("asked", None, "see"),
    "petition_export": Page("open", "export", "export"),
    "downloads:list": Page("open"), "downloads:fetch": Page("nowhere"), "downloads:drop": Page("nowhere", None, "see"),
    "posters": Page("open", "print_posters"), "poster_withdraw": Page("printed", None, "withdraw_posters"),
    "reception": Page("open", "receive", "receive"),
    "surveys": Page("open", "see", "make_surveys"),
    "survey": Page("survey", "see", "type_in"), "survey_paper": Page("survey", "type_in", "type_in"),
    "survey_petition": Page("survey", None, "type_in"),
    "legal_figures": Page("open"), "process": Page("open"), "three_lists": Page("open"),
    "list_correct": Page("matter", None, "correct_lists"),
    "reviews": Page("open", "see", "make_surveys"), "review": Page("review", "see", "type_in"),
    "review_codes": Page("review", None, "make_surveys", kept=True),
    "review_page": DOOR, "review_thanks": Page("open", public=True),
    "whistles": Page("open"), "whistle_new": Page("open", "blow", "blow"),
    "whistle_scores": Page("open", "read_scores"), "whistle": Page("called"),
    "whistle_seen": Page("nowhere", None, "see"),
    **{f"whistle_do:{what}": Page("called", None, verb) for what, verb in (
        ("check", "check_whistle"), ("withdraw", "is_caller"), ("respond", "is_called"), ("report", "is_called"),
        ("note", "joins_in"), ("finish", "is_called"), ("not-done", "is_caller"), ("close", "is_caller"),
        ("score", "is_caller"), ("judge", "is_called"),
    )},
    "whistle_do:*": Page("nowhere", None, "see"),
    "helps": Page("open"), "help_new": Page("open", "call_help", "call_help"), "help": Page("called"),
    "help_do:take": Page("called", None, "come"), "help_do:cancel": Page("called", None, "called_help"),
    "help_do:end": Page("called", None, "called_help"),
    "help_do:back": Page("called", None, "nobody"),  # whoever is coming
    "help_do:*": Page("nowhere", None, "see"),
    "checks": Page("open"), "check": Page("matter", "see", "check_on_site"),
    "boxes": Page("open"), "box": Page("under", "see", "empty"),
    "diary": Page("open", "see", "keep_diary"), "diary_petition": Page("diary", None, "raise_entry"),
    "survey_page": DOOR, "survey_thanks": Page("open", public=True),
    "board_queue": Page("open", "publish"), "board_objection": Page("shown", "publish", "publish"),
    "board_decide": Page("to_show", "publish", "publish"),
    # -- the API: its own tests walk it with keys
    "api:openapi": Page("open", "see", None, public=True), "api:nowhere": Page("nowhere", "see", "see", public=True),
    **{f"api:{name}": Page("key", None) for name in (
        "me", "areas", "categories", "changes", "petitions", "petition", *(f"petition_{what}" for what in (
            "events", "reporter", "urge", "add", "accept", "decline", "dispatch", "sign", "contact", "arrive", "plan",
            "resolve", "verify", "rework", "close", "designate", "recall", "withdraw", "rate", "return",
        )),
    )},
    # -- the desk
    "admin:gateway_client_keys": Page("open", "keep_clients", "keep_clients"),
    "admin:gateway_client_revoke": Page("open", None, "keep_clients"),
    "admin:index": Page("open", "see", "see"), "admin:login": DOOR, "admin:logout": Page("open", None, "see"),
    "admin:password_change": Page("open", "see", "see"), "admin:password_change_done": Page("open"),
    "admin:jsi18n": Page("open"), "admin:autocomplete": Page("open", "nobody"),
    "admin:view_on_site": Page("nowhere", "see", "see"), "admin:app_list": Page("open", "see", "see"),
    "admin:None": Page("open", "see", "see"), "admin:*": Page("nowhere", "see", "see"),
    "admin:posts": Page("open", "posts"), "admin:staffing": Page("open", "posts"),
    "admin:staffing_export": Page("open", "posts"), "admin:boards": Page("open"),
    "admin:redivisions": Page("open", "keep_posts"), "admin:redivision_new": Page("open", "draw_grids", "draw_grids"),
    "admin:redivision": Page("personnel", "see", "see"),
    "admin:handover": Page("personnel", "see", "see"), "handover": Page("personnel"),
    "admin:queue": Page("open"), "admin:delay": Page("open", "hold", "hold"),
    "admin:triage": Page("open", "take_off"),
    "admin:dispatch_many": Page("open", None, "give_many"),
    "admin:find": Page("open", "see", "see"),
    "admin:matters": Page("open", "see", "see"), "admin:matter_columns": Page("open", None, "see"),
    "admin:matter_list_save": Page("open", None, "see"), "admin:matter_list_remove": Page("nowhere", None, "see"),
    "admin:circulars": Page("open"), "admin:circular_new": Page("open", "send_circular", "send_circular"),
    "admin:circular": Page("circular", "see", "answer_circular"),
    "admin:filings": Page("open"), "admin:filing_new": Page("open", "file_up", "file_up"),
    "admin:filing": Page("filing", "see", "see"),
    "admin:figures": Page("open", "figures"), "admin:figures_patterns": Page("open", "patterns"),
    "admin:figures_hours": Page("open", "figures"), "admin:figures_ranking": Page("open", "figures"),
    "admin:figures_words": Page("open", "figures"), "admin:figures_rapid": Page("open", "figures"),
    "admin:figures_mediation": Page("open", "figures"),
    "admin:reports": Page("open", "figures", "ask_report"),
    "admin:report": Page("report", "see", "keep_minutes"), "admin:report_pdf": Page("report"),
    "admin:report_xlsx": Page("report"),
    "admin:figures_publish": Page("open", None, "publish_figures"),
    "admin:deadlines_policy_next": Page("open", "rules", "rules"),
    "admin:notifications_undelivered_again": Page("open", "undelivered", "undelivered"),
    "admin:people_user_factor_reset": Page("open", "accounts", "accounts"),
    "admin:auth_user_password_change": Page("open", "accounts", "accounts"),
}  # fmt: skip

# What is sent along so that a post that may is told apart from one that may not, before anything is looked at.
WORDS = {"words": "请说明情况", "reason": "请说明情况", "version": "1"}
SENT: Final[dict[str, dict[str, object]]] = {
    "case_request:extension": {**WORDS, "value": "1"},
    "case_request:decision": {**WORDS, "grant": "yes"},
    "case_handing:return": {**WORDS, "reason_code": "not_ours"},
    **{f"case_handing:{what}": {**WORDS, "agree": "yes"} for what in ("return-decision", "ruling")},
    "case_after:callback": {**WORDS, "solved": "yes", "satisfaction": "satisfied"},
    "case_after:paper": {**WORDS, "solved": "yes", "satisfaction": "satisfied"},
    "case_after:feedback": {**WORDS, "kind": "prompt"},
    "reveal_decide": {"agreed": "no"},
    "case_after:mediation": {**WORDS, "dispute": "neighbours"},
    "case_after:mediated": {**WORDS, "result": "failed"},
    "petition_consent": {"purpose": "publication"},
    "admin:figures_publish": {"month": "2026-02"},
}

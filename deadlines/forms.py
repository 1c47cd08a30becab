"""The form of a policy's next version."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.calendar import RungAtError, parse_rung_at
from deadlines.conditions import conditions
from deadlines.editing import Edit
from deadlines.enums import LimitUnit, Nature, RungAction, RungLevel
from deadlines.ladder import POST_MAP
from deadlines.loading import Json
from deadlines.models import Policy, PolicyOverride, Rung, Stage

LONGEST = 3650
MOST_TIMES = 9
POSTS_AT_ONCE = 2
RUNG_FACTS = ("at", "level", "posts", "action", "note", "is_default")


class OverrideForm(forms.ModelForm):
    """A rule: tier, urgency and policy are chosen, not typed."""

    class Meta:
        model = PolicyOverride
        fields: ClassVar[list[str]] = [
            "area", "category_code", "tier", "urgency", "policy_key", "valid_from", "valid_to",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what whoever uses the policies knows, and the policies in force."""
        super().__init__(*args, **kwargs)
        if "policy_key" not in self.fields:  # read only: there is nothing to choose
            return
        for name in ("tier", "urgency"):
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label,
                choices=[("", _("All")), *conditions(name)],
                required=False,
            )
        policies = Policy.objects.filter(valid_to=None).order_by("key")
        self.fields["policy_key"] = forms.ChoiceField(
            label=self.fields["policy_key"].label,
            choices=[(policy.key, f"{policy.name} ({policy.key})") for policy in policies],
        )


class NextVersionForm(forms.Form):
    """Names, limits, ladders, more time, returns, the day; and whether what runs already is touched too."""

    name_zh = forms.CharField(label=gettext_lazy("name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("name (English)"), max_length=80)
    valid_from = forms.DateField(
        label=gettext_lazy("valid from"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Tomorrow at the earliest. New cases from this day on get the new limits."),
    )
    running_too = forms.BooleanField(
        label=gettext_lazy("Running clocks change too"),
        help_text=gettext_lazy(
            "Open cases get the new limits at once. Closed ones never change. What runs keeps its ladder."
        ),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, policy: Policy, tomorrow: date) -> None:
        """``tomorrow``: civil date in Shanghai."""
        super().__init__(data, initial={"name_zh": policy.name_zh, "name_en": policy.name_en, "valid_from": tomorrow})
        self.policy = policy
        self.stages = list(policy.stages.order_by("position").prefetch_related("rungs"))
        self.rungs = {stage.code: sorted(stage.rungs.all(), key=lambda rung: rung.position) for stage in self.stages}
        self.ladders: dict[str, list[Json]] = {}
        last = self.fields.pop("running_too")
        for stage in self.stages:
            self._add_limit(stage)
            for place, rung in enumerate([*self.rungs[stage.code], None]):
                self._add_rung(stage, place, rung)
        self._add_rules()
        self.fields["running_too"] = last

    def _add_limit(self, stage: Stage) -> None:
        self.fields[f"value_{stage.code}"] = forms.IntegerField(
            label=_("%(stage)s: limit") % {"stage": stage.name},
            initial=stage.limit_value,
            min_value=0,
            max_value=LONGEST,
        )
        self.fields[f"unit_{stage.code}"] = forms.ChoiceField(
            label=_("%(stage)s: unit") % {"stage": stage.name}, choices=LimitUnit, initial=stage.limit_unit
        )

    def _add_rung(self, stage: Stage, place: int, rung: Rung | None) -> None:
        number = {"number": place + 1}
        posts = [*(rung.posts if rung else ()), "", ""][:POSTS_AT_ONCE]
        name = f"rung_{stage.code}_{place}"
        self.fields[f"{name}_at"] = forms.CharField(
            label=_("Step %(number)d: when") % number,
            initial=rung.at if rung else "",
            max_length=24,
            required=False,
            help_text=_("80%, -1wd, overdue, overdue+1wd, overdue+30min. Empty: no such step."),
        )
        self.fields[f"{name}_level"] = forms.ChoiceField(
            label=_("Step %(number)d: level") % number,
            choices=RungLevel,
            initial=rung.level if rung else RungLevel.ONE_UP,
            required=False,
        )
        for which, post in enumerate(posts):
            self.fields[f"{name}_post{which}"] = forms.ChoiceField(
                label=(_("Step %(number)d: who is told") if not which else _("Step %(number)d: and who")) % number,
                choices=[("", _("Whoever heads that level")), *post_choices(post)]
                if not which
                else [("", "–"), *post_choices(post)],
                initial=post,
                required=False,
            )
        self.fields[f"{name}_action"] = forms.ChoiceField(
            label=_("Step %(number)d: what it means") % number,
            choices=RungAction,
            initial=rung.action if rung else RungAction.RED,
            required=False,
        )

    def _add_rules(self) -> None:
        more, back = self.policy.rules.get("extension"), self.policy.rules.get("return_rule")
        if more is not None:
            most = more.get("max", {})
            self.fields["more_times"] = forms.IntegerField(
                label=_("How often more time may be granted"),
                help_text=_("0: never."),
                initial=more.get("max_times", 1) if more.get("allowed") else 0,
                min_value=0,
                max_value=MOST_TIMES,
                required=False,
            )
            self.fields["more_value"] = forms.IntegerField(
                label=_("How much more time at most"), initial=most.get("value", 1), min_value=1, max_value=LONGEST,
                required=False,
            )  # fmt: skip
            self.fields["more_unit"] = forms.ChoiceField(
                label=_("More time: unit"), choices=LimitUnit, initial=most.get("unit", LimitUnit.WORKDAY),
                required=False,
            )  # fmt: skip
            self.fields["more_approver"] = forms.ChoiceField(
                label=_("Who grants more time"),
                choices=[("", _("One level up")), *post_choices(more.get("approver", ""))],
                initial=more.get("approver", ""),
                required=False,
            )
        if back is not None and ("limit" in back or not back.get("allowed", True)):
            limit = back.get("limit", {})
            self.fields["back_value"] = forms.IntegerField(
                label=_("How long it may be given back"),
                help_text=_("0: never."),
                initial=limit.get("value", 0) if back.get("allowed", True) else 0,
                min_value=0,
                max_value=LONGEST,
                required=False,
            )
            self.fields["back_unit"] = forms.ChoiceField(
                label=_("Giving back: unit"), choices=LimitUnit, initial=limit.get("unit", LimitUnit.WORKDAY),
                required=False,
            )  # fmt: skip

    def groups(self) -> list[tuple[str, bool, list[forms.BoundField]]]:
        """Return what the page folds together: the ladder of each stage, more time, returns; and if one is wrong."""
        named = [(_("Ladder: %(stage)s") % {"stage": one.name}, f"rung_{one.code}_") for one in self.stages]
        named += [(_("More time"), "more_"), (_("Giving back"), "back_")]
        found = []
        for title, start in named:
            fields = [self[name] for name in self.fields if name.startswith(start)]
            if fields:
                found.append((title, any(field.errors for field in fields), fields))
        return found

    def plain(self) -> list[forms.BoundField]:
        """Return the fields that stand open on the page."""
        folded = ("rung_", "more_", "back_", "running_too")
        return [self[name] for name in self.fields if not name.startswith(folded)]

    def clean(self) -> dict[str, Any]:
        """Read the ladders; a duty that nobody hears of when it is late is none."""
        given: dict[str, Any] = super().clean() or {}
        for stage in self.stages:
            rows = [self._rung(given, stage, place) for place in range(len(self.rungs[stage.code]) + 1)]
            ladder = [row for row in rows if row is not None]
            said = any(row["at"].startswith("overdue") for row in ladder)
            if stage.nature == Nature.DUTY and not said and not self._wrong(stage):
                words = _("%(stage)s is a duty: somebody must be told when it is overdue.") % {"stage": stage.name}
                self.add_error(f"rung_{stage.code}_0_at", words)
            self.ladders[stage.code] = ladder
        return given

    def _wrong(self, stage: Stage) -> bool:
        return any(name.startswith(f"rung_{stage.code}_") for name in self.errors)

    def _rung(self, given: Mapping[str, Any], stage: Stage, place: int) -> Json | None:
        """Return one step as it is to be stored, None if there is none; what was not sent stays as it was."""
        name = f"rung_{stage.code}_{place}"
        known = self.rungs[stage.code][place] if place < len(self.rungs[stage.code]) else None
        before = {fact: getattr(known, fact) for fact in RUNG_FACTS} if known is not None else None
        if f"{name}_at" not in self.data:
            return before
        at = str(given.get(f"{name}_at") or "").strip()
        if not at:
            return None
        if not is_moment(at):
            words = _("“%(at)s” is no moment. Write for example -1wd or overdue+2wd.") % {"at": at}
            self.add_error(f"{name}_at", words)
        chosen = [given.get(f"{name}_post{which}") for which in range(POSTS_AT_ONCE)]
        said = {
            "at": at,
            "level": given.get(f"{name}_level") or RungLevel.ONE_UP.value,
            "posts": [post for post in dict.fromkeys(chosen) if post],
            "action": given.get(f"{name}_action") or RungAction.RED.value,
        }
        if before is not None and all(before[fact] == value for fact, value in said.items()):
            return before
        return {**said, "note": "", "is_default": False}

    def _rules(self) -> Json:
        """Return the policy's rules with what was said of more time and of returns."""
        given, rules = self.cleaned_data, dict(self.policy.rules)
        times = given.get("more_times")
        if times is not None:
            more = {**rules["extension"], "allowed": times > 0}
            if times:
                most = {
                    "value": given.get("more_value") or 1,
                    "unit": given.get("more_unit") or LimitUnit.WORKDAY.value,
                }
                more |= {"max_times": times, "max": most}
                more.pop("approver", None)
                if given.get("more_approver"):
                    more["approver"] = given["more_approver"]
            rules["extension"] = more
        value = given.get("back_value")
        if value is not None:
            kept = {name: fact for name, fact in rules["return_rule"].items() if name not in {"allowed", "limit"}}
            limit = {"value": value, "unit": given.get("back_unit") or LimitUnit.WORKDAY.value}
            rules["return_rule"] = {**kept, "limit": limit} if value else {**kept, "allowed": False}
        return rules

    def edit(self) -> Edit:
        """Return the edit asked for; call it on a valid form."""
        given = self.cleaned_data
        return Edit(
            name_zh=given["name_zh"],
            name_en=given["name_en"],
            valid_from=given["valid_from"],
            limits={stage.code: (given[f"value_{stage.code}"], given[f"unit_{stage.code}"]) for stage in self.stages},
            rules=self._rules(),
            ladders=self.ladders,
        )


def is_moment(at: str) -> bool:
    """Tell whether a step's moment can be read, as 80%, -1wd or overdue+2wd."""
    try:
        return not parse_rung_at(at).stage
    except RungAtError:
        return False


def post_choices(known: str = "") -> list[tuple[str, str]]:
    """Return the posts a policy may name, in words; ``known`` is none of them and kept as it is."""
    found = [
        (name, f"{' / '.join(str(kind.label) for _where, kind in posts)} ({name})")
        for name, posts in POST_MAP.items()
        if posts
    ]
    return [*found, (known, known)] if known and known not in dict(found) else found

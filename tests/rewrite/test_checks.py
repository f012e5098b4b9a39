"""Each check on both sides: what it lets through, and what it stops."""

import pytest

from bot.models import Context, Network, Rewrite
from bot.rewrite.checks import CHECKS, run_checks
from bot.rewrite.describe import describe
from bot.rewrite.trial import Material, Trial
from bot.rules import RuleSet, load_rules

DRAFT = (
    "🚀 Excited to announce Flowdesk 2.0, a game-changer for support teams! We cut reply times by 40% for 400"
    " clients in 3 days."
    " Sign up now https://flowdesk.example/go?utm_source=x before May 14, 3pm CET. Thanks to Ada Lovelace and @jo"
    " #SaaS #CX #AI"
)
LINK = "https://flowdesk.example/go?utm_source=x"
GOOD = f"Flowdesk 2.0 is out. If you run support, which repeat task would you hand over first? {LINK} – [name]"
Q = "Which repeat task would you hand over first?"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def failed(
    rules: RuleSet, text: str, draft: str = DRAFT, context: Context | None = None, prompt: str = ""
) -> dict[str, str]:
    context = context or Context()
    material = Material(rules.review(draft, context), context, rules, prompt)
    return {
        c.name: c.reason
        for c in run_checks(describe(text, material, "llm"), material.review, context, rules, prompt)
        if not c.passed
    }


def test_a_good_rewrite_passes_all(rules: RuleSet) -> None:
    assert failed(rules, GOOD) == {}


def test_every_check_reports_under_its_name(rules: RuleSet) -> None:
    material = Material(rules.review(DRAFT, Context()), Context(), rules)
    checks = run_checks(describe(GOOD, material, "rules"), material.review, Context(), rules)
    assert [c.name for c in checks] == [check.__name__ for check in CHECKS]
    assert all(c.passed and not c.reason for c in checks)


@pytest.mark.parametrize(
    "said",
    [
        "Flowdesk 3.0 is out.",
        "We cut reply times by 50%.",
        "We cut reply times by 40 hours.",
        "It took 3 weeks.",
        "Five hundred clients.",
        "Twice the clients.",
        "It costs $40.",
        "By May 15.",
        "At 4pm CET.",
        "At 3pm EST.",
        "On Friday.",
        "Thanks to Grace Hopper.",
        "Thanks to @joe.",
        "Good for #DevOps.",
        "See https://flowdesk.example/go?utm_source=y",
        "See https://flowdesk.example/go",
        "See https://flowdesk.example/stop?utm_source=x",
        "See http://fl0wdesk.example",
        "See https://fl\u043ewdesk.example/go?utm_source=x",
        "Mail help@flowdesk.example",
        "Call +44 20 7946 0000.",
        "Ada said “it just works”.",
        "Hi {first_name}.",
        "Ask Zapier.",
        "#ad",
    ],
)
def test_fact_lock_stops_what_is_new(rules: RuleSet, said: str) -> None:
    assert "fact_lock" in failed(rules, f"{Q} {said}")


@pytest.mark.parametrize(
    "said",
    [
        "Flowdesk is out.",
        "Flowdesk 2.0 is out.",
        "400 clients, 40 percent, three days.",
        "Before 14 May at 15:00 CET.",
        "Thanks to Ada Lovelace.",
        "Thanks to @jo.",
        "#CX",
        "https://flowdesk.example/go?utm_source=x",
        "[which customer, since when, for $5?]",
        "Ada [last name] helped.",
        "In the SaaS world.",
        "Honestly [one line].",
    ],
)
def test_fact_lock_lets_the_drafts_own_through(rules: RuleSet, said: str) -> None:
    assert "fact_lock" not in failed(rules, f"{Q} {said}")


def test_fact_lock_wants_everything_left_out_listed(rules: RuleSet) -> None:
    material = Material(rules.review(DRAFT, Context()), Context(), rules)
    silent = describe(GOOD, material, "llm").model_copy(update={"dropped": ()})
    check = next(c for c in run_checks(silent, material.review, Context(), rules) if c.name == "fact_lock")
    assert not check.passed
    assert "without saying so" in check.reason


@pytest.mark.parametrize(
    "said",
    [
        "I tried Flowdesk with my team.",
        "I'll answer below.",
        "I will reply to everyone.",
        "We promise to read it.",
        "Our customers love it.",
        "Most teams say so.",
        "Studies show it.",
        "I've been there too.",
        "Loved your talk.",
        "Great to meet you.",
        "It is the fastest.",
        "It is free.",
        "I saw your post yesterday.",
        "We spent years on this.",
    ],
)
def test_no_new_claims_stops_what_nobody_said(rules: RuleSet, said: str) -> None:
    assert "no_new_claims" in failed(rules, f"{Q} {said}")


@pytest.mark.parametrize(
    "said",
    [
        "I'm [name].",
        "I saw [their post].",
        "I'm curious.",
        "I'd love to hear it.",
        "We cut reply times.",
        "I'll trade you [one tip].",
        "I wonder.",
    ],
)
def test_no_new_claims_lets_the_sender_speak(rules: RuleSet, said: str) -> None:
    assert "no_new_claims" not in failed(rules, f"{Q} {said}")


def test_sorry_only_where_the_draft_is_sorry(rules: RuleSet) -> None:
    assert "no_new_claims" in failed(rules, f"I'm sorry. {Q}")
    assert "no_new_claims" not in failed(rules, f"I'm sorry. {Q}", "We apologize for any inconvenience.")


@pytest.mark.parametrize(
    "text",
    [
        "Flowdesk 2.0 is out.",
        "Who doesn't love Flowdesk?",
        "Want to 10x your support?",
        "Did you know Flowdesk is out?",
        "Ready to reply faster?",
        "Could we have 15 minutes for a call?",
        "Have you tried our new Flowdesk?",
        "Flowdesk is out. It is for support teams. We cut reply times. " + Q,
        "https://flowdesk.example/go?utm_source=x " + Q,
        "Sign up now. " + Q,
        f"{Q} What do you use now? What is hard about it?",
        "Really?",
        "What is a support queue?",
        "How can networks help support teams?",
        "Why choose Flowdesk?",
    ],
)
def test_genuine_question_stops_hooks(rules: RuleSet, text: str) -> None:
    assert "genuine_question" in failed(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        Q,
        f"Flowdesk is out. {Q}",
        "I'm sorry. [Name] here. What were you trying to do?",
        "Hi [name], is [task] still manual, or solved?",
        f"{Q} What do you use now?",
    ],
)
def test_genuine_question_lets_real_ones_through(rules: RuleSet, text: str) -> None:
    assert "genuine_question" not in failed(rules, text)


def test_no_lone_flags_stops_what_would_be_flagged_again(rules: RuleSet) -> None:
    assert "no_lone_flags" in failed(rules, f"{Q} Excited to announce Flowdesk 2.0. #SaaS #CX #AI")
    assert "no_lone_flags" not in failed(rules, GOOD)


def test_one_command(rules: RuleSet) -> None:
    assert "one_command" in failed(rules, f"{Q} Sign up now. Thanks to @jo. Share it.")
    assert "one_command" in failed(rules, f"{Q} Like, share and comment.")
    assert "one_command" not in failed(rules, f"{Q} Sign up before May 14.")


def test_must_keep(rules: RuleSet) -> None:
    context = Context(must_keep=("#CX", "Thanks to Ada", "never in the draft"))
    assert "must_keep" in failed(rules, GOOD, context=context)
    assert "must_keep" not in failed(rules, f"{GOOD} Thanks to Ada. #CX", context=context)


def test_a_legal_line_must_stay_unasked(rules: RuleSet) -> None:
    assert "must_keep" in failed(rules, Q, "Half price mugs! T&Cs apply. Buy now")
    assert "must_keep" not in failed(rules, f"{Q} T&Cs apply.", "Half price mugs! T&Cs apply. Buy now")


def test_a_post_keeps_its_link(rules: RuleSet) -> None:
    assert "link_stays" in failed(rules, f"{Q} Flowdesk 2.0 is out.")
    assert "link_stays" not in failed(rules, f"{Q} Flowdesk 2.0 is out. {LINK}")


def test_a_first_message_may_lose_its_link(rules: RuleSet) -> None:
    draft = "Hi {first_name}! Thanks for following! Grab our ebook: https://fb.example/acme"
    assert "link_stays" not in failed(rules, "Hi [name], I saw [their post]: are you working on that now?", draft)


def test_length(rules: RuleSet) -> None:
    assert "length" in failed(rules, Q + " and so on" * 20, "Sign up now")
    assert "length" not in failed(rules, Q, "Sign up now")


@pytest.mark.parametrize(
    ("network", "size", "passes"),
    [
        ("x", 275, True),
        ("x", 290, False),
        ("threads", 495, True),
        ("threads", 520, False),
        ("sms", 155, True),
        ("sms", 170, False),
        ("blog", 5000, True),
    ],
)
def test_network_limit(rules: RuleSet, network: Network, size: int, passes: bool) -> None:
    text = (Q + " and" * 2000)[:size]
    assert ("network_limit" not in failed(rules, text, text + " Sign up now", Context(network=network))) == passes


@pytest.mark.parametrize(
    "said",
    ["<!here>", "<!channel>", "<@U123>", "<#C123>", "@channel", "@everyone", "\u202eabc", "a\u200bb", "\x07", "\ue000"],
)
def test_slack_safe_stops_pings_and_the_unseen(rules: RuleSet, said: str) -> None:
    assert "slack_safe" in failed(rules, f"{Q} {said}")


def test_slack_safe_lets_the_drafts_own_people_through(rules: RuleSet) -> None:
    assert "slack_safe" not in failed(rules, f"{Q} @jo 👩‍💻")


def test_voice_stays(rules: RuleSet) -> None:
    assert "voice_stays" in failed(rules, f"{Q} Discover serene workflows, curated thoughtfully.")
    assert "voice_stays" not in failed(rules, f"{Q} We cut reply times for support teams [in which region?].")


@pytest.mark.parametrize("said", ["I'd love to hear.", "I'd like to know.", "I'm curious."])
def test_to_want_to_know_is_part_of_asking(rules: RuleSet, said: str) -> None:
    assert failed(rules, f"Flowdesk 2.0 is out. {Q} {said} {LINK}") == {}


def test_not_a_copy(rules: RuleSet) -> None:
    assert "not_a_copy" in failed(rules, DRAFT.lower())
    assert "not_a_copy" not in failed(rules, GOOD)


def test_not_the_prompt(rules: RuleSet) -> None:
    prompt = "You help a colleague say something to people instead of at them."
    assert "not_the_prompt" in failed(
        rules, f"{Q} You help a colleague say something to people instead.", prompt=prompt
    )
    assert "not_the_prompt" in failed(rules, f"Here's a rewrite: {Q}")
    assert "not_the_prompt" not in failed(rules, GOOD, prompt=prompt)


def test_same_language(rules: RuleSet) -> None:
    assert "same_language" in failed(rules, f"{Q} Fl\u043ewdesk.")
    assert "same_language" in failed(rules, "Welche Aufgabe würdest Du als Erstes abgeben, wenn Du Support machst?" * 2)
    assert "same_language" not in failed(rules, GOOD)


def test_improves(rules: RuleSet) -> None:
    assert "improves" in failed(rules, "Act NOW!!! Sign up TODAY! Which task?", "Act NOW!!! Sign up TODAY!")
    assert "improves" not in failed(rules, GOOD)


def test_the_rewrite_is_reviewed_with_its_brackets_filled(rules: RuleSet) -> None:
    material = Material(rules.review(DRAFT, Context()), Context(), rules)
    trial = Trial(Rewrite(text="Hi [name], [their post]?", source="llm", question="?"), material)
    assert len(trial.review.text) == len(trial.candidate.text)
    assert "[" not in trial.review.text


@pytest.mark.parametrize("stump", ["Our AI-powered assistant.", "Ready.", "The new planner."])
def test_whole_sentences_stops_what_is_cut_in_half(rules: RuleSet, stump: str) -> None:
    draft = "Big news! Our AI-powered assistant is a game-changer. Ready to transform it? The new planner rocks. #a"
    assert "whole_sentences" in failed(rules, f"Which task would you hand over first? {stump}", draft)


@pytest.mark.parametrize("said", ["Our assistant sorts mail.", "The new planner is here.", "Loom 2.0 is out."])
def test_whole_sentences_lets_sentences_through(rules: RuleSet, said: str) -> None:
    draft = f"Big news! {said} Sign up now #a #b #c"
    assert "whole_sentences" not in failed(rules, f"Which task would you hand over first? {said}", draft)


OFFER = (
    "Big news! Over 300 people ran, and we cut the queue from 40 minutes to 5. Entry is £14 instead of £18 until June"
    ' 30, €9 a month for members. Up to 25% off shoes. We don\'t sell your data. "It was cold," says Ada. Sign up now'
)


@pytest.mark.parametrize(
    "said",
    [
        "Under 300 people ran.",
        "Only 300 people ran.",
        "All 300 people ran.",
        "We cut the queue from 5 to 40 minutes.",
        "Entry is £18 instead of £14.",
        "Entry is £14 from June 30.",
        "€9 a year for members.",
        "€9 for members.",
        "25% off shoes.",
    ],
)
def test_same_terms_stops_figures_that_moved(rules: RuleSet, said: str) -> None:
    assert "same_terms" in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize(
    "said",
    [
        "Over 300 people ran.",
        "300+ people ran.",
        "300 people ran.",
        "We cut the queue from 40 minutes to 5.",
        "Entry is £14 by June 30.",
        "Entry is £14.",
        "€9 a month for members.",
        "€9/month for members.",
        "Up to 25% off shoes.",
    ],
)
def test_same_terms_lets_them_stand(rules: RuleSet, said: str) -> None:
    assert "same_terms" not in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize("said", ["We sell your data.", "No queue.", "People ran because it was cold."])
def test_not_turned_stops_what_is_turned_round(rules: RuleSet, said: str) -> None:
    assert "not_turned" in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize(
    "said", ["We don't sell your data.", "Your data is yours: we do not sell it.", "I ask because of [what you saw]."]
)
def test_not_turned_lets_what_stands_there_be_said(rules: RuleSet, said: str) -> None:
    assert "not_turned" not in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize("said", ["Entry is painless.", "For hospitals.", "Shoes and socks.", "Run with friends."])
def test_nothing_new_said_stops_qualities_and_things(rules: RuleSet, said: str) -> None:
    assert "nothing_new_said" in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize("said", ["Entry is open.", "For members.", "Shoes and data.", "It's new.", "Run with us."])
def test_nothing_new_said_lets_the_drafts_own_through(rules: RuleSet, said: str) -> None:
    assert "nothing_new_said" not in failed(rules, f"{Q} {said}", OFFER)


@pytest.mark.parametrize(
    "note",
    [
        "[our 500 happy runners]",
        "[five hundred runners]",
        "[ask Grace Hopper]",
        "[https://a.example]",
        "[€7]",
        "[it is the best run]",
        "[everyone loves it]",
        '["So good", says a runner]',
        "[" + "and so on " * 8 + "]",
    ],
)
def test_brackets_ask_stops_notes_that_tell(rules: RuleSet, note: str) -> None:
    assert "brackets_ask" in failed(rules, f"{Q} {note}", OFFER)


@pytest.mark.parametrize(
    "note",
    [
        "[name]",
        "[Host]",
        "[one tip]",
        "[two examples]",
        "[which of our runners?]",
        "[what you noticed]",
        "[the shoes they use now]",
        "[over 300 people]",
        "[your phone number]",
    ],
)
def test_brackets_ask_lets_notes_through(rules: RuleSet, note: str) -> None:
    assert "brackets_ask" not in failed(rules, f"{Q} {note}", OFFER)


@pytest.mark.parametrize(
    "text",
    [f"```\n{Q}\n```", f"**Run** {Q}", f"# Run\n{Q}", f"Rewrite: {Q}", f"Option 2: {Q}", f"<b>Run</b> {Q}",
     f"\U0001f3c6 {Q}", f":trophy: {Q}", f'"{Q}"', f"{Q} [Sign up](https://a.example)"],
)  # fmt: skip
def test_plain_text_stops_markup(rules: RuleSet, text: str) -> None:
    assert "plain_text" in failed(rules, text, OFFER)


def test_plain_text_lets_the_drafts_own_marks_through(rules: RuleSet) -> None:
    assert "plain_text" not in failed(
        rules, f"\U0001f3c6 *Run* {Q} It was 3:30 and a_b.", "\U0001f3c6 *Run* at 3:30! a_b"
    )


@pytest.mark.parametrize(
    "said", ["Ada here.", "I'm Ada.", "Thanks for your order.", "You asked.", "I stayed at [hotel]."]
)
def test_no_new_claims_stops_a_past_that_never_was(rules: RuleSet, said: str) -> None:
    assert "no_new_claims" in failed(rules, f"{said} {Q}", OFFER)


@pytest.mark.parametrize("said", ["loomly.top", "loomly[.]com", "hxxp loomly(dot)com", "a.click/x"])
def test_same_links_stops_whatever_looks_like_a_host(rules: RuleSet, said: str) -> None:
    assert "same_links" in failed(rules, f"{Q} {said}", OFFER)

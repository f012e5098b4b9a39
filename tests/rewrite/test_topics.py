"""What a draft names as the reader's task, and what is better not lifted out of it."""

import pytest

from bot.rewrite.topics import many_of, org_of, topic


@pytest.mark.parametrize(
    ("draft", "task"),
    [
        ("5 ways to mend a bike tyre in the rain. https://a.example", "mend a bike tyre in the rain"),
        ("Looking to keep your plants alive? Try our new pot!", "keep your plants alive"),
        ("How to label a jar by hand, in our new post", "label a jar"),
        ("Tips to sharpen a chisel using our stone", "sharpen a chisel"),
        ("We help you sort mail before lunch.", "sort mail"),
    ],
)
def test_the_task_is_lifted_out_in_the_drafts_words(draft: str, task: str) -> None:
    assert topic(draft).task == task


@pytest.mark.parametrize(
    "draft",
    [
        "How to unlock your full potential",
        "Ways to reach our team",
        "How to visit Lisbon in May",
        "Ready to win big?",
        "Tips to be the best",
        "We opened a shop.",
        "",
    ],
)
def test_hype_names_and_the_sender_give_no_task(draft: str) -> None:
    assert topic(draft).task is None


@pytest.mark.parametrize(
    ("draft", "thing"),
    [
        ("A panel on beekeeping, Tuesday", "beekeeping"),
        ("Seven lessons about night shifts: https://a.example", "night shifts"),
        ("An article on the Lisbon tram", None),
        ("Advice on career, money and love", None),
    ],
)
def test_a_thing_needs_no_article(draft: str, thing: str | None) -> None:
    assert topic(draft).thing == thing


@pytest.mark.parametrize(
    ("draft", "pain"),
    [
        ("Are you tired of chasing late invoices?", "chasing late invoices"),
        ("Imagine a world where lost parcels are a thing of the past.", "lost parcels"),
        ("No more waiting on signatures, ever", "waiting on signatures"),
        ("Stop scrolling. This is big", None),
        ("Tired of Acme?", None),
    ],
)
def test_a_pain_is_what_the_draft_wants_to_be_rid_of(draft: str, pain: str | None) -> None:
    assert topic(draft).pain == pain


@pytest.mark.parametrize(
    ("draft", "who"),
    [
        ("See how @millstream helps bakers: https://a.example", "@millstream"),
        ("Ada Lovelace, our first engineer, talks about looms", "Ada Lovelace"),
        ("7 Steps For Your Kids On Loom Day", None),
        ("Our Loom says hello", None),
    ],
)
def test_who_does_or_says_something(draft: str, who: str | None) -> None:
    assert topic(draft).who == who


@pytest.mark.parametrize(
    ("draft", "thing"),
    [("A tip on #Teamwork: listen", "teamwork"), ("#Breaking news from #Porto", None), ("Great #SaaS", None)],
)
def test_a_tag_can_name_the_thing(draft: str, thing: str | None) -> None:
    assert topic(draft).thing == thing


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("New survey: 62% of small shops wait weeks to be paid", "group", "small shops"),
        ("1 in 3 libraries has no lift", "group", "libraries"),
        ("80% of the time it rains", "group", None),
        ("Sales are up 4% of revenue", "group", None),
        ("Join our panel on Tuesday 4 May at 6pm", "talk", "panel"),
        ("Tickets for the Apple Parade are here", "occasion", "parade"),
        ("Thank you to everyone who came to the parade", "occasion", None),
        ("The town opens its new reading room and the school opens its new library", "new", "the new library"),
        ("Hybrid work isn't about desks.", "thing", "hybrid work"),
        ("Our people are great", "thing", None),
        ("Firms are drowning in approvals", "pain", "approvals"),
    ],
)
def test_what_else_a_draft_names(text: str, kind: str, found: str | None) -> None:
    assert getattr(topic(text), kind) == found


@pytest.mark.parametrize(
    ("headline", "org", "many"),
    [
        ("Tern Bank to open twelve branches in Porto", "Tern Bank", None),
        ("Quill says looms are back", "Quill", None),
        ("India wins the cup", None, None),
        ("#Tern wins the cup", None, None),
        ("New rules say looms must be covered", None, None),
        ("Small bakers raise prices again", None, "small bakers"),
        ("Private investors return to looms", None, "private investors"),
        ("Announcements are due", None, None),
    ],
)
def test_whom_a_headline_is_about(headline: str, org: str | None, many: str | None) -> None:
    assert org_of(headline) == org
    assert many_of(headline) == many

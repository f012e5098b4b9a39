"""A made team's five weeks of drafts, written for the playground: nobody's real words, no real company.

The same seed gives the same weeks. Week by week the team talks a little less at people and a little more with them.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

TEAM = ("U0ADA", "U0NOOR", "U0TOMAS", "U0MEI", "U0IDA", "U0SAM")
WEEKS = 5
A_WEEK = (26, 36)
TALKS_WITH = (0.25, 0.28, 0.33, 0.38, 0.5)
"""How many of a week's drafts talk with people, from the first week to the last."""
SECOND_LOOK, USED, TWEAKED = 0.2, 0.3, 0.5
"""Shares of drafts at people that are mended, whose rewrite is used, and of these with own changes."""


class Made(NamedTuple):
    """A draft: who pasted it when; ``mended`` is its second version; ``used``: what became of the rewrite."""

    author: str
    at: datetime
    text: str
    mended: str | None
    used: str | None


AT_PEOPLE = (
    "🚨 BIG NEWS 🚨 The new week view is HERE!!! Try it NOW 👉 https://planner.example.com #planning #focus #week",
    "We are thrilled to announce shared calendars! Sign up today and take your team to the next level. #teamwork #SaaS",
    "Last chance!!! Our spring offer ends tonight. Don't miss out, grab your plan now: https://planner.example.com/spring",
    "The wait is OVER. Meet the planner that does it all. Download it today! #productivity #apps #launch #new",
    "🎉 HUGE UPDATE 🎉 Reminders are faster than ever! Upgrade NOW and tell your friends! https://planner.example.com",
    "Our award-winning planner is trusted by teams everywhere. Book a demo today: https://planner.example.com/demo",
    "Don't wait! Join our webinar on better Mondays, sign up here: https://planner.example.com/webinar #Monday #hacks",
    "We're proud to be the number one planner for busy teams. See why: https://planner.example.com #winning #leader",
    "NEW on the blog: ten tips for a perfect week. Read it now and share! https://planner.example.com/blog #tips #week",
    "Tag three friends who need a better week and WIN a year of the planner!!! #giveaway #win #planner #free",
    "In today's fast-paced world, planning is more important than ever. Our seamless solution helps teams to thrive.",
    "We are excited to share that we leverage cutting-edge technology to unlock your team's potential. Stay tuned!",
    "It's not just a calendar, it's a game-changer. Elevate your workflow with our robust, intuitive platform today.",
    "Hope this finds you well! We help companies like yours streamline operations. Could we talk for 30 minutes?",
    "We apologize for any inconvenience this may have caused. Please contact help@planner.example.com for assistance.",
    "Hi {first_name}, I came across your profile and was impressed. Our planner would be perfect for your company!",
    "Thanks for following us! Grab our free guide to better weeks here: https://planner.example.com/guide",
    "Hey there! Thanks for connecting. Check out our planner and like our page: https://planner.example.com",
    "Just bumping this to the top of your inbox. Did you have a chance to look at my last message?",
    "The week view is out for everybody. It shows the whole week on one page: https://planner.example.com/week",
    "Our spring release has three new things: shared calendars, a week view and quieter reminders.",
    "We wrote down how we plan our own releases, with all the mistakes we made: https://planner.example.com/blog",
    "The future of planning is here. Unlock seamless collaboration and supercharge your productivity with our suite!",
)
WITH_PEOPLE = (
    "I watched my neighbour plan her shop's week on a paper bag. What do you still plan on paper, and why does it win?",
    "Which meeting would you drop first if nobody asked you why? I'd drop my own Monday call. I'll read every reply.",
    "Ines, you asked how to move a series of reminders: hold one, pick all, then drag. Did that do it? Tomás here.",
    "Lovely piece by a nurse on how her ward hands over a shift in four lines: https://ward.example/four-lines. "
    "I stole the last one for our own notes. What would your four lines be?",
    "We broke reminders for about forty people on Tuesday. I'm sorry. They are back, and I'm answering here until six.",
    "Thank you, Jonas, for writing down all eleven steps. Step seven was our bug, and it is gone since this morning.",
    "I moved my hard work to the hour before lunch for two weeks. Two good mornings out of ten. What did you try?",
    "What was the last thing you forgot that a note would have saved? Mine was a birthday. I'm around all afternoon.",
    "You're right, Petra, the export drops the colours. It is on my list for Friday and I will write to you then.",
    "A teacher showed me her plan for a week with three sick colleagues. She had one rule: nothing after two. What is "
    "your one rule?",
    "Week view comes on Thursday. If you plan for more than one person, what would you look at first? Mei reads along.",
    "A post by @femi on planning with a toddler made me laugh: https://femi.example/plan. What does nap time do?",
    "Two weeks without meetings on Wednesdays, written by @priya: https://priya.example/quiet. I am trying it now.",
    "Notes by @olu on saying no to meetings: https://olu.example/no. The second letter is the one I needed.",
    "Good catch, Sam's uncle. The clock was an hour off for people in Lisbon. It is right now. Does yours agree?",
    "How do you tell somebody that their plan has too much in it? I tried it kindly yesterday and it went badly.",
    "Our smallest customer is a choir of nine. Their conductor taught me to leave one line of the plan empty. Why? "
    '"For the one who is late."',
    "Thanks for the photo of your fridge door, Amina. The blue magnets beat our colours. May I show it to the others?",
    "I don't know yet if we should keep the weekend column. If you use it, what goes in there? I'll answer tonight.",
    "Hi Marek, you wrote that Sundays are for the plan. Is it still so with the baby? No hurry to answer. Noor",
)
MENDED = (
    "Shared calendars are out. Who else has to see your week before it starts? I'm here until five. Ada",
    "The week view is out: https://planner.example.com. Which day of yours never goes as planned? I read every answer.",
    "I'm sorry the reminder came late. I'm Noor. What were you trying to do when it happened?",
    "Our Monday talk is on 14 May at three. What would make a Monday easier for you? I'll start with your answers.",
    "Lena, I read your post on night shifts. How do you plan a week that starts at ten at night?",
)


def made_month(now: datetime, seed: int = 12) -> Iterator[Made]:
    """The drafts of the five whole weeks before ``now``'s, Monday to Friday, oldest first."""
    dice = random.Random(seed)  # noqa: S311 - made drafts, no secrets
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    for week in range(WEEKS):
        start = monday - timedelta(days=7 * (WEEKS - week))
        count = dice.randint(*A_WEEK)
        moments = sorted(dice.sample(range(5 * 8 * 60), count))
        for number, minute in enumerate(moments):
            at = start + timedelta(days=minute // 480, hours=9, minutes=minute % 480, seconds=number)
            yield _draft(dice, TEAM[number % len(TEAM)], at, TALKS_WITH[week])


def _draft(dice: random.Random, author: str, at: datetime, talks_with: float) -> Made:
    if dice.random() < talks_with:
        return Made(author, at, dice.choice(WITH_PEOPLE), None, None)
    mended = dice.choice(MENDED) if dice.random() < SECOND_LOOK else None
    used = ("used_tweaked" if dice.random() < TWEAKED else "used") if dice.random() < USED else None
    return Made(author, at, dice.choice(AT_PEOPLE), mended, used)

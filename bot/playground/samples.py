"""Drafts to try the bot with, one of each kind. Written for this page; nobody's real words."""

SAMPLES: tuple[dict[str, str], ...] = (
    {
        "name": "Megaphone",
        "text": "🚨 HUGE NEWS 🚨 Our new planner is HERE!!! It's the BEST way to plan your week, period. "
        "Sign up NOW before it's too late 👉 https://planner.example.com #productivity #hustle #winning",
    },
    {
        "name": "Template",
        "text": "We are thrilled to announce the launch of our cutting-edge planning solution. Leveraging seamless "
        "integrations, it empowers teams to unlock their full potential. Stay tuned for more exciting updates!",
    },
    {
        "name": "Auto-DM",
        "text": "Hey there! Thanks so much for following us! As a thank-you, grab our free guide to better weeks here: "
        "https://planner.example.com/guide and don't forget to connect with us on our other channels too!",
    },
    {
        "name": "A good one",
        "text": "LinkedIn: I spent Monday watching my sister plan her bakery's week on the back of a flour bag. It "
        "worked better than our app did. What do you still plan on paper, and why does paper win?",
    },
    {"name": "Chatter", "text": "lunch at one? also can someone check the link in the footer, it 404s for me"},
)

"""The words and units of dates, numbers and money, which the patterns find and the normal forms read."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
NUM = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d{1,6})?|\d{1,18}(?:[.,]\d{1,6})?"
SCALE = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9}
SCALE |= {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
UNITS = {
    "%": "%", "percent": "%", "pct": "%", "x": "x", "times": "x", "second": "second", "sec": "second", "s": "second",
    "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "h": "hour", "day": "day", "week": "week",
    "month": "month", "year": "year", "yr": "year", "kb": "kb", "mb": "mb", "gb": "gb", "tb": "tb", "km": "km",
    "mile": "mile", "kg": "kg", "g": "g", "lb": "lb", "oz": "oz", "ml": "ml", "cm": "cm", "mm": "mm", "ft": "ft",
    "°c": "°c", "°f": "°f", "pts": "point", "point": "point",
}  # fmt: skip
MONEY = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "€": "eur", "eur": "eur", "euro": "eur", "£": "gbp",
    "gbp": "gbp", "pound": "gbp", "¥": "jpy", "jpy": "jpy", "₹": "inr", "inr": "inr", "chf": "chf", "quid": "gbp",
}  # fmt: skip
SPELLED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
SPELLED |= {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}
SPELLED |= {"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}
SPELLED |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SPELLED |= {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "dozen": 12}
SPELLED |= {"hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "dozens": 12}
VAGUE = {"twice": "2 x", "double": "2 x", "doubled": "2 x", "triple": "3 x", "tripled": "3 x", "half": "0.5"}
CAP = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"

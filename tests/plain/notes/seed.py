"""What is in the notes service at the start."""

from decimal import Decimal

from plain.web import Json

TAGS = ("home", "work", "garden", "music")
WORDS = ("Buy bread", "Call Zoë", "Water the roses", "Practise scales", "100% of it (all)")


def notes() -> dict[str, Json]:
    """Sixty notes by key; every tenth is deleted, and many share a day or a weight."""
    table = {}
    for number in range(1, 61):
        key = f"note-{number}"
        done, deleted = number % 4 == 0, number % 10 == 0
        table[key] = {
            "key": key,
            "text": f"{WORDS[number % 5]} {number}",
            "day": f"2024-05-{number % 28 + 1:02}",
            "done": done,
            "tags": sorted({TAGS[number % 4], TAGS[number % 3]}),
            "priority": number % 6 or None,
            "weight": Decimal(number % 9 + 1) / 2,
            "status": "deleted" if deleted else "done" if done else "open",
            "created_at": f"2024-05-01T06:{number % 60:02}:00Z",
            "updated_at": f"2024-05-01T06:{number % 60:02}:00Z",
        }
    return table


def comments() -> dict[str, Json]:
    """By id, the oldest first: fourteen of the first note, two of the second."""
    table = {}
    for number in range(1, 17):
        key = f"5f0c8a52-7d1e-4c3b-9a64-2f1d6e8b{number:04}"
        table[key] = {
            "id": key,
            "key": "note-1" if number <= 14 else "note-2",
            "text": f"Comment {number}",
            "author": "Ada" if number % 3 else None,
            "created_at": f"2024-05-02T10:{number:02}:00Z",
        }
    return table

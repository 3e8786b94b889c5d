"""What displays show while nobody is called: pictures, films and texts at their time, and how the hall did last month."""

from server.media.items import LARGEST_ALL_MB as LARGEST_ALL_MB
from server.media.items import (
    Item,
    TextTooLong,
    UnknownItem,
    add_text,
    called,
    change,
    items,
    move,
    remove,
    shown,
)
from server.media.results import results, show_results
from server.media.times import BadTimes, Times, checked_times
from server.media.uploads import FOLDER, LARGEST, LARGEST_IMAGE_MB, LARGEST_VIDEO_MB, keep, path_of, too_large
from server.setup.media import LONGEST_TEXT, MOST_ITEMS, results_switched_on

__all__ = [
    "FOLDER",
    "LARGEST",
    "LARGEST_ALL_MB",
    "LARGEST_IMAGE_MB",
    "LARGEST_VIDEO_MB",
    "LONGEST_TEXT",
    "MOST_ITEMS",
    "BadTimes",
    "Item",
    "TextTooLong",
    "Times",
    "UnknownItem",
    "add_text",
    "called",
    "change",
    "checked_times",
    "items",
    "keep",
    "move",
    "path_of",
    "remove",
    "results",
    "results_switched_on",
    "show_results",
    "shown",
    "too_large",
]

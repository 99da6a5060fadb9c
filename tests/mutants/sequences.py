"""What one exchange says is not what the next one says: each fault breaks one law."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, DONE, Mutant
from mutants.behind import Lagging, Since
from mutants.faulty import Answer, Ask, Handler, Json, Request, at, each, inner, put, when


class KnownToWhoListed:
    """Media are liked by everybody who has not just asked for the list of their likes."""

    def __init__(self) -> None:
        self._listed: Request | None = None

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        listed, self._listed = self._listed, request if request.operation == "listLikes" else None
        if listed and listed.parts[1] == request.parts[1]:
            return await ask(request)
        return await at("getMedia getMediaByShortcode", each(put(user_has_liked=True)))(request, ask)


def _only(only: str, shows: str, make: Callable[[], Handler], text: str) -> Mutant:
    return Mutant("state", text, tuple(shows.split()), make, only)


def _always(only: str, shows: str, handler: Handler, text: str) -> Mutant:
    return _only(only, shows, lambda: handler, text)


def _whole(found: Json, before: Json) -> None:
    """A list becomes what it was."""
    found[:] = before


def _members(*names: str) -> Callable[[Json, Json], None]:
    return lambda found, before: found.update({name: before[name] for name in names})


def _by_nobody(users: Json) -> Json:
    return [{**one, "id": f"9{one['id']}"} for one in users]


def _in_other_words(comments: Json) -> Json:
    return [{**one, "text": f"{one['text']}!"} for one in comments]


def _without_names(comments: Json) -> Json:
    for one in comments:
        one["from"]["full_name"] = ""
    return comments


def _without_other_names(users: Json) -> Json:
    for one in users:
        if one["id"] != ADA:
            one["full_name"] = ""
    return users


def _without_people(media: Json) -> Json:
    for one in media:
        one["users_in_photo"] = []
    return media


def _moved(subscriptions: Json) -> Json:
    for one in subscriptions:
        if one["id"] == SEEDED:
            one["callback_url"] = "https://app.example.com/moved"
    return subscriptions


def _not_deleted(when: Callable[[Request], bool]) -> Handler:
    """Subscriptions that were there are not deleted, though that is said."""

    async def handle(request: Request, ask: Ask) -> Answer:
        if not when(request):
            return await ask(request)
        read = await ask(replace(request, method="GET"))
        return read.saying(DONE) if read.granted else read

    return at("deleteSubscriptions", handle)


def _related_before(action: str, before: str) -> Handler:
    """An action on a user has another one done before it."""

    async def handle(request: Request, ask: Ask) -> Answer:
        if request.values.get("action") == action and request.token == ALL:
            await ask(request.having(action=before))
        return await ask(request)

    return at("updateRelationship", handle)


SEEDED = "20472636"
"""The id of a subscription that is there from the beginning."""
WRITE, LIKE, RELATE = "createComment", "likeMedia", "updateRelationship"
SUBSCRIBE = "createSubscription"
SEQUENCES = {
    "text-without-tags": _always(
        f"{WRITE} posted-comment-is-listed",
        WRITE,
        at("listComments", each(inner("text", lambda text: text.replace("<", "").replace(">", "")))),
        "comments are listed without angle brackets",
    ),
    "posting-changes-others": _only(
        f"{WRITE} posting-adds-one",
        WRITE,
        partial(Since, WRITE, "listComments", _without_names),
        "once somebody has commented, those who had before are listed without their names",
    ),
    "posting-counts-late": _only(
        f"{WRITE} posted-comment-counts",
        WRITE,
        partial(Lagging, WRITE, "getMedia", _members("comments")),
        "a comment is not counted at once",
    ),
    "deleting-shows-late": _only(
        "deleteComment deleted-comment-is-gone",
        WRITE,
        partial(Lagging, "deleteComment", "listComments", _whole),
        "a deleted comment is listed once more",
    ),
    "deleting-changes-others": _only(
        "deleteComment no-other-comment-deleted",
        WRITE,
        partial(Since, "deleteComment", "listComments", _without_names),
        "once a comment was deleted, others are listed without names",
    ),
    "deleting-counts-late": _only(
        "deleteComment deleted-comment-counts",
        WRITE,
        partial(Lagging, "deleteComment", "getMedia", _members("comments")),
        "a deleted comment is counted once more",
    ),
    "like-listed-late": _only(
        f"{LIKE} like-is-listed",
        LIKE,
        partial(Lagging, LIKE, "listLikes", _whole),
        "a like is not listed at once",
    ),
    "like-changes-others": _only(
        f"{LIKE} no-other-like-changed",
        LIKE,
        partial(Since, LIKE, "listLikes", _without_other_names),
        "who likes sees others without their names from then on",
    ),
    "like-flagged-late": _only(
        f"{LIKE} like-is-flagged",
        LIKE,
        partial(Lagging, LIKE, "getMedia", _members("user_has_liked")),
        "a like is not flagged at once",
    ),
    "like-counted-late": _only(
        f"{LIKE} like-counts-once",
        LIKE,
        partial(Lagging, LIKE, "getMedia", _members("likes")),
        "a like is not counted at once",
    ),
    "unlike-listed-late": _only(
        "unlikeMedia unlike-is-unlisted",
        LIKE,
        partial(Lagging, "unlikeMedia", "listLikes", _whole),
        "who takes a like back is listed once more",
    ),
    "unlike-changes-others": _only(
        "unlikeMedia no-other-like-changed",
        LIKE,
        partial(Since, "unlikeMedia", "listLikes", _without_other_names),
        "who takes a like back sees others without their names from then on",
    ),
    "unlike-flagged-late": _only(
        "unlikeMedia unlike-is-flagged",
        LIKE,
        partial(Lagging, "unlikeMedia", "getMedia", _members("user_has_liked")),
        "a like that was taken back is flagged once more",
    ),
    "unlike-counted-late": _only(
        "unlikeMedia unlike-counts-once",
        LIKE,
        partial(Lagging, "unlikeMedia", "getMedia", _members("likes")),
        "a like that was taken back is counted once more",
    ),
    "like-changes-media": _only(
        f"{LIKE} no-other-media-changed",
        LIKE,
        partial(Since, LIKE, "listUserRecentMedia", _without_people),
        "who likes sees nobody in their own media from then on",
    ),
    "unlike-changes-media": _only(
        "unlikeMedia no-other-media-changed",
        LIKE,
        partial(Since, "unlikeMedia", "listUserRecentMedia", _without_people),
        "who takes a like back sees nobody in their own media from then on",
    ),
    "unlike-leaves-late": _only(
        "unlikeMedia unlike-leaves-liked-media",
        LIKE,
        partial(Lagging, "unlikeMedia", "listLikedMedia", _whole),
        "among the media that are liked one that no longer is stands once more",
    ),
    "code-shows-no-filter": _always(
        "getMediaByShortcode same-by-id",
        "getMediaByShortcode",
        at("getMediaByShortcode", each(put(filter="Normal"))),
        "by its code a media object has no filter",
    ),
    "likes-one-more": _always(
        "getMedia likes-as-counted",
        "getMedia",
        at("getMedia getMediaByShortcode", each(inner("likes.count", lambda count: count + 1))),
        "a like more is counted than listed",
    ),
    "flag-behind-list": _only(
        "getMedia like-as-flagged",
        "getMedia",
        KnownToWhoListed,
        "what is liked is known only to who just asked for the likes",
    ),
    "comments-one-more": _always(
        "getMedia comments-as-counted",
        "getMedia",
        at("getMedia getMediaByShortcode", each(inner("comments.count", lambda count: count + 1))),
        "a comment more is counted than listed",
    ),
    "likes-of-others-embedded": _always(
        "getMedia embedded-likes-listed",
        "getMedia",
        at("getMedia getMediaByShortcode", each(inner("likes.data", _by_nobody))),
        "users are embedded as liking what they do not like",
    ),
    "comments-embedded-otherwise": _always(
        "getMedia embedded-comments-listed",
        "getMedia",
        at("getMedia getMediaByShortcode", each(inner("comments.data", _in_other_words))),
        "embedded comments have another text than listed ones",
    ),
    "self-otherwise": _always(
        "getUser self-as-by-id",
        "getUser",
        when(lambda request: request.path == "/users/self", at("getUser", each(put(bio="Another")))),
        "oneself has another bio than by the id",
    ),
    "follow-answered-otherwise": _always(
        f"{RELATE} change-is-shown",
        RELATE,
        at(RELATE, each(inner("outgoing_status", lambda one: one.replace("follows", "requested")))),
        "who follows is told to have asked",
    ),
    "asked-before-approving": _always(
        f"{RELATE} outgoing-unchanged",
        RELATE,
        _related_before("approve", "follow"),
        "who approves, follows",
    ),
    "unfollowed-listed-late": _only(
        f"{RELATE} ended-is-not-listed",
        RELATE,
        partial(Lagging, RELATE, "listFollows", _whole, ("unfollow", "block")),
        "who is no longer followed is listed once more",
    ),
    "follow-changes-others": _only(
        f"{RELATE} no-other-follow-lost",
        RELATE,
        partial(Since, RELATE, "listFollows", _without_other_names),
        "who follows somebody sees others without their names from then on",
    ),
    "answered-listed-late": _only(
        f"{RELATE} answered-requests-gone",
        RELATE,
        partial(Lagging, RELATE, "listRequestedBy", _whole, ("approve", "ignore")),
        "who was approved is listed as asking once more",
    ),
    "subscription-listed-otherwise": _always(
        f"{SUBSCRIBE} subscription-is-listed",
        SUBSCRIBE,
        at("listSubscriptions", each(put(type="webhook"))),
        "subscriptions are listed as something else than what they were answered as",
    ),
    "subscribing-moves-another": _only(
        f"{SUBSCRIBE} no-subscription-lost",
        SUBSCRIBE,
        partial(Since, SUBSCRIBE, "listSubscriptions", _moved),
        "with a new subscription an older one leads elsewhere",
    ),
    "subscription-stays": _always(
        "deleteSubscriptions subscription-is-gone",
        SUBSCRIBE,
        _not_deleted(lambda request: "id" in request.query),
        "a subscription cannot be deleted by its id",
    ),
    "kind-stays": _always(
        "deleteSubscriptions kind-is-gone",
        SUBSCRIBE,
        _not_deleted(lambda request: "id" not in request.query and "object" in request.query),
        "subscriptions cannot be deleted by what they are about",
    ),
    "unsubscribing-moves-another": _only(
        "deleteSubscriptions no-other-subscription-deleted",
        SUBSCRIBE,
        partial(Since, "deleteSubscriptions", "listSubscriptions", _moved),
        "when a subscription is deleted another one leads elsewhere from then on",
    ),
}

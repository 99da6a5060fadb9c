"""Exchanges that contradict each other: each mutant violates one law."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import ADA, ALL, DONE, Mutant
from mutants.app import Forward, Handler, Json, Request, Response
from mutants.behind import Lagging, Since
from mutants.operators import at, change_items, change_member, set_members, when


class LikedUnlessListed:
    """user_has_liked is always true, except right after a read of the likes."""

    def __init__(self) -> None:
        self._listed: Request | None = None

    async def __call__(self, request: Request, forward: Forward) -> Response:
        listed, self._listed = self._listed, request if request.operation == "listLikes" else None
        if listed and listed.parts[1] == request.parts[1]:
            return await forward(request)
        return await at("getMedia getMediaByShortcode", change_items(set_members(user_has_liked=True)))(
            request, forward
        )


def _only(only: str, operations: str, make: Callable[[], Handler], description: str) -> Mutant:
    return Mutant("state", description, tuple(operations.split()), make, only)


def _always(only: str, operations: str, handler: Handler, description: str) -> Mutant:
    return _only(only, operations, lambda: handler, description)


def _whole(data: Json, before: Json) -> None:
    """A list becomes what it was before."""
    data[:] = before


def _members(*names: str) -> Callable[[Json, Json], None]:
    return lambda data, before: data.update({name: before[name] for name in names})


def _by_unknown_users(users: Json) -> Json:
    return [{**user, "id": f"9{user['id']}"} for user in users]


def _with_other_texts(comments: Json) -> Json:
    return [{**comment, "text": f"{comment['text']}!"} for comment in comments]


def _without_names(comments: Json) -> Json:
    for item in comments:
        item["from"]["full_name"] = ""
    return comments


def _without_other_names(users: Json) -> Json:
    for item in users:
        if item["id"] != ADA:
            item["full_name"] = ""
    return users


def _without_people(media: Json) -> Json:
    for item in media:
        item["users_in_photo"] = []
    return media


def _moved(subscriptions: Json) -> Json:
    for item in subscriptions:
        if item["id"] == SEEDED:
            item["callback_url"] = "https://app.example.com/moved"
    return subscriptions


def _not_deleted(when: Callable[[Request], bool]) -> Handler:
    """Deletions of subscriptions are accepted, but not done."""

    async def handle(request: Request, forward: Forward) -> Response:
        if not when(request):
            return await forward(request)
        read = await forward(replace(request, method="GET"))
        return read.with_json(DONE) if read.accepted else read

    return at("deleteSubscriptions", handle)


def _related_before(action: str, before: str) -> Handler:
    """Another action is done before an action on a user."""

    async def handle(request: Request, forward: Forward) -> Response:
        if request.values.get("action") == action and request.token == ALL:
            await forward(request.with_values(action=before))
        return await forward(request)

    return at("updateRelationship", handle)


SEEDED = "20472636"
"""The id of a subscription of the seed data."""
WRITE, LIKE, RELATE = "createComment", "likeMedia", "updateRelationship"
SUBSCRIBE = "createSubscription"
SEQUENCES = {
    "text-without-tags": _always(
        f"{WRITE} posted-comment-is-listed",
        WRITE,
        at(
            "listComments",
            change_items(change_member("text", lambda text: text.replace("<", "").replace(">", ""))),
        ),
        "comments are listed without angle brackets",
    ),
    "posting-changes-others": _only(
        f"{WRITE} posting-adds-one",
        WRITE,
        partial(Since, WRITE, "listComments", _without_names),
        "after the first comment, comments are listed without full names",
    ),
    "posting-counts-late": _only(
        f"{WRITE} posted-comment-counts",
        WRITE,
        partial(Lagging, WRITE, "getMedia", _members("comments")),
        "a new comment is counted one read late",
    ),
    "deleting-shows-late": _only(
        "deleteComment deleted-comment-is-gone",
        WRITE,
        partial(Lagging, "deleteComment", "listComments", _whole),
        "a deleted comment is listed one read longer",
    ),
    "deleting-changes-others": _only(
        "deleteComment no-other-comment-deleted",
        WRITE,
        partial(Since, "deleteComment", "listComments", _without_names),
        "after the first deletion, comments are listed without full names",
    ),
    "deleting-counts-late": _only(
        "deleteComment deleted-comment-counts",
        WRITE,
        partial(Lagging, "deleteComment", "getMedia", _members("comments")),
        "a deleted comment is counted one read longer",
    ),
    "like-listed-late": _only(
        f"{LIKE} like-is-listed",
        LIKE,
        partial(Lagging, LIKE, "listLikes", _whole),
        "a like is listed one read late",
    ),
    "like-changes-others": _only(
        f"{LIKE} no-other-like-changed",
        LIKE,
        partial(Since, LIKE, "listLikes", _without_other_names),
        "after the first like, other users are listed without full names",
    ),
    "like-flagged-late": _only(
        f"{LIKE} like-is-flagged",
        LIKE,
        partial(Lagging, LIKE, "getMedia", _members("user_has_liked")),
        "a like is flagged one read late",
    ),
    "like-counted-late": _only(
        f"{LIKE} like-counts-once",
        LIKE,
        partial(Lagging, LIKE, "getMedia", _members("likes")),
        "a like is counted one read late",
    ),
    "unlike-listed-late": _only(
        "unlikeMedia unlike-is-unlisted",
        LIKE,
        partial(Lagging, "unlikeMedia", "listLikes", _whole),
        "a removed like is listed one read longer",
    ),
    "unlike-changes-others": _only(
        "unlikeMedia no-other-like-changed",
        LIKE,
        partial(Since, "unlikeMedia", "listLikes", _without_other_names),
        "after the first unlike, other users are listed without full names",
    ),
    "unlike-flagged-late": _only(
        "unlikeMedia unlike-is-flagged",
        LIKE,
        partial(Lagging, "unlikeMedia", "getMedia", _members("user_has_liked")),
        "a removed like is flagged one read longer",
    ),
    "unlike-counted-late": _only(
        "unlikeMedia unlike-counts-once",
        LIKE,
        partial(Lagging, "unlikeMedia", "getMedia", _members("likes")),
        "a removed like is counted one read longer",
    ),
    "like-changes-media": _only(
        f"{LIKE} no-other-media-changed",
        LIKE,
        partial(Since, LIKE, "listUserRecentMedia", _without_people),
        "after the first like, users_in_photo is empty in the user's own media",
    ),
    "unlike-changes-media": _only(
        "unlikeMedia no-other-media-changed",
        LIKE,
        partial(Since, "unlikeMedia", "listUserRecentMedia", _without_people),
        "after the first unlike, users_in_photo is empty in the user's own media",
    ),
    "unlike-leaves-late": _only(
        "unlikeMedia unlike-leaves-liked-media",
        LIKE,
        partial(Lagging, "unlikeMedia", "listLikedMedia", _whole),
        "an unliked media object stays in the liked media one read longer",
    ),
    "code-shows-no-filter": _always(
        "getMediaByShortcode same-by-id",
        "getMediaByShortcode",
        at("getMediaByShortcode", change_items(set_members(filter="Normal"))),
        "read by shortcode, a media object has no filter",
    ),
    "likes-one-more": _always(
        "getMedia likes-as-counted",
        "getMedia",
        at(
            "getMedia getMediaByShortcode",
            change_items(change_member("likes.count", lambda count: count + 1)),
        ),
        "one more like is counted than listed",
    ),
    "flag-behind-list": _only(
        "getMedia like-as-flagged",
        "getMedia",
        LikedUnlessListed,
        "user_has_liked is right only after a read of the likes",
    ),
    "comments-one-more": _always(
        "getMedia comments-as-counted",
        "getMedia",
        at(
            "getMedia getMediaByShortcode",
            change_items(change_member("comments.count", lambda count: count + 1)),
        ),
        "one more comment is counted than listed",
    ),
    "likes-of-others-embedded": _always(
        "getMedia embedded-likes-listed",
        "getMedia",
        at("getMedia getMediaByShortcode", change_items(change_member("likes.data", _by_unknown_users))),
        "embedded likes are of users who are not listed",
    ),
    "comments-embedded-otherwise": _always(
        "getMedia embedded-comments-listed",
        "getMedia",
        at("getMedia getMediaByShortcode", change_items(change_member("comments.data", _with_other_texts))),
        "embedded comments differ in text from listed ones",
    ),
    "self-otherwise": _always(
        "getUser self-as-by-id",
        "getUser",
        when(
            lambda request: request.path == "/users/self",
            at("getUser", change_items(set_members(bio="Another"))),
        ),
        "self has another bio than the same user by id",
    ),
    "follow-answered-otherwise": _always(
        f"{RELATE} change-is-shown",
        RELATE,
        at(
            RELATE,
            change_items(
                change_member("outgoing_status", lambda value: value.replace("follows", "requested"))
            ),
        ),
        "following a public user returns requested",
    ),
    "asked-before-approving": _always(
        f"{RELATE} outgoing-unchanged",
        RELATE,
        _related_before("approve", "follow"),
        "approving a request follows the user",
    ),
    "unfollowed-listed-late": _only(
        f"{RELATE} ended-is-not-listed",
        RELATE,
        partial(Lagging, RELATE, "listFollows", _whole, ("unfollow", "block")),
        "an unfollowed user is listed one read longer",
    ),
    "follow-changes-others": _only(
        f"{RELATE} no-other-follow-lost",
        RELATE,
        partial(Since, RELATE, "listFollows", _without_other_names),
        "after the first follow, other followed users are listed without full names",
    ),
    "answered-listed-late": _only(
        f"{RELATE} answered-requests-gone",
        RELATE,
        partial(Lagging, RELATE, "listRequestedBy", _whole, ("approve", "ignore")),
        "an approved user is listed as requesting one read longer",
    ),
    "subscription-listed-otherwise": _always(
        f"{SUBSCRIBE} subscription-is-listed",
        SUBSCRIBE,
        at("listSubscriptions", change_items(set_members(type="webhook"))),
        "subscriptions are listed with another type than they were created with",
    ),
    "subscribing-moves-another": _only(
        f"{SUBSCRIBE} no-subscription-lost",
        SUBSCRIBE,
        partial(Since, SUBSCRIBE, "listSubscriptions", _moved),
        "a new subscription changes the callback URL of an older one",
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
        "subscriptions cannot be deleted by object",
    ),
    "unsubscribing-moves-another": _only(
        "deleteSubscriptions no-other-subscription-deleted",
        SUBSCRIBE,
        partial(Since, "deleteSubscriptions", "listSubscriptions", _moved),
        "deleting a subscription changes the callback URL of another",
    ),
}

"""Requests of each operation: one that the reference server accepts, and one that it rejects."""

MEDIA = "1127838097061452801_1001"
OTHERS_MEDIA = "1126388545599054851_1002"
COMMENT = "1127868296050256900"

# For each operation: method, path and form of a request that is accepted, and of one that is rejected.
CASES: dict[str, tuple[tuple[str, str, dict[str, str]], tuple[str, str, dict[str, str]]]] = {
    "listComments": (("GET", f"/media/{MEDIA}/comments", {}), ("GET", "/media/1_1/comments", {})),
    "createComment": (
        ("POST", f"/media/{MEDIA}/comments", {"text": "Lovely #light"}),
        ("POST", f"/media/{MEDIA}/comments", {"text": "x" * 301}),
    ),
    "deleteComment": (
        ("DELETE", f"/media/{MEDIA}/comments/{COMMENT}", {}),
        ("DELETE", f"/media/{MEDIA}/comments/1", {}),
    ),
    "listGeographyRecentMedia": (
        ("GET", "/geographies/501/media/recent", {}),
        ("GET", "/geographies/1/media/recent", {}),
    ),
    "listLikes": (("GET", f"/media/{MEDIA}/likes", {}), ("GET", "/media/x/likes", {})),
    "likeMedia": (("POST", f"/media/{OTHERS_MEDIA}/likes", {}), ("POST", "/media/1/likes", {})),
    "unlikeMedia": (("DELETE", f"/media/{OTHERS_MEDIA}/likes", {}), ("DELETE", "/media/1/likes", {})),
    "searchLocations": (
        ("GET", "/locations/search?lat=48.8584&lng=2.2945", {}),
        ("GET", "/locations/search", {}),
    ),
    "getLocation": (("GET", "/locations/301", {}), ("GET", "/locations/none", {})),
    "listLocationRecentMedia": (
        ("GET", "/locations/301/media/recent", {}),
        ("GET", "/locations/301/media/recent?max_id=x", {}),
    ),
    "listPopularMedia": (("GET", "/media/popular", {}), ("GET", "/media/popular", {"access_token": "x"})),
    "searchMedia": (
        ("GET", "/media/search?lat=48.8584&lng=2.2945&distance=5000", {}),
        ("GET", "/media/search?lat=91&lng=2", {}),
    ),
    "getMediaByShortcode": (
        ("GET", "/media/shortcode/-m4sYTgBwB", {}),
        ("GET", "/media/shortcode/!", {}),
    ),
    "getMedia": (("GET", f"/media/{MEDIA}", {}), ("GET", "/media/1", {})),
    "listRequestedBy": (
        ("GET", "/users/self/requested-by", {}),
        ("GET", "/users/self/requested-by", {"access_token": "x"}),
    ),
    "listFollowedBy": (("GET", "/users/self/followed-by", {}), ("GET", "/users/1/followed-by", {})),
    "listFollows": (("GET", "/users/1002/follows", {}), ("GET", "/users/self/follows?count=0", {})),
    "getRelationship": (("GET", "/users/1002/relationship", {}), ("GET", "/users/1/relationship", {})),
    "updateRelationship": (
        ("POST", "/users/1002/relationship", {"action": "follow"}),
        ("POST", "/users/1002/relationship", {"action": "deny"}),
    ),
    "searchTags": (("GET", "/tags/search?q=snow", {}), ("GET", "/tags/search", {})),
    "getTag": (("GET", "/tags/snow", {}), ("GET", "/tags/unused-tag", {})),
    "listTagRecentMedia": (
        ("GET", "/tags/snow/media/recent?count=1", {}),
        ("GET", "/tags/snow/media/recent?count=none", {}),
    ),
    "searchUsers": (("GET", "/users/search?q=ada", {}), ("GET", "/users/search", {})),
    "getFeed": (("GET", "/users/self/feed?count=5", {}), ("GET", "/users/self/feed?count=-1", {})),
    "listLikedMedia": (
        ("GET", "/users/self/media/liked", {}),
        ("GET", "/users/self/media/liked?max_like_id=x", {}),
    ),
    "getUser": (("GET", "/users/self", {}), ("GET", "/users/1", {})),
    "listUserRecentMedia": (
        ("GET", "/users/self/media/recent", {}),
        ("GET", "/users/none/media/recent", {}),
    ),
}

"""What the document says about the API, for the runtime."""

from ._runtime.credentials import Scheme, Signature
from ._runtime.encode.bodies import Body
from ._runtime.encode.parameters import Parameter
from ._runtime.endpoints import Endpoint, Service
from ._runtime.errors import ErrorMapping, ErrorMappings
from ._runtime.paging import NextPage
from ._runtime.rules import Rule
from .exceptions import *  # noqa: F403

SERVICE = Service(
    client="Instagram",
    base_url="https://api.instagram.com/v1",
    schemes={
        "access_token": Scheme(
            place="query",
            parameter="access_token",
            in_form=True,
            signature=Signature(
                parameter="sig", algorithm="sha256", key="client_secret", separator="|"
            ),
        ),
        "client_id": Scheme(
            place="query",
            parameter="client_id",
            signature=Signature(
                parameter="sig", algorithm="sha256", key="client_secret", separator="|"
            ),
        ),
        "client_secret": Scheme(place="query", parameter="client_secret"),
    },
    errors=ErrorMappings(
        type_pointers=("/meta/error_type", "/error_type"),
        message_pointers=("/meta/error_message", "/error_message"),
        by_type={
            "OAuthParameterException": ErrorMapping(
                AuthenticationError,
                "Send an access_token with every request; a client_id must be that of an app.",
            ),
            "OAuthAccessTokenException": ErrorMapping(
                AuthenticationError,
                "The token is invalid, revoked or expired: send the user through authorize_url again.",
            ),
            "OAuthException": ErrorMapping(
                AuthenticationError,
                "The token is invalid, revoked or expired: send the user through authorize_url again.",
            ),
            "OAuthClientException": ErrorMapping(
                AuthenticationError, "Give the client_secret of the app beside its client_id."
            ),
            "OAuthPermissionsException": ErrorMapping(
                PermissionDeniedError,
                "Send the user through authorize_url again, with the scope that the message names. The app must be approved for it.",
            ),
            "OAuthForbiddenException": ErrorMapping(
                PermissionDeniedError,
                "Give the client the client_secret of the app, so that it signs requests. In the sandbox, invite the user first.",
            ),
            "OAuthRateLimitException": ErrorMapping(
                RateLimitError,
                "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
            ),
            "APINotFoundError": ErrorMapping(
                NotFoundError,
                "Check the id. An app in the sandbox finds only what belongs to its own users.",
            ),
            "APINotAllowedError": ErrorMapping(
                PermissionDeniedError,
                "Read the message: the owner is private, the tag is banned, or the endpoint is retired. Trying again does not help.",
            ),
            "APIAgeGatedError": ErrorMapping(
                PermissionDeniedError,
                "Leave this account out; it is shown to people of a certain age only.",
            ),
            "APIInvalidParametersError": ErrorMapping(
                BadRequestError, "Correct the parameter that the message names."
            ),
            "APICommentTooLongError": ErrorMapping(
                BadRequestError, "Shorten the comment to 300 characters."
            ),
            "APICommentTooManyTagsError": ErrorMapping(
                BadRequestError, "Leave at most 4 hashtags in the comment."
            ),
            "APICommentTooManyUrlsError": ErrorMapping(
                BadRequestError, "Leave at most 1 URL in the comment."
            ),
            "APICommentAllCapsError": ErrorMapping(
                BadRequestError, "Do not write the comment in capital letters only."
            ),
            "APISubscriptionError": ErrorMapping(
                BadRequestError,
                "Check client_id and client_secret. The callback must be reachable and respond at once with hub.challenge and nothing else.",
            ),
            "APIError": ErrorMapping(
                BadRequestError,
                "Read the message; often the app is not approved for this, or its limit is reached.",
            ),
        },
    ),
    product="instagram-client/1.0.0",
    secret_names=("access_token", "client_secret"),
)

COMMENTS_LIST = Endpoint(
    name="comments.list",
    id="listComments",
    method="GET",
    path="/media/{media_id}/comments",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "CommentListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
COMMENTS_CREATE = Endpoint(
    name="comments.create",
    id="createComment",
    method="POST",
    path="/media/{media_id}/comments",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    bodies=(
        Body("application/x-www-form-urlencoded", fields={"text": "text"}, is_required=True),
        Body("multipart/form-data", fields={"text": "text"}, is_required=True),
    ),
    rules={
        "text": (
            Rule("max-length", "A comment has at most 300 characters.", {"maxLength": 300}),
            Rule(
                "max-hashtags",
                "A comment has at most 4 hashtags.",
                {
                    "not": {
                        "pattern": "#[^\\t\\n\\r -/:-@\\[-^`{-~][\\s\\S]*#[^\\t\\n\\r -/:-@\\[-^`{-~][\\s\\S]*#[^\\t\\n\\r -/:-@\\[-^`{-~][\\s\\S]*#[^\\t\\n\\r -/:-@\\[-^`{-~][\\s\\S]*#[^\\t\\n\\r -/:-@\\[-^`{-~]"
                    }
                },
            ),
            Rule(
                "max-urls",
                "A comment has at most 1 URL.",
                {"not": {"pattern": "[hH][tT][tT][pP][sS]?://[\\s\\S]*[hH][tT][tT][pP][sS]?://"}},
            ),
            Rule(
                "not-all-capitals",
                "A comment is not all in capital letters.",
                {
                    "not": {
                        "pattern": "[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉ-ƋƎ-ƑƓƔƖ-ƘƜƝƟƠƢƤƦƧƩƬƮƯƱ-ƳƵƷƸƼǄǇǊǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǱǴǶ-ǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃ-ɆɈɊɌɎͰͲͶͿΆΈ-ΊΌΎΏΑ-ΡΣ-ΫϏϒ-ϔϘϚϜϞϠϢϤϦϨϪϬϮϴϷϹϺϽ-ЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱ-ՖḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾＡ-Ｚ]",
                        "not": {
                            "pattern": "[a-zµß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĳĵķĸĺļľŀłńņňŉŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž-ƀƃƅƈƌƍƒƕƙ-ƛƞơƣƥƨƪƫƭưƴƶƹƺƽ-ƿǆǉǌǎǐǒǔǖǘǚǜǝǟǡǣǥǧǩǫǭǯǰǳǵǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟȡȣȥȧȩȫȭȯȱȳ-ȹȼȿɀɂɇɉɋɍɏ-ʓʕ-ʯͱͳͷͻ-ͽΐά-ώϐϑϕ-ϗϙϛϝϟϡϣϥϧϩϫϭϯ-ϳϵϸϻϼа-џѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӂӄӆӈӊӌӎӏӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯՠ-ևḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕ-ẝẟạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿａ-ｚ]"
                        },
                    }
                },
            ),
        )
    },
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "CommentEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
COMMENTS_DELETE = Endpoint(
    name="comments.delete",
    id="deleteComment",
    method="DELETE",
    path="/media/{media_id}/comments/{comment_id}",
    parameters=(
        Parameter("media_id", "media_id", "path", "simple", False),
        Parameter("comment_id", "comment_id", "path", "simple", False),
    ),
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "EmptyEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
GEOGRAPHIES_RECENT_MEDIA = Endpoint(
    name="geographies.recent_media",
    id="listGeographyRecentMedia",
    method="GET",
    path="/geographies/{geo_id}/media/recent",
    parameters=(
        Parameter("geo_id", "geo_id", "path", "simple", False),
        Parameter("count", "count", "query", "form", True),
        Parameter("min_id", "min_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(next_url="/pagination/next_url", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
    deprecated="2015-11-17: Removed for new apps. 2016-06-01: Removed for all apps. Today nothing replaces it.",
)
LIKES_LIST = Endpoint(
    name="likes.list",
    id="listLikes",
    method="GET",
    path="/media/{media_id}/likes",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
LIKES_CREATE = Endpoint(
    name="likes.create",
    id="likeMedia",
    method="POST",
    path="/media/{media_id}/likes",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "EmptyEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
LIKES_DELETE = Endpoint(
    name="likes.delete",
    id="unlikeMedia",
    method="DELETE",
    path="/media/{media_id}/likes",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "EmptyEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
LOCATIONS_SEARCH = Endpoint(
    name="locations.search",
    id="searchLocations",
    method="GET",
    path="/locations/search",
    parameters=(
        Parameter("lat", "lat", "query", "form", True),
        Parameter("lng", "lng", "query", "form", True),
        Parameter("distance", "distance", "query", "form", True),
        Parameter("facebook_places_id", "facebook_places_id", "query", "form", True),
        Parameter("foursquare_v2_id", "foursquare_v2_id", "query", "form", True),
        Parameter("foursquare_id", "foursquare_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "LocationListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
LOCATIONS_GET = Endpoint(
    name="locations.get",
    id="getLocation",
    method="GET",
    path="/locations/{location_id}",
    parameters=(Parameter("location_id", "location_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "LocationEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
LOCATIONS_RECENT_MEDIA = Endpoint(
    name="locations.recent_media",
    id="listLocationRecentMedia",
    method="GET",
    path="/locations/{location_id}/media/recent",
    parameters=(
        Parameter("location_id", "location_id", "path", "simple", False),
        Parameter("min_timestamp", "min_timestamp", "query", "form", True),
        Parameter("max_timestamp", "max_timestamp", "query", "form", True),
        Parameter("min_id", "min_id", "query", "form", True),
        Parameter("max_id", "max_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
MEDIA_POPULAR = Endpoint(
    name="media.popular",
    id="listPopularMedia",
    method="GET",
    path="/media/popular",
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
    deprecated="2015-11-17: Removed for new apps. 2016-06-01: Removed for all apps. Today nothing replaces it.",
)
MEDIA_SEARCH = Endpoint(
    name="media.search",
    id="searchMedia",
    method="GET",
    path="/media/search",
    parameters=(
        Parameter("lat", "lat", "query", "form", True),
        Parameter("lng", "lng", "query", "form", True),
        Parameter("min_timestamp", "min_timestamp", "query", "form", True),
        Parameter("max_timestamp", "max_timestamp", "query", "form", True),
        Parameter("distance", "distance", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
MEDIA_GET_BY_SHORTCODE = Endpoint(
    name="media.get_by_shortcode",
    id="getMediaByShortcode",
    method="GET",
    path="/media/shortcode/{shortcode}",
    parameters=(Parameter("shortcode", "shortcode", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
MEDIA_GET = Endpoint(
    name="media.get",
    id="getMedia",
    method="GET",
    path="/media/{media_id}",
    parameters=(Parameter("media_id", "media_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
RELATIONSHIPS_REQUESTED_BY = Endpoint(
    name="relationships.requested_by",
    id="listRequestedBy",
    method="GET",
    path="/users/self/requested-by",
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
RELATIONSHIPS_FOLLOWED_BY = Endpoint(
    name="relationships.followed_by",
    id="listFollowedBy",
    method="GET",
    path="/users/{user_id}/followed-by",
    parameters=(
        Parameter("user_id", "user_id", "path", "simple", False),
        Parameter("count", "count", "query", "form", True),
        Parameter("cursor", "cursor", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_cursor", parameter="cursor", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
RELATIONSHIPS_FOLLOWS = Endpoint(
    name="relationships.follows",
    id="listFollows",
    method="GET",
    path="/users/{user_id}/follows",
    parameters=(
        Parameter("user_id", "user_id", "path", "simple", False),
        Parameter("count", "count", "query", "form", True),
        Parameter("cursor", "cursor", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_cursor", parameter="cursor", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
RELATIONSHIPS_GET = Endpoint(
    name="relationships.get",
    id="getRelationship",
    method="GET",
    path="/users/{user_id}/relationship",
    parameters=(Parameter("user_id", "user_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "RelationshipEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
RELATIONSHIPS_UPDATE = Endpoint(
    name="relationships.update",
    id="updateRelationship",
    method="POST",
    path="/users/{user_id}/relationship",
    parameters=(Parameter("user_id", "user_id", "path", "simple", False),),
    bodies=(
        Body("application/x-www-form-urlencoded", fields={"action": "action"}, is_required=True),
        Body("multipart/form-data", fields={"action": "action"}, is_required=True),
    ),
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "RelationshipChangeEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
TAGS_SEARCH = Endpoint(
    name="tags.search",
    id="searchTags",
    method="GET",
    path="/tags/search",
    parameters=(Parameter("q", "q", "query", "form", True),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "TagListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
TAGS_GET = Endpoint(
    name="tags.get",
    id="getTag",
    method="GET",
    path="/tags/{tag_name}",
    parameters=(Parameter("tag_name", "tag_name", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={"200": "TagEnvelope", "400": "BadRequest", "403": "Forbidden", "429": "TooManyRequests"},
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
TAGS_RECENT_MEDIA = Endpoint(
    name="tags.recent_media",
    id="listTagRecentMedia",
    method="GET",
    path="/tags/{tag_name}/media/recent",
    parameters=(
        Parameter("tag_name", "tag_name", "path", "simple", False),
        Parameter("count", "count", "query", "form", True),
        Parameter("min_tag_id", "min_tag_id", "query", "form", True),
        Parameter("max_tag_id", "max_tag_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "TagMediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_tag_id", parameter="max_tag_id", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
USERS_SEARCH = Endpoint(
    name="users.search",
    id="searchUsers",
    method="GET",
    path="/users/search",
    parameters=(
        Parameter("q", "q", "query", "form", True),
        Parameter("count", "count", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
USERS_FEED = Endpoint(
    name="users.feed",
    id="getFeed",
    method="GET",
    path="/users/self/feed",
    parameters=(
        Parameter("count", "count", "query", "form", True),
        Parameter("min_id", "min_id", "query", "form", True),
        Parameter("max_id", "max_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
    deprecated="2015-11-17: Removed for new apps. 2016-06-01: Removed for all apps. Today nothing replaces it.",
)
USERS_LIKED_MEDIA = Endpoint(
    name="users.liked_media",
    id="listLikedMedia",
    method="GET",
    path="/users/self/media/liked",
    parameters=(
        Parameter("count", "count", "query", "form", True),
        Parameter("max_like_id", "max_like_id", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "LikedMediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(
        cursor="/pagination/next_max_like_id", parameter="max_like_id", items="/data"
    ),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
USERS_GET = Endpoint(
    name="users.get",
    id="getUser",
    method="GET",
    path="/users/{user_id}",
    parameters=(Parameter("user_id", "user_id", "path", "simple", False),),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "UserEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "404": "NotFound",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "404": ErrorMapping(NotFoundError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
USERS_RECENT_MEDIA = Endpoint(
    name="users.recent_media",
    id="listUserRecentMedia",
    method="GET",
    path="/users/{user_id}/media/recent",
    parameters=(
        Parameter("user_id", "user_id", "path", "simple", False),
        Parameter("count", "count", "query", "form", True),
        Parameter("min_id", "min_id", "query", "form", True),
        Parameter("max_id", "max_id", "query", "form", True),
        Parameter("min_timestamp", "min_timestamp", "query", "form", True),
        Parameter("max_timestamp", "max_timestamp", "query", "form", True),
    ),
    reads=True,
    security=(("access_token",),),
    success=("200",),
    accept="application/json",
    types={
        "200": "MediaPageEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id", items="/data"),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
SUBSCRIPTIONS_LIST = Endpoint(
    name="subscriptions.list",
    id="listSubscriptions",
    method="GET",
    path="/subscriptions",
    reads=True,
    security=(("client_id", "client_secret"),),
    success=("200",),
    accept="application/json",
    types={
        "200": "SubscriptionListEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
SUBSCRIPTIONS_CREATE = Endpoint(
    name="subscriptions.create",
    id="createSubscription",
    method="POST",
    path="/subscriptions",
    bodies=(
        Body(
            "application/x-www-form-urlencoded",
            fields={
                "object": "object",
                "aspect": "aspect",
                "verify_token": "verify_token",
                "callback_url": "callback_url",
                "object_id": "object_id",
                "lat": "lat",
                "lng": "lng",
                "radius": "radius",
            },
            is_required=True,
        ),
    ),
    form_fields={"client_id": "client_id", "client_secret": "client_secret"},
    success=("200",),
    accept="application/json",
    types={
        "200": "SubscriptionEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
SUBSCRIPTIONS_DELETE = Endpoint(
    name="subscriptions.delete",
    id="deleteSubscriptions",
    method="DELETE",
    path="/subscriptions",
    parameters=(
        Parameter("id", "id", "query", "form", True),
        Parameter("object", "object", "query", "form", True),
    ),
    security=(("client_id", "client_secret"),),
    success=("200",),
    accept="application/json",
    types={
        "200": "EmptyEnvelope",
        "400": "BadRequest",
        "403": "Forbidden",
        "429": "TooManyRequests",
    },
    payload=("data",),
    errors={
        "400": ErrorMapping(BadRequestError),
        "403": ErrorMapping(PermissionDeniedError),
        "429": ErrorMapping(
            RateLimitError,
            "The budget of an hour is used up, and rejected requests count, too. Pause until fewer lie within the last hour; the server never says how long that is.",
        ),
    },
)
OAUTH_EXCHANGE_CODE = Endpoint(
    name="oauth.exchange_code",
    id="exchangeCode",
    method="POST",
    path="/oauth/access_token",
    bodies=(
        Body(
            "application/x-www-form-urlencoded",
            fields={"grant_type": "grant_type", "redirect_uri": "redirect_uri", "code": "code"},
            is_required=True,
        ),
    ),
    server="https://api.instagram.com",
    form_fields={"client_id": "client_id", "client_secret": "client_secret"},
    success=("200",),
    accept="application/json",
    types={"200": "Token", "400": "FlatError"},
    errors={
        "400": ErrorMapping(
            AuthenticationError,
            "A code works once, and only with the redirect_uri that it was requested with: send the user through authorize_url again. Check client_id and client_secret.",
        )
    },
)
OEMBED_GET = Endpoint(
    name="oembed.get",
    id="getEmbed",
    method="GET",
    path="/oembed",
    parameters=(
        Parameter("url", "url", "query", "form", True),
        Parameter("maxwidth", "maxwidth", "query", "form", True),
        Parameter("hidecaption", "hidecaption", "query", "form", True),
        Parameter("omitscript", "omitscript", "query", "form", True),
    ),
    reads=True,
    server="https://api.instagram.com",
    success=("200",),
    accept="application/json, text/html",
    types={"200": "Embed"},
)
OEMBED_MEDIA_URL = Endpoint(
    name="oembed.media_url",
    id="redirectToMedia",
    method="GET",
    path="/p/{shortcode}/media/",
    parameters=(
        Parameter("shortcode", "shortcode", "path", "simple", False),
        Parameter("size", "size", "query", "form", True),
    ),
    reads=True,
    server="https://api.instagram.com",
    success=("302",),
    kind="location",
)

OPERATIONS: dict[str, Endpoint] = {
    "listComments": COMMENTS_LIST,
    "createComment": COMMENTS_CREATE,
    "deleteComment": COMMENTS_DELETE,
    "listGeographyRecentMedia": GEOGRAPHIES_RECENT_MEDIA,
    "listLikes": LIKES_LIST,
    "likeMedia": LIKES_CREATE,
    "unlikeMedia": LIKES_DELETE,
    "searchLocations": LOCATIONS_SEARCH,
    "getLocation": LOCATIONS_GET,
    "listLocationRecentMedia": LOCATIONS_RECENT_MEDIA,
    "listPopularMedia": MEDIA_POPULAR,
    "searchMedia": MEDIA_SEARCH,
    "getMediaByShortcode": MEDIA_GET_BY_SHORTCODE,
    "getMedia": MEDIA_GET,
    "listRequestedBy": RELATIONSHIPS_REQUESTED_BY,
    "listFollowedBy": RELATIONSHIPS_FOLLOWED_BY,
    "listFollows": RELATIONSHIPS_FOLLOWS,
    "getRelationship": RELATIONSHIPS_GET,
    "updateRelationship": RELATIONSHIPS_UPDATE,
    "searchTags": TAGS_SEARCH,
    "getTag": TAGS_GET,
    "listTagRecentMedia": TAGS_RECENT_MEDIA,
    "searchUsers": USERS_SEARCH,
    "getFeed": USERS_FEED,
    "listLikedMedia": USERS_LIKED_MEDIA,
    "getUser": USERS_GET,
    "listUserRecentMedia": USERS_RECENT_MEDIA,
    "listSubscriptions": SUBSCRIPTIONS_LIST,
    "createSubscription": SUBSCRIPTIONS_CREATE,
    "deleteSubscriptions": SUBSCRIPTIONS_DELETE,
    "exchangeCode": OAUTH_EXCHANGE_CODE,
    "getEmbed": OEMBED_GET,
    "redirectToMedia": OEMBED_MEDIA_URL,
}
"""The operations of the document by their ids."""

"""What the document says about the API, for the runtime."""

from ._runtime.credentials import Scheme, Signature
from ._runtime.endpoints import Endpoint, NextPage, Service
from ._runtime.errors import ErrorMapping, ErrorMappings
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

COMMENTS_CREATE = Endpoint(
    name="comments.create",
    id="createComment",
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
COMMENTS_CREATE_TEXT_RULES = [
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
]
COMMENTS_DELETE = Endpoint(
    name="comments.delete",
    id="deleteComment",
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
COMMENTS_LIST = Endpoint(
    name="comments.list",
    id="listComments",
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(next_url="/pagination/next_url"),
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
LIKES_CREATE = Endpoint(
    name="likes.create",
    id="likeMedia",
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
LIKES_LIST = Endpoint(
    name="likes.list",
    id="listLikes",
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_cursor", parameter="cursor"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_cursor", parameter="cursor"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_tag_id", parameter="max_tag_id"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_like_id", parameter="max_like_id"),
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
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
    reads=True,
    security=(("access_token",),),
    success=(200,),
    accept="application/json",
    payload=("data",),
    next_page=NextPage(cursor="/pagination/next_max_id", parameter="max_id"),
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
    form_fields={"client_id": "client_id", "client_secret": "client_secret"},
    success=(200,),
    accept="application/json",
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
    security=(("client_id", "client_secret"),),
    success=(200,),
    accept="application/json",
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
SUBSCRIPTIONS_LIST = Endpoint(
    name="subscriptions.list",
    id="listSubscriptions",
    reads=True,
    security=(("client_id", "client_secret"),),
    success=(200,),
    accept="application/json",
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
    server="https://api.instagram.com",
    form_fields={"client_id": "client_id", "client_secret": "client_secret"},
    success=(200,),
    accept="application/json",
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
    reads=True,
    server="https://api.instagram.com",
    success=(200,),
    accept="application/json, text/html",
)
OEMBED_MEDIA_URL = Endpoint(
    name="oembed.media_url",
    id="redirectToMedia",
    reads=True,
    server="https://api.instagram.com",
    success=(302,),
    kind="nothing",
    accept="text/html",
)

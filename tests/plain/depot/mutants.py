"""The mutants of the depot."""

from plain import Mutant
from plain.depot.seed import KEY, OTHER_KEY
from plain.probes import Sender

SEND = Sender("/api", {"x-api-key": KEY})
OTHER = Sender("/api", {"x-api-key": OTHER_KEY})
ANONYMOUS = Sender("/api")

ITEM = {"sku": "ABC-0001", "name": "Saw", "price": 9.5, "category": "tool", "supplier": 1}
ORDER = {"reference": "A job"}
LINE = {"item": 1, "quantity": 2}
NEW = 1001
"""The id of the first thing that is created."""

SCHEMAS = "#/components/schemas"

SHAPE = {
    "price-as-text": Mutant(
        "shape",
        "GET of an item has the price as a string",
        f"{SCHEMAS}/Item/properties/price",
        (SEND.get("/items/1/"),),
    ),
    "naive-created-at": Mutant(
        "shape",
        "created_at of items has no zone",
        f"{SCHEMAS}/Item/properties/created_at; RFC 3339, 5.6",
        (SEND.get("/items/1/"),),
    ),
    "listed-without-created": Mutant(
        "shape",
        "items in the list lack created_at",
        f"{SCHEMAS}/Item/required",
        (SEND.get("/items/"),),
    ),
    "null-phone": Mutant(
        "shape",
        "the response to a new supplier without a phone has null",
        f"{SCHEMAS}/Supplier/properties/phone: not nullable",
        (SEND.post("/suppliers/", {"name": "Otto"}),),
    ),
    "submitted": Mutant(
        "shape",
        "placed orders have the undocumented status submitted",
        f"{SCHEMAS}/StatusEnum",
        (SEND.post("/orders/", ORDER), SEND.post(f"/orders/{NEW}/place/")),
    ),
    "created-200": Mutant(
        "shape",
        "creating an item returns 200 for 201",
        "#/paths/~1items~1/post/responses",
        (SEND.post("/items/", ITEM),),
    ),
    "error-texts": Mutant(
        "shape",
        "errors of a 400 are strings, not lists of strings",
        f"{SCHEMAS}/ValidationError",
        (SEND.post("/items/", {}),),
    ),
    "count-as-text": Mutant(
        "shape", "count is a string in every list", f"{SCHEMAS}/Count", (SEND.get("/orders/"),)
    ),
    "html-404": Mutant(
        "shape",
        "a 404 is an HTML page",
        "#/components/responses/NotFound/content",
        (SEND.get("/items/999/"),),
    ),
    "delete-202": Mutant(
        "shape",
        "deleting a line returns 202 for 204",
        "#/paths/~1orders~1{order_id}~1lines~1{id}~1/delete/responses",
        (SEND.delete("/orders/1/lines/1/"),),
    ),
}

VALIDATION = {
    "quantity-zero": Mutant(
        "validation",
        "a quantity of 0 is accepted",
        f"{SCHEMAS}/Line/properties/quantity/minimum",
        (SEND.post("/orders/1/lines/", {"item": 1, "quantity": 0}),),
    ),
    "quantity-over": Mutant(
        "validation",
        "a quantity of 1001 is accepted",
        f"{SCHEMAS}/Line/properties/quantity/maximum",
        (SEND.post("/orders/1/lines/", {"item": 1, "quantity": 1001}),),
    ),
    "quantity-under": Mutant(
        "validation",
        "a quantity of 1000 is rejected",
        f"{SCHEMAS}/Line/properties/quantity/maximum",
        (SEND.post("/orders/1/lines/", {"item": 1, "quantity": 1000}),),
    ),
    "price-zero": Mutant(
        "validation",
        "a price of 0 is accepted",
        f"{SCHEMAS}/Item/properties/price/exclusiveMinimum",
        (SEND.post("/items/", {**ITEM, "price": 0}),),
    ),
    "price-mills": Mutant(
        "validation",
        "prices with three decimals are accepted",
        f"{SCHEMAS}/Item/properties/price/multipleOf",
        (SEND.post("/items/", {**ITEM, "price": 1.005}),),
    ),
    "weight-inclusive": Mutant(
        "validation",
        "a weight of 1000 is accepted",
        f"{SCHEMAS}/Item/properties/weight/exclusiveMaximum",
        (SEND.post("/items/", {**ITEM, "weight": 1000}),),
    ),
    "sku-prefix": Mutant(
        "validation",
        "only the beginning of a sku is checked",
        f"{SCHEMAS}/Item/properties/sku/pattern",
        (SEND.post("/items/", {**ITEM, "sku": "ABC-00012"}),),
    ),
    "category-unchecked": Mutant(
        "validation",
        "any category is stored",
        f"{SCHEMAS}/CategoryEnum",
        (SEND.post("/items/", {**ITEM, "category": "toy"}),),
    ),
    "active-coerced": Mutant(
        "validation",
        "strings and numbers are accepted as active",
        f"{SCHEMAS}/Item/properties/active/type",
        (SEND.post("/items/", {**ITEM, "active": "no"}),),
    ),
    "patch-name-unchecked": Mutant(
        "validation",
        "PATCH of an item accepts names of any length",
        f"{SCHEMAS}/PatchedItem/properties/name",
        (SEND.patch("/items/1/", {"name": "x" * 61}),),
    ),
    "patch-null-name": Mutant(
        "validation",
        "PATCH of an item accepts null as the name",
        f"{SCHEMAS}/PatchedItem/properties/name: not nullable",
        (SEND.patch("/items/1/", {"name": None}),),
    ),
    "reference-optional": Mutant(
        "validation",
        "an order without its reference is accepted",
        f"{SCHEMAS}/Order/required",
        (SEND.post("/orders/", {}),),
    ),
    "due-unchecked": Mutant(
        "validation",
        "any string is accepted as due_at",
        f"{SCHEMAS}/Order/properties/due_at/format",
        (SEND.post("/orders/", {**ORDER, "due_at": "soon"}),),
    ),
    "page-size-over": Mutant(
        "validation",
        "a page_size of 51 is accepted",
        "#/components/parameters/page_size/schema/maximum",
        (SEND.get("/orders/?page_size=51"),),
    ),
    "ordering-unchecked": Mutant(
        "validation",
        "an ordering that is not documented is accepted",
        "#/paths/~1items~1/get/parameters/5/schema/enum",
        (SEND.get("/items/?ordering=weight"),),
    ),
    "supplier-unchecked": Mutant(
        "validation",
        "an item of a supplier that does not exist is accepted",
        f"{SCHEMAS}/Item/properties/supplier: the id of a supplier of this account",
        (SEND.post("/items/", {**ITEM, "supplier": 999}),),
    ),
}

CRASH = {
    "nul-crashes": Mutant(
        "crash",
        "NUL in the name of an item crashes the server",
        f"{SCHEMAS}/Item/properties/name: any string",
        (SEND.post("/items/", {**ITEM, "name": "a\0b"}),),
    ),
    "longest-name-crashes": Mutant(
        "crash",
        "a name of 60 characters crashes the server",
        f"{SCHEMAS}/Item/properties/name/maxLength",
        (SEND.post("/items/", {**ITEM, "name": "x" * 60}),),
    ),
    "highest-price-crashes": Mutant(
        "crash",
        "a price of 100000 crashes the server",
        f"{SCHEMAS}/Item/properties/price/maximum",
        (SEND.post("/items/", {**ITEM, "price": 100000}),),
    ),
    "wide-name-crashes": Mutant(
        "crash",
        "a name beyond Windows-1252 crashes the server",
        f"{SCHEMAS}/Item/properties/name: any string",
        (SEND.post("/items/", {**ITEM, "name": "שלום"}),),
    ),
    "null-due-crashes": Mutant(
        "crash",
        "PATCH of due_at to null crashes the server",
        f"{SCHEMAS}/PatchedOrder/properties/due_at/nullable",
        (SEND.patch("/orders/1/", {"due_at": None}),),
    ),
    "large-id-crashes": Mutant(
        "crash",
        "an id beyond 64 bits crashes the server",
        "#/components/parameters/id: any integer; RFC 9110, 15.6",
        (SEND.get(f"/items/{10**20}/"),),
    ),
    "late-page-crashes": Mutant(
        "crash",
        "a page beyond the last one crashes the server",
        "#/components/parameters/page: 404 if there is no such page",
        (SEND.get("/items/?page=100"),),
    ),
}

STATE = {
    "created-lost": Mutant(
        "state",
        "a new order is not stored",
        "#/paths/~1orders~1/post/responses/201: created",
        (SEND.post("/orders/", ORDER), SEND.get(f"/orders/{NEW}/")),
    ),
    "new-orders-unlisted": Mutant(
        "state",
        "a new order is readable, but in no list",
        "#/paths/~1orders~1/get/responses/200",
        (SEND.post("/orders/", ORDER), SEND.get("/orders/?page_size=50")),
    ),
    "name-trimmed": Mutant(
        "state",
        "spaces around the name of a new item are removed",
        f"{SCHEMAS}/Item/properties/name: any string",
        (SEND.post("/items/", {**ITEM, "name": " Saw "}),),
    ),
    "put-forgets-category": Mutant(
        "state",
        "PUT of an item stores all members but the category",
        "#/paths/~1items~1{id}~1/put: replaces the item",
        (SEND.put("/items/1/", {**ITEM, "category": "consumable"}),),
    ),
    "put-merges": Mutant(
        "state",
        "PUT of an item keeps the members that are not sent",
        "#/paths/~1items~1{id}~1/put: members that are not sent get their defaults",
        (SEND.put("/items/2/", ITEM),),
    ),
    "patch-clears": Mutant(
        "state",
        "PATCH of an item clears description and weight when they are not sent",
        "#/paths/~1items~1{id}~1/patch: changes the members that are sent, and no other",
        (SEND.patch("/items/2/", {"name": "Saw"}),),
    ),
    "patch-changes-all-lines": Mutant(
        "state",
        "PATCH of a line changes all lines of its order",
        "#/paths/~1orders~1{order_id}~1lines~1{id}~1/patch",
        (SEND.patch("/orders/1/lines/1/", {"quantity": 77}), SEND.get("/orders/1/lines/2/")),
    ),
    "rejected-but-stored": Mutant(
        "state",
        "of a rejected PATCH of an item, the valid members are stored",
        "#/components/responses/Invalid; RFC 9110, 15.5",
        (SEND.patch("/items/1/", {"name": "Saw", "price": -1}), SEND.get("/items/1/")),
    ),
    "deleted-stays": Mutant(
        "state",
        "a deleted item is still there",
        "#/paths/~1items~1{id}~1/delete/responses/204: deleted",
        (SEND.post("/items/", ITEM), SEND.delete(f"/items/{NEW}/"), SEND.get(f"/items/{NEW}/")),
    ),
    "deleted-twice": Mutant(
        "state",
        "deleting a supplier again returns 204",
        "#/paths/~1suppliers~1{id}~1/delete/responses/404",
        (SEND.delete("/suppliers/999/"),),
    ),
    "line-of-any-order": Mutant(
        "state",
        "a line is readable below every order of the account",
        "#/paths/~1orders~1{order_id}~1lines~1{id}~1/get/responses/404",
        (SEND.get("/orders/2/lines/1/"),),
    ),
    "line-count-stale": Mutant(
        "state",
        "line_count of a new order stays 0",
        f"{SCHEMAS}/Order/properties/line_count: how many lines the order has",
        (
            SEND.post("/orders/", ORDER),
            SEND.post(f"/orders/{NEW}/lines/", LINE),
            SEND.get(f"/orders/{NEW}/"),
        ),
    ),
    "placed-not-stored": Mutant(
        "state",
        "placing an order responds with placed, but leaves a draft",
        "#/paths/~1orders~1{id}~1place~1/post: its status becomes placed",
        (SEND.post("/orders/3/place/"), SEND.get("/orders/3/")),
    ),
}

PAGING = {
    "border-lost": Mutant(
        "paging",
        "the first result of every page but the first is lost",
        "#/components/parameters/page",
        (SEND.get("/items/?page=2"),),
    ),
    "border-doubled": Mutant(
        "paging",
        "the last result of a page is also the first of the next one, whose last is lost",
        "#/components/parameters/page",
        (SEND.get("/items/?page=2"),),
    ),
    "count-of-page": Mutant(
        "paging",
        "count is that of the page",
        f"{SCHEMAS}/Count: how many there are on all pages",
        (SEND.get("/items/"),),
    ),
    "last-has-next": Mutant(
        "paging",
        "the last page has a next one",
        f"{SCHEMAS}/Link: null where there is none",
        (SEND.get("/items/?page=3"),),
    ),
    "previous-missing": Mutant(
        "paging",
        "previous is null on every page",
        f"{SCHEMAS}/Link: the address of the page beside this one",
        (SEND.get("/items/?page=2"),),
    ),
    "page-size-ignored": Mutant(
        "paging",
        "pages have 10 results whatever page_size says",
        "#/components/parameters/page_size: how many results a page has",
        (SEND.get("/items/?page_size=3"),),
    ),
    "page-size-more": Mutant(
        "paging",
        "pages have one result more than page_size",
        "#/components/parameters/page_size: how many results a page has",
        (SEND.get("/items/?page_size=3"),),
    ),
    "next-drops-filter": Mutant(
        "paging",
        "next forgets filters and ordering",
        f"{SCHEMAS}/Link: the address of the page beside this one",
        (SEND.get("/items/?category=tool&page_size=3"),),
    ),
    "category-ignored": Mutant(
        "paging",
        "the filter category is ignored",
        "#/paths/~1items~1/get/parameters/2: only items of this category",
        (SEND.get("/items/?category=tool"),),
    ),
    "inactive-ignored": Mutant(
        "paging",
        "active=false lists all items",
        "#/paths/~1items~1/get/parameters/4: only those that are not",
        (SEND.get("/items/?active=false"),),
    ),
    "supplier-prefix": Mutant(
        "paging",
        "supplier=1 lists items of the suppliers 10 to 12, too",
        "#/paths/~1items~1/get/parameters/3: only items of the supplier with this id",
        (SEND.get("/items/?supplier=1"),),
    ),
    "descending-ignored": Mutant(
        "paging",
        "orderings with a minus ascend",
        "#/paths/~1items~1/get/parameters/5: descending with a minus",
        (SEND.get("/items/?ordering=-price"),),
    ),
    "price-as-text-order": Mutant(
        "paging",
        "prices are ordered as texts: 100 before 9.5",
        "#/paths/~1items~1/get/parameters/5: the member to order by",
        (SEND.get("/items/?ordering=price"),),
    ),
    "created-order-ignored": Mutant(
        "paging",
        "ordering by created_at is ignored",
        "#/paths/~1items~1/get/parameters/5: the member to order by",
        (SEND.get("/items/?ordering=created_at"),),
    ),
}

ACCESS = {
    "lines-without-key": Mutant(
        "access",
        "lines are listed without a key",
        "#/security",
        (ANONYMOUS.get("/orders/1/lines/"),),
    ),
    "any-key-deletes": Mutant(
        "access",
        "any key deletes items",
        "#/security; #/components/responses/Unauthorized: the key is missing or unknown",
        (ANONYMOUS.delete("/items/999/", x_api_key="wrong"),),
    ),
    "unknown-key-crashes": Mutant(
        "access",
        "an unknown key is a 500",
        "#/components/responses/Unauthorized: the key is missing or unknown",
        (ANONYMOUS.get("/items/", x_api_key="wrong"),),
    ),
    "missing-instead-of-401": Mutant(
        "access",
        "GET of an order without a key is a 404",
        "#/components/responses/Unauthorized: the key is missing or unknown",
        (ANONYMOUS.get("/orders/1/"),),
    ),
    "orders-of-others": Mutant(
        "access",
        "orders of another account are readable by id",
        "#/info/description: those of another account do not exist for it (404)",
        (OTHER.get("/orders/1/"),),
    ),
    "items-of-all": Mutant(
        "access",
        "filtered by category, items of all accounts are listed",
        "#/info/description: an account sees its own items only",
        (OTHER.get("/items/?category=tool"),),
    ),
    "patch-of-others": Mutant(
        "access",
        "items of another account can be patched",
        "#/info/description: those of another account do not exist for it (404)",
        (OTHER.patch("/items/1/", {"name": "Mine"}),),
    ),
    "lines-of-others-deleted": Mutant(
        "access",
        "lines of another account can be deleted",
        "#/info/description: those of another account do not exist for it (404)",
        (OTHER.delete("/orders/1/lines/1/"), SEND.get("/orders/1/lines/1/")),
    ),
}

MUTANTS = SHAPE | VALIDATION | CRASH | STATE | PAGING | ACCESS

LISTS = (
    *(f"/{name}/?page={page}&page_size=5" for name in ("suppliers", "items", "orders") for page in (1, 2)),
    *(f"/items/?ordering={sign}{name}" for name in ("name", "price", "created_at") for sign in ("", "-")),
    *("/items/?category=part", "/items/?supplier=6&active=true", "/items/?active=false&page_size=1"),
    *("/items/?page=0", "/items/?page_size=51", "/items/?category=x", "/items/?ordering=x", "/items/?page=9"),
)

WALK = (
    *(SEND.get(target) for target in LISTS),
    SEND.get("/suppliers/?page=9"),
    SEND.post("/suppliers/", {"name": "\0 שלום e\u0301 \ud800", "phone": ""}),
    SEND.get(f"/suppliers/{NEW}/"),
    SEND.delete(f"/suppliers/{NEW}/"),
    SEND.delete(f"/suppliers/{NEW}/"),
    SEND.delete("/suppliers/1/"),
    SEND.post("/items/", {**ITEM, "price": 100000, "name": "x" * 60, "weight": 999.999}),
    SEND.post("/items/", {**ITEM, "price": 0.01, "name": "\0", "description": None}),
    SEND.put("/items/1002/", {**ITEM, "active": False}),
    SEND.patch("/items/1002/", {"description": "x" * 500, "weight": None}),
    SEND.patch("/items/1002/", {"supplier": 13}),
    SEND.patch("/items/24/", {}),
    SEND.get("/items/1002/"),
    SEND.delete("/items/1002/"),
    SEND.delete("/items/1/"),
    SEND.get("/items/1002/"),
    SEND.post("/items/", b"{", content_type="application/json"),
    SEND.post("/items/", b'{"price": 1e999999999999999999999}', content_type="application/json"),
    SEND.post("/items/", b'"' + b"x" * 100 + b'"', content_type="application/json"),
    SEND.post("/items/", b"{}", content_type="text/plain"),
    SEND.get("/orders/?status=placed"),
    SEND.post("/orders/", {**ORDER, "due_at": "2016-12-31T23:59:60Z"}),
    SEND.patch("/orders/1004/", {"due_at": None, "note": "x" * 300}),
    SEND.get("/orders/1004/"),
    SEND.post("/orders/1004/place/"),
    SEND.post("/orders/1004/place/"),
    SEND.post("/orders/1004/lines/", {**LINE, "quantity": 1000, "discount": 0.5}),
    SEND.post("/orders/1004/lines/", {**LINE, "discount": 1}),
    SEND.get("/orders/1004/lines/"),
    SEND.get("/orders/1004/lines/1005/"),
    SEND.patch("/orders/1004/lines/1005/", {"quantity": 1}),
    SEND.delete("/orders/1004/lines/1005/"),
    SEND.delete("/orders/1004/"),
    SEND.delete("/orders/1004/"),
    ANONYMOUS.get("/items/"),
    OTHER.get("/items/1/"),
    OTHER.get("/orders/1/lines/"),
    SEND.get(f"/items/{10**30}/"),
)
"""Requests through all operations."""

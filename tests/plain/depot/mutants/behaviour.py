"""Mutants of state, of lists, and of access."""

from plain import Mutant
from plain.depot.requests import ANONYMOUS, ITEM, LINE, NEW, ORDER, OTHER, SEND

SCHEMAS = "#/components/schemas"

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
        "every page but the first begins one result too early",
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

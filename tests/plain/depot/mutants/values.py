"""Mutants of responses' shape, of validation, and crashes."""

from plain import Mutant
from plain.depot.requests import ITEM, NEW, ORDER, SEND

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

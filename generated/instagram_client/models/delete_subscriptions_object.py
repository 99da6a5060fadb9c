from typing import Literal

DeleteSubscriptionsObject = Literal["all", "geography", "location", "tag", "user"]

DELETE_SUBSCRIPTIONS_OBJECT_VALUES: set[DeleteSubscriptionsObject] = {
    "all",
    "geography",
    "location",
    "tag",
    "user",
}


def check_delete_subscriptions_object(value: str) -> DeleteSubscriptionsObject:
    if value in DELETE_SUBSCRIPTIONS_OBJECT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DELETE_SUBSCRIPTIONS_OBJECT_VALUES!r}"
    )

from typing import Literal

SubscriptionObject = Literal["geography", "location", "tag", "user"]

SUBSCRIPTION_OBJECT_VALUES: set[SubscriptionObject] = {
    "geography",
    "location",
    "tag",
    "user",
}


def check_subscription_object(value: str) -> SubscriptionObject:
    if value in SUBSCRIPTION_OBJECT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SUBSCRIPTION_OBJECT_VALUES!r}")

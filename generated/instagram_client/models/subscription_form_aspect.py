from typing import Literal, cast

SubscriptionFormAspect = Literal["media"]

SUBSCRIPTION_FORM_ASPECT_VALUES: set[SubscriptionFormAspect] = {
    "media",
}


def check_subscription_form_aspect(value: str) -> SubscriptionFormAspect:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(SUBSCRIPTION_FORM_ASPECT_VALUES)}")
    return cast(SubscriptionFormAspect, value)

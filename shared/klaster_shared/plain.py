"""Truth and numbers of JSON bodies, taken as they are: a text that looks like one is a mistake."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _truth(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    raise PydanticCustomError("bool_type", "true or false is needed, not a text or a number")


def _number(value: object) -> object:
    if isinstance(value, str | bool):
        raise PydanticCustomError("number_type", "a number is needed, not a text, true or false")
    return value


Truth = Annotated[bool, BeforeValidator(_truth)]
Whole = Annotated[int, BeforeValidator(_number)]
Real = Annotated[float, BeforeValidator(_number)]

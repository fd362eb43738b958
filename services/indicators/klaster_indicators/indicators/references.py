"""How an indicator is named in a path: by its id, or by its code (`B.1.1-1`).

A convertor of its own, so that words like `changes` or `refresh` under /v1/indicators are never taken for one.
"""

from starlette.convertors import Convertor, register_url_convertor


class _IndicatorReference(Convertor[str]):
    regex = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Z](?:\.[0-9]+)+-[0-9]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("indicator", _IndicatorReference())

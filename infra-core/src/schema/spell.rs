//! Ids and ARNs that follow from properties.

use super::{Identity, TypeDef};
use crate::value::{Properties, Value};

impl TypeDef {
    /// The id of what is named by the program or the engine, or known by its key; `None` for what
    /// the cloud calls as it likes, and for what has no name yet.
    #[must_use]
    pub fn natural_id(&self, inputs: &Properties) -> Option<String> {
        match self.identity {
            Identity::Named { slot } => inputs.get(slot).as_str().map(str::to_owned),
            Identity::Key { slots } => {
                let parts = slots.iter().map(|slot| part(inputs.get(*slot)));
                Some(parts.collect::<Vec<_>>().join("/"))
            }
            Identity::Generated { .. } | Identity::Arn { .. } => None,
        }
    }

    /// The ARN by its [template](super::ArnDef::template). What stands for words that are no
    /// property (`region`, `id`, `random:6`) is asked for; `None` if somebody does not know.
    pub fn spell_arn(
        &self,
        inputs: &Properties,
        word: impl FnMut(&str) -> Option<String>,
    ) -> Option<String> {
        self.spell(self.arn?.template, inputs, word)
    }

    /// A template like that of an ARN, filled in with properties; what else is in braces is asked
    /// for.
    #[must_use]
    pub fn spell(
        &self,
        template: &str,
        inputs: &Properties,
        mut word: impl FnMut(&str) -> Option<String>,
    ) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (form, behind) = after.split_once('}').unwrap_or((after, ""));
            let name = form.split([':', '>', '/']).next().unwrap_or(form);
            match self.slot(name) {
                Some(_) => text.push_str(&self.spell_property(inputs, form)),
                None => text.push_str(&word(form)?),
            }
            rest = behind;
        }
        text.push_str(rest);
        Some(text)
    }

    /// A property within an ARN: all of it, its first characters (`{name:3}`), what stands behind
    /// a text in it (`{name>text}`), where that text is in it, or it with a slash behind it where it
    /// is given (`{name/}`).
    fn spell_property(&self, inputs: &Properties, form: &str) -> String {
        let value =
            |name: &str| self.slot(name).map(|slot| part(inputs.get(slot))).unwrap_or_default();
        if let Some((name, text)) = form.split_once('>') {
            let whole = value(name);
            return whole.split_once(text).map(|(_, behind)| behind.to_owned()).unwrap_or(whole);
        }
        if let Some(name) = form.strip_suffix('/') {
            let absent = self.slot(name).is_none_or(|slot| inputs.get(slot).is_null());
            return if absent { String::new() } else { format!("{}/", value(name)) };
        }
        match form.split_once(':') {
            Some((name, count)) => value(name).chars().take(count.parse().unwrap_or(0)).collect(),
            None => value(form),
        }
    }
}

/// A part of a key.
fn part(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Str(text) => text.to_string(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aws, aws::ec2, dsl::ResourceType};

    #[test]
    fn arns_are_made_of_what_the_type_has() {
        for ty in aws::types() {
            let forms = ty.arn.map_or("", |arn| arn.template).split('{').skip(1);
            for form in forms.filter_map(|rest| rest.split_once('}')).map(|(form, _)| form) {
                let name = form.split([':', '>', '/']).next().unwrap();
                let known = ["region", "account", "id", "number", "random", "uuid"].contains(&name);
                assert!(known || ty.slot(name).is_some(), "{}: {{{form}}}", ty.name);
            }
        }
    }

    #[test]
    fn parts_of_properties_stand_in_arns() {
        let ty = ec2::Vpc::definition();
        let slot = ty.slot("cidr_block").unwrap();
        let inputs: Properties = [(slot, Value::from("10.0.0.0/16"))].into_iter().collect();
        let part = |form| ty.spell_property(&inputs, form);
        assert_eq!(part("cidr_block"), "10.0.0.0/16");
        assert_eq!(part("cidr_block:2"), "10");
        assert_eq!(part("cidr_block>0/"), "16");
        assert_eq!(part("cidr_block>x"), "10.0.0.0/16");
        assert_eq!(part("cidr_block/"), "10.0.0.0/16/");
        assert_eq!(part("nothing/"), "");
    }
}

//! [`ImplicitEdge`]: an order between two resources that no property of either shows.

use super::Level;

/// An order that no property shows: *this* waits for every *that* with which it has something in
/// common, and is deleted before it.
///
/// A NAT gateway names a subnet and an address, but also needs the internet gateway of the
/// subnet's VPC to be attached, and must be gone before that gateway can be detached:
/// `subnet_id->vpc_id` of the one equals `vpc_id` of the other.
#[derive(Debug)]
pub struct ImplicitEdge {
    /// The type to wait for.
    pub that: &'static str,
    /// Where to look in this one; see [`JoinPath::alternatives`].
    pub this_path: &'static str,
    /// Where to look in that one; the same.
    pub that_path: &'static str,
    /// The level that that one must have reached.
    pub needs: Level,
    /// Why, for people.
    pub why: &'static str,
}

/// A step of a [`JoinPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a field; through lists, every item is looked at.
    Field(String),
    /// To the resource that is referenced here.
    Follow,
}

/// A path through properties and references: `load_balancers.target_group_arn`,
/// `subnet_id->vpc_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinPath(pub Vec<Step>);

impl JoinPath {
    /// Reads paths with bars between them: what is at the end of any of them counts.
    pub fn alternatives(text: &str) -> impl Iterator<Item = Self> {
        text.split('|').map(|path| Self::parse(path.trim()))
    }

    /// Reads a path.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut steps = vec![];
        for (hop, part) in text.split("->").enumerate() {
            if hop > 0 {
                steps.push(Step::Follow);
            }
            steps.extend(part.split('.').map(|field| Step::Field(field.to_owned())));
        }
        Self(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_references_and_fields() {
        let field = |name: &str| Step::Field(name.to_owned());
        assert_eq!(JoinPath::parse("a.b->c").0, [field("a"), field("b"), Step::Follow, field("c")]);
        let paths: Vec<_> = JoinPath::alternatives("a | b.c").map(|path| path.0).collect();
        assert_eq!(paths, [vec![field("a")], vec![field("b"), field("c")]]);
    }
}

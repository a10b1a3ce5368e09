//! [`Path`]: where inside a property something stands.

use std::{borrow::Cow, fmt, sync::Arc};

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A field of a structure.
    Field(Cow<'static, str>),
    /// A key of a map.
    Key(Arc<str>),
    /// A place in a list, from 0.
    Index(usize),
}

/// Where inside a resource's properties something stands: `container_definitions[0].image`.
///
/// Every check of every property carries one along and hardly any needs it: the path of a whole
/// property of the catalogue takes no memory of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    property: Cow<'static, str>,
    inside: Vec<Segment>,
}

impl Path {
    /// The path of a whole property.
    #[must_use]
    pub fn property(name: impl Into<Cow<'static, str>>) -> Self {
        Self { property: name.into(), inside: vec![] }
    }

    /// The whole property that it is in.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.property
    }

    /// The same path, seen from one property further out.
    #[must_use]
    pub fn within(self, name: impl Into<Cow<'static, str>>) -> Self {
        let mut inside = self.inside;
        if !self.property.is_empty() {
            inside.insert(0, Segment::Field(self.property));
        }
        Self { property: name.into(), inside }
    }

    /// Steps into a field.
    pub fn push_field(&mut self, name: impl Into<Cow<'static, str>>) {
        self.inside.push(Segment::Field(name.into()));
    }

    /// Steps into a map.
    pub fn push_key(&mut self, key: &Arc<str>) {
        self.inside.push(Segment::Key(Arc::clone(key)));
    }

    /// Steps into a list.
    pub fn push_index(&mut self, index: usize) {
        self.inside.push(Segment::Index(index));
    }

    /// Steps out again.
    pub fn pop(&mut self) {
        self.inside.pop();
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.property)?;
        for segment in &self.inside {
            let name: &str = match segment {
                Segment::Index(index) => {
                    write!(f, "[{index}]")?;
                    continue;
                }
                Segment::Field(name) => name,
                Segment::Key(name) => name,
            };
            if plain(name) {
                write!(f, ".{name}")?;
            } else {
                write!(f, "[{name:?}]")?;
            }
        }
        Ok(())
    }
}

fn plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_rust() {
        let mut path = Path::property("container_definitions");
        path.push_index(2);
        path.push_field("docker_labels");
        path.push_key(&"com.example/x".into());
        assert_eq!(path.to_string(), "container_definitions[2].docker_labels[\"com.example/x\"]");
        let outer = path.within("task");
        let text = "task.container_definitions[2].docker_labels[\"com.example/x\"]";
        assert_eq!(outer.to_string(), text);
        assert_eq!(Path::default().within("task").to_string(), "task");
    }
}

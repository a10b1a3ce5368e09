//! [`Path`]: where inside a property something stands.

use std::fmt;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A field of a structure or a key of a map.
    Field(String),
    /// A place in a list, from 0.
    Index(usize),
}

/// Where inside a resource's properties something stands: `container_definitions[0].image`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The path of a whole property.
    #[must_use]
    pub fn property(name: &str) -> Self {
        Self(vec![Segment::Field(name.to_owned())])
    }

    /// Steps into a field.
    pub fn push_field(&mut self, name: &str) {
        self.0.push(Segment::Field(name.to_owned()));
    }

    /// Steps into a list.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(Segment::Index(index));
    }

    /// Steps out again.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if place == 0 => f.write_str(name)?,
                Segment::Field(name) if plain(name) => write!(f, ".{name}")?,
                Segment::Field(name) => write!(f, "[{name:?}]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
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
        path.push_field("com.example/x");
        assert_eq!(path.to_string(), "container_definitions[2].docker_labels[\"com.example/x\"]");
    }
}

//! [`Expr`]: a property computed from outputs, and the resolution of programs' values.

use std::{
    fmt,
    panic::{AssertUnwindSafe, Location, catch_unwind},
    sync::Arc,
};

use super::{OutputRef, SecretValue, Value};

type Function = dyn Fn(Value) -> Result<Value, String> + Send + Sync;

/// A value computed from outputs by a function of the program.
pub struct Expr {
    input: Value,
    function: Box<Function>,
    at: &'static Location<'static>,
}

impl Expr {
    /// Applies `function` to `input` once everything in it is known.
    pub fn new(
        input: Value,
        at: &'static Location<'static>,
        function: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        Self { input, function: Box::new(function), at }
    }

    /// What the function is applied to.
    #[must_use]
    pub fn input(&self) -> &Value {
        &self.input
    }

    /// Where in the program the function stands.
    #[must_use]
    pub fn at(&self) -> &'static Location<'static> {
        self.at
    }

    /// Secrets go in opened, and whatever came from one is secret again.
    fn evaluate(&self, from: &(impl Resolve + ?Sized)) -> Result<Value, ExprError> {
        let input = resolve_dyn(&self.input, &|output| from.output(output))?;
        if let Some(cause) = input.first_unknown() {
            return Ok(Value::Unknown(cause));
        }
        let secret = input.has_secret();
        let input = if secret { input.expose() } else { input };
        let result = catch_unwind(AssertUnwindSafe(|| (self.function)(input)));
        match result {
            Ok(Ok(value)) => Ok(if secret { value.into_secret() } else { value }),
            Ok(Err(message)) if secret => Err(self.failed(redacted(&message))),
            Ok(Err(message)) => Err(self.failed(message)),
            Err(_) if secret => Err(self.failed("the function panicked on a secret".to_owned())),
            Err(panic) => Err(self.failed(format!("the function panicked: {}", text(&*panic)))),
        }
    }

    fn failed(&self, message: String) -> ExprError {
        ExprError { message, at: self.at }
    }
}

fn redacted(message: &str) -> String {
    format!(
        "the function failed on a secret ({} characters of explanation withheld)",
        message.len()
    )
}

fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({:?} at {})", self.input, self.at)
    }
}

/// A function given to `map` or `try_map` failed or panicked.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// What the function said.
    pub message: String,
    /// Where the function stands in the program.
    pub at: &'static Location<'static>,
}

/// Tells what an output is: its value, an unknown, or (while nothing is deployed) the reference.
pub trait Resolve {
    /// The value of an output.
    fn output(&self, output: OutputRef) -> Value;
}

impl<F: Fn(OutputRef) -> Value> Resolve for F {
    fn output(&self, output: OutputRef) -> Value {
        self(output)
    }
}

/// Replaces every reference in a value by what `from` says, and evaluates what is computed.
/// Shares what holds no reference.
///
/// # Errors
/// If a function of the program fails.
pub fn resolve(value: &Value, from: &(impl Resolve + ?Sized)) -> Result<Value, ExprError> {
    match value {
        Value::Ref(output) => Ok(from.output(*output)),
        Value::Expr(expr) => expr.evaluate(from),
        Value::List(items) if value.has_refs() => {
            items.iter().map(|item| resolve(item, from)).collect::<Result<_, _>>().map(Value::List)
        }
        Value::Map(entries) if value.has_refs() => entries
            .iter()
            .map(|(key, value)| Ok((key.clone(), resolve(value, from)?)))
            .collect::<Result<_, _>>()
            .map(Value::Map),
        Value::Secret(secret) => match &**secret {
            SecretValue::Plain(inner) if inner.has_refs() => {
                Ok(resolve(inner, from)?.into_secret())
            }
            _ => Ok(Value::Secret(Arc::clone(secret))),
        },
        value => Ok(value.clone()),
    }
}

// Keeps the recursion through expressions from instantiating ever larger types.
fn resolve_dyn(value: &Value, from: &dyn Fn(OutputRef) -> Value) -> Result<Value, ExprError> {
    resolve(value, &from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(node: u32) -> OutputRef {
        OutputRef { node, slot: 0, stack: 0 }
    }

    fn shout(input: Value) -> Value {
        let at = Location::caller();
        Value::Expr(Arc::new(Expr::new(input, at, |value| match value.as_str() {
            Some("bad") => Err("bad input".to_owned()),
            Some("panic") => panic!("boom"),
            Some(text) => Ok(text.to_uppercase().into()),
            None => Err("not text".to_owned()),
        })))
    }

    fn world(output: OutputRef) -> Value {
        match output.node {
            0 => "a".into(),
            1 => Value::from("hush").into_secret(),
            2 => "bad".into(),
            3 => "panic".into(),
            4 => Value::from("bad").into_secret(),
            _ => Value::Unknown(output),
        }
    }

    fn resolved(value: &Value) -> Result<Value, ExprError> {
        resolve(value, &world)
    }

    #[test]
    fn computes_through_nested_functions() {
        let value = Value::list(["x".into(), shout(shout(Value::Ref(output(0))))]);
        assert_eq!(resolved(&value).unwrap().to_string(), r#"["x", "A"]"#);
    }

    #[test]
    fn what_comes_from_a_secret_is_secret() {
        let value = resolved(&shout(Value::Ref(output(1)))).unwrap();
        assert_eq!(value.to_string(), "[secret]");
        assert_eq!(value.expose(), Value::from("HUSH"));
    }

    #[test]
    fn an_unknown_is_not_given_to_functions() {
        let value = resolved(&shout(Value::Ref(output(9)))).unwrap();
        assert_eq!(value.first_unknown(), Some(output(9)));
    }

    #[test]
    fn failures_and_panics_name_the_place_but_no_secret() {
        assert_eq!(resolved(&shout(Value::Ref(output(2)))).unwrap_err().message, "bad input");
        let panic = resolved(&shout(Value::Ref(output(3)))).unwrap_err();
        assert_eq!(panic.message, "the function panicked: boom");
        assert!(panic.at.file().ends_with("expr.rs"));
        let secret = resolved(&shout(Value::Ref(output(4)))).unwrap_err();
        assert!(!secret.message.contains("bad"), "{}", secret.message);
    }
}

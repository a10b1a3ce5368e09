//! A byte form of values in which equal values have equal bytes: what digests are made of.

use super::{SecretValue, Value};

/// Appends the canonical bytes of a value. Every part carries its kind and its length, so that no
/// two different values have the same bytes. Sealed secrets stand for themselves by digest.
pub fn canonical_bytes(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(truth) => out.extend([1, u8::from(*truth)]),
        Value::Int(number) => tagged(2, &number.to_le_bytes(), out),
        Value::Float(number) => tagged(3, &number.to_bits().to_le_bytes(), out),
        Value::Str(text) => tagged(4, text.as_bytes(), out),
        Value::List(items) => {
            tagged(5, &(items.len() as u64).to_le_bytes(), out);
            items.iter().for_each(|item| canonical_bytes(item, out));
        }
        Value::Map(entries) => {
            tagged(6, &(entries.len() as u64).to_le_bytes(), out);
            for (key, value) in entries.iter() {
                tagged(4, key.as_bytes(), out);
                canonical_bytes(value, out);
            }
        }
        Value::Secret(secret) => match &**secret {
            SecretValue::Plain(value) => canonical_bytes(value, out),
            SecretValue::Sealed(sealed) => tagged(7, &sealed.digest, out),
            SecretValue::Digest(digest) => tagged(7, digest, out),
        },
        Value::Unknown(_) => out.push(8),
        Value::Ref(output) => {
            out.push(9);
            out.extend(output.node.to_le_bytes());
            out.extend(output.slot.to_le_bytes());
        }
        Value::Expr(expr) => {
            out.push(10);
            tagged(4, expr.at().to_string().as_bytes(), out);
            canonical_bytes(expr.input(), out);
        }
    }
}

fn tagged(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(value: &Value) -> Vec<u8> {
        let mut out = vec![];
        canonical_bytes(value, &mut out);
        out
    }

    #[test]
    fn different_values_have_different_bytes() {
        let text = |s: &str| Value::from(s);
        let values = [
            Value::Null,
            Value::Int(1),
            Value::Float(1.0),
            text("1"),
            Value::Bool(true),
            Value::list([text("ab"), text("c")]),
            Value::list([text("a"), text("bc")]),
            Value::list([Value::list([text("a")]), text("bc")]),
            Value::map([("a", text("bc"))]),
        ];
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(bytes(a) == bytes(b), i == j, "{a} against {b}");
            }
        }
    }
}

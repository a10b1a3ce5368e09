//! The JSON form of values, as state files, events and plan files hold it.
//!
//! | value | JSON |
//! |---|---|
//! | sealed secret | `{"$secret": "<digest>:<nonce and ciphertext>"}`, both in hexadecimal |
//! | digest of a write-only value | `{"$digest": "<digest>"}` |
//! | unknown | `{"$unknown": true}` |
//! | a map's own key that starts with `$` | the key with one more `$` in front |
//!
//! Plain secrets, references and expressions have no JSON form: writing one is an error, so that
//! a secret that was not sealed can't reach a file by mistake.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
    ser::{Error as _, SerializeMap},
};

use super::{OutputRef, Sealed, SecretValue, Texts, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Str(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter()),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries.iter() {
                    if key.starts_with('$') {
                        map.serialize_entry(&format!("${key}"), value)?;
                    } else {
                        map.serialize_entry(&**key, value)?;
                    }
                }
                map.end()
            }
            Self::Secret(secret) => {
                let mut map = serializer.serialize_map(Some(1))?;
                match &**secret {
                    SecretValue::Plain(_) => {
                        return Err(S::Error::custom("a secret was to be written without sealing"));
                    }
                    SecretValue::Sealed(sealed) => {
                        let text = format!(
                            "{}:{}",
                            hex::encode(sealed.digest),
                            hex::encode(&sealed.ciphertext)
                        );
                        map.serialize_entry("$secret", &text)?;
                    }
                    SecretValue::Digest(digest) => {
                        map.serialize_entry("$digest", &hex::encode(digest))?
                    }
                }
                map.end()
            }
            Self::Unknown(_) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("$unknown", &true)?;
                map.end()
            }
            Self::Ref(_) | Self::Expr(_) => {
                Err(S::Error::custom("a value was to be written before it was resolved"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ValueSeed(&mut Texts::forgotten()).deserialize(deserializer)
    }
}

/// Reads the JSON form of a value; what repeats is shared with what was read before.
#[derive(Debug)]
pub struct ValueSeed<'a>(pub &'a mut Texts);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(E::custom)
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Str(self.0.share(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = vec![];
        while let Some(item) = seq.next_element_seed(ValueSeed(self.0))? {
            items.push(item);
        }
        Ok(Value::List(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(Arc<str>, Value)> = vec![];
        while let Some(key) = map.next_key_seed(&mut *self.0)? {
            match &*key {
                "$secret" => {
                    return secret(&map.next_value::<String>()?).map_err(de::Error::custom);
                }
                "$digest" => {
                    return digest(&map.next_value::<String>()?).map_err(de::Error::custom);
                }
                "$unknown" => {
                    map.next_value::<bool>()?;
                    return Ok(Value::Unknown(OutputRef::INTERRUPTED));
                }
                name => match name.strip_prefix('$') {
                    Some(own) if own.starts_with('$') => {
                        entries.push((own.into(), map.next_value_seed(ValueSeed(self.0))?))
                    }
                    Some(_) => return Err(de::Error::custom(format!("unknown marker `{name}`"))),
                    None => entries.push((key, map.next_value_seed(ValueSeed(self.0))?)),
                },
            }
        }
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            return Ok(Value::map(entries));
        }
        Ok(Value::Map(entries.into()))
    }
}

fn secret(text: &str) -> Result<Value, String> {
    let (digest, ciphertext) = text.split_once(':').ok_or("a sealed secret without a digest")?;
    let sealed = Sealed {
        digest: parse_digest(digest)?,
        ciphertext: hex::decode(ciphertext).map_err(|error| error.to_string())?.into(),
    };
    Ok(Value::Secret(Arc::new(SecretValue::Sealed(sealed))))
}

fn digest(text: &str) -> Result<Value, String> {
    Ok(Value::Secret(Arc::new(SecretValue::Digest(parse_digest(text)?))))
}

fn parse_digest(text: &str) -> Result<[u8; 16], String> {
    let mut digest = [0; 16];
    hex::decode_to_slice(text, &mut digest).map_err(|error| error.to_string())?;
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(value: &Value) -> Value {
        serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
    }

    #[test]
    fn everything_that_state_holds_survives() {
        let sealed = Sealed { digest: [7; 16], ciphertext: Box::new([1, 2, 255]) };
        let value = Value::map([
            ("$odd", Value::from("x")),
            ("$$odder", Value::Float(1.0)),
            ("list", Value::list([Value::Null, Value::Bool(true), Value::Int(i64::MIN)])),
            ("secret", Value::Secret(Arc::new(SecretValue::Sealed(sealed)))),
            ("digest", Value::Secret(Arc::new(SecretValue::Digest([9; 16])))),
        ]);
        assert_eq!(round(&value), value);
        let unknown = round(&Value::Unknown(OutputRef::INTERRUPTED));
        assert!(matches!(unknown, Value::Unknown(_)));
    }

    #[test]
    fn a_plain_secret_cannot_be_written() {
        let error = serde_json::to_string(&Value::from("canary").into_secret()).unwrap_err();
        assert!(!error.to_string().contains("canary"));
    }
}

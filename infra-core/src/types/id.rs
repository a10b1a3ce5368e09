//! `ids!`: a Rust type for every kind of id, name and ARN that resources refer to each other by,
//! so that a subnet's id can't stand where a VPC's is meant.

use super::PropertyType;

/// A type made by `ids!`. An output of it may stand where text is expected, such as the ARN of a
/// bucket in a policy; text may not stand where an id is.
pub trait IdType: PropertyType {}

/// Declares types of ids. Each line: the Rust type, how it looks, the type of resource it names.
///
/// | looks | means |
/// |---|---|
/// | `hex "vpc-"` | the prefix and 8 or 17 hexadecimal digits |
/// | `arn "iam", "role/"` | an ARN of the service whose resource part starts so |
/// | `arn_with "wafv2", "/webacl/"` | an ARN of the service with this in its resource part |
/// | `name 63` | 1 to so many characters |
/// | `uuid` | hexadecimal digits in groups of 8, 4, 4, 4 and 12 |
/// | `digits 32` | so many hexadecimal digits |
///
/// ```
/// infra_core::ids! {
///     /// The id of a widget.
///     WidgetId: hex "w-" => "acme:shop:Widget";
/// }
/// assert_eq!(WidgetId::parse("w-0123abcd").unwrap().as_str(), "w-0123abcd");
/// assert!(WidgetId::parse("v-0123abcd").is_err());
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $form:ident $($arg:literal),* => $target:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::sync::Arc<str>);

        const _: () = {
            use $crate::{
                dsl::{Input, IntoInput},
                schema::{IdDef, Shape, TextFormat},
                types::{DecodeError, IdType, IntoValue, PropertyType},
                value::Value,
            };
            use ::std::{result::Result, string::String};

            static DEF: IdDef = IdDef {
                name: stringify!($name),
                target: $target,
                format: TextFormat {
                    name: stringify!($name),
                    example: $crate::ids!(@example $form $($arg),*),
                    parse: |text| $crate::types::id_check::$form(text, $($arg),*).map(|()| None),
                },
            };

            impl $name {
                /// Reads it from text.
                ///
                /// # Errors
                /// If the text does not look like one.
                pub fn parse(text: &str) -> Result<Self, String> {
                    (DEF.format.parse)(text)?;
                    Ok(Self(text.into()))
                }

                /// It as AWS spells it.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl ::std::fmt::Display for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl ::std::str::FromStr for $name {
                type Err = String;

                fn from_str(text: &str) -> Result<Self, String> {
                    Self::parse(text)
                }
            }

            /// As configuration holds it.
            impl<'de> $crate::types::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::types::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let text: String = $crate::types::serde::Deserialize::deserialize(deserializer)?;
                    Self::parse(&text).map_err($crate::types::serde::de::Error::custom)
                }
            }

            impl PropertyType for $name {
                type Resolved = Self;
                const SHAPE: Shape = Shape::Id(&DEF);

                fn decode(value: &Value) -> Result<Self, DecodeError> {
                    let Value::Str(text) = value else {
                        return Err(DecodeError::new(&Self::SHAPE, value));
                    };
                    Ok(Self(text.clone()))
                }
            }

            impl IdType for $name {}

            impl IntoValue for $name {
                type Property = Self;

                fn into_value(self) -> Value {
                    Value::Str(self.0)
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<$name> for $name {
                fn into_input(self) -> Input<$name> {
                    Input::from_value(Value::Str(self.0))
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<$name> for &$name {
                fn into_input(self) -> Input<$name> {
                    Input::from_value(Value::Str(self.0.clone()))
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<$name> for &str {
                fn into_input(self) -> Input<$name> {
                    Input::from_value(self.into())
                }
            }
        };
    )*};
    (@example hex $prefix:literal) => { concat!($prefix, "0123456789abcdef0") };
    (@example arn $service:literal, $resource:literal) => {
        concat!("arn:aws:", $service, ":eu-central-1:123456789012:", $resource, "example")
    };
    (@example arn_with $service:literal, $part:literal) => {
        concat!("arn:aws:", $service, ":eu-central-1:123456789012:example", $part, "example")
    };
    (@example name $max:literal) => { "example" };
    (@example uuid) => { "01234567-89ab-cdef-0123-456789abcdef" };
    (@example digits $count:literal) => { "0123456789abcdef0123456789abcdef" };
}

/// The checks behind `ids!`, one per way of looking.
#[doc(hidden)]
pub mod id_check {
    pub fn hex(text: &str, prefix: &str) -> Result<(), String> {
        let digits = text.strip_prefix(prefix).unwrap_or_default();
        if matches!(digits.len(), 8 | 17) && are_digits(digits) {
            return Ok(());
        }
        Err(format!("is not an id of this kind (`{prefix}` and 8 or 17 hexadecimal digits)"))
    }

    fn are_digits(text: &str) -> bool {
        text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    pub fn uuid(text: &str) -> Result<(), String> {
        let groups = text.split('-').map(str::len);
        if groups.eq([8, 4, 4, 4, 12]) && text.split('-').all(are_digits) {
            return Ok(());
        }
        Err("is not an id of this kind (hexadecimal digits in groups of 8, 4, 4, 4 and 12)".into())
    }

    pub fn digits(text: &str, count: usize) -> Result<(), String> {
        if text.len() == count && are_digits(text) {
            return Ok(());
        }
        Err(format!("is not an id of this kind ({count} hexadecimal digits in small letters)"))
    }

    pub fn arn(text: &str, service: &str, resource: &str) -> Result<(), String> {
        let mut parts = text.splitn(6, ':');
        let arn = parts.next() == Some("arn");
        let partition = parts.next().is_some_and(|part| part.starts_with("aws"));
        let service_fits = parts.next() == Some(service);
        let rest = parts.nth(2).is_some_and(|rest| rest.starts_with(resource));
        if arn && partition && service_fits && rest {
            return Ok(());
        }
        Err(format!(
            "is not an ARN of this kind (arn:aws:{service}:<region>:<account>:{resource}...)"
        ))
    }

    pub fn arn_with(text: &str, service: &str, part: &str) -> Result<(), String> {
        let resource = text.splitn(6, ':').nth(5);
        if arn(text, service, "").is_ok() && resource.is_some_and(|rest| rest.contains(part)) {
            return Ok(());
        }
        Err(format!(
            "is not an ARN of this kind (arn:aws:{service}:<region>:<account>:...{part}...)"
        ))
    }

    pub fn name(text: &str, max: usize) -> Result<(), String> {
        match text.chars().count() {
            length if length == 0 || length > max => {
                Err(format!("has {length} characters; 1 to {max} are allowed"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::id_check::*;

    #[test]
    fn ids_are_checked() {
        assert!(hex("vpc-0123456789abcdef0", "vpc-").is_ok());
        assert!(hex("vpc-012345678", "vpc-").is_err());
        assert!(hex("subnet-01234567", "vpc-").is_err());
        assert!(hex("vpc-0123456g", "vpc-").is_err());
        assert!(uuid("01234567-89ab-cdef-0123-456789abcdef").is_ok());
        assert!(uuid("0123456789ab-cdef-0123-456789abcdef").is_err());
        assert!(uuid("01234567-89ab-cdef-0123-456789abcdeg").is_err());
        assert!(digits("0123456789abcdef0123456789abcdef", 32).is_ok());
        assert!(digits("0123456789abcdef", 32).is_err());
    }

    #[test]
    fn arns_are_checked() {
        assert!(arn("arn:aws:iam::123456789012:role/x", "iam", "role/").is_ok());
        assert!(arn("arn:aws-cn:iam::123456789012:role/x", "iam", "role/").is_ok());
        assert!(arn("arn:aws:iam::123456789012:user/x", "iam", "role/").is_err());
        assert!(arn("role/x", "iam", "role/").is_err());
        let acl = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/x/y";
        assert!(arn_with(acl, "wafv2", "/webacl/").is_ok());
        assert!(arn_with(acl, "wafv2", "/ipset/").is_err());
        assert!(arn_with("regional/webacl/x", "wafv2", "/webacl/").is_err());
    }
}

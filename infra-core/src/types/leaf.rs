//! Text, numbers, truth values and addresses.

use std::sync::Arc;

pub use ipnet::{IpNet, Ipv4Net, Ipv6Net};
pub use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    dsl::{Input, IntoInput},
    schema::{Shape, TextFormat},
    value::Value,
};

/// Implements what a leaf type needs: its own resolved form, and an input as it is.
macro_rules! leaf {
    ($ty:ty, $shape:expr, |$value:ident| $decode:expr, |$plain:ident| $encode:expr) => {
        impl $crate::types::PropertyType for $ty {
            type Resolved = Self;
            const SHAPE: $crate::schema::Shape = $shape;

            fn decode(value: &$crate::value::Value) -> Result<Self, $crate::types::DecodeError> {
                let $value = &*$crate::types::opened(value);
                let decoded: Option<Self> = $decode;
                decoded.ok_or_else(|| $crate::types::DecodeError::new(&Self::SHAPE, value))
            }
        }

        impl $crate::types::IntoValue for $ty {
            type Property = Self;

            fn into_value(self) -> $crate::value::Value {
                let $plain = self;
                $encode
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::dsl::IntoInput<$ty> for $ty {
            fn into_input(self) -> $crate::dsl::Input<$ty> {
                $crate::dsl::Input::from_value($crate::types::IntoValue::into_value(self))
            }
        }
    };
}
pub(crate) use leaf;

/// Implements types that have a spelling as properties: text that is read by `FromStr`, whose error
/// is what follows the value in a message, and spelled as `Display` has it.
macro_rules! spelled {
    ($($ty:ident, $format:ident, $name:literal, $example:literal;)*) => {$(
        static $format: $crate::schema::TextFormat = $crate::schema::TextFormat {
            name: $name,
            example: $example,
            parse: |text| {
                let canonical = text.parse::<$ty>()?.to_string();
                Ok(Some(canonical).filter(|canonical| canonical != text))
            },
        };

        $crate::types::leaf!(
            $ty,
            $crate::schema::Shape::Text(&$format),
            |v| v.as_str().and_then(|text| text.parse().ok()),
            |p| p.to_string().into()
        );

        #[diagnostic::do_not_recommend]
        impl $crate::dsl::IntoInput<$ty> for &str {
            fn into_input(self) -> $crate::dsl::Input<$ty> {
                $crate::dsl::Input::from_value(self.into())
            }
        }
    )*};
}
pub(crate) use spelled;

/// Lets text stand for a leaf type; the engine checks it and says where it stands.
macro_rules! from_text {
    ($($ty:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoInput<$ty> for &str {
            fn into_input(self) -> Input<$ty> {
                Input::from_value(self.into())
            }
        }
    )*};
}

static ANY: TextFormat = TextFormat::ANY;

leaf!(String, Shape::Text(&ANY), |v| v.as_str().map(str::to_owned), |p| p.into());
leaf!(bool, Shape::Bool, |v| v.as_bool(), |p| Value::Bool(p));
leaf!(
    f64,
    Shape::Float,
    |v| match v {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as Self),
        _ => None,
    },
    |p| Value::Float(p)
);
from_text!(String);

#[diagnostic::do_not_recommend]
impl IntoInput<String> for &String {
    fn into_input(self) -> Input<String> {
        Input::from_value(self.as_str().into())
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<String> for Arc<str> {
    fn into_input(self) -> Input<String> {
        Input::from_value(self.into())
    }
}

macro_rules! integer {
    ($($ty:ty),*) => {$(
        leaf!(
            $ty,
            Shape::Int { min: <$ty>::MIN as i64, max: <$ty>::MAX as i64 },
            |v| v.as_int().and_then(|number| number.try_into().ok()),
            |p| Value::Int(p.into())
        );
    )*};
}
integer!(u16, u32, i32, i64);

static IPV4_NET: TextFormat = TextFormat {
    name: "an IPv4 range",
    example: "10.0.0.0/16",
    parse: |text| {
        let net: Ipv4Net = text.parse().map_err(|_| {
            "is not an IPv4 range (an address, a slash, 0 to 32: 10.0.0.0/16)".to_owned()
        })?;
        if net.addr() != net.network() {
            return Err(format!("has bits set behind its prefix; write {}", net.trunc()));
        }
        Ok(None)
    },
};
leaf!(Ipv4Net, Shape::Text(&IPV4_NET), |v| v.as_str().and_then(|text| text.parse().ok()), |p| p
    .to_string()
    .into());

static IPV4_ADDR: TextFormat = TextFormat {
    name: "an IPv4 address",
    example: "10.0.0.4",
    parse: |text| match text.parse::<Ipv4Addr>() {
        Ok(_) => Ok(None),
        Err(_) => Err("is not an IPv4 address (four numbers from 0 to 255)".to_owned()),
    },
};
leaf!(Ipv4Addr, Shape::Text(&IPV4_ADDR), |v| v.as_str().and_then(|text| text.parse().ok()), |p| p
    .to_string()
    .into());

static IP_NET: TextFormat = TextFormat {
    name: "a range of addresses",
    example: "10.0.0.0/16",
    parse: |text| {
        let net: IpNet = text.parse().map_err(|_| {
            "is not a range of addresses (an address, a slash, the length of its prefix: \
             10.0.0.0/16 or 2001:db8::/32)"
                .to_owned()
        })?;
        if net.addr() != net.network() {
            return Err(format!("has bits set behind its prefix; write {}", net.trunc()));
        }
        let canonical = net.to_string();
        Ok((canonical != text).then_some(canonical))
    },
};
leaf!(IpNet, Shape::Text(&IP_NET), |v| v.as_str().and_then(|text| text.parse().ok()), |p| p
    .to_string()
    .into());
from_text!(Ipv4Net, Ipv4Addr, IpNet);

static IPV6_NET: TextFormat = TextFormat {
    name: "an IPv6 range",
    example: "2001:db8::/32",
    parse: |text| {
        let net: Ipv6Net = text.parse().map_err(|_| {
            "is not an IPv6 range (an address, a slash, 0 to 128: 2001:db8::/32)".to_owned()
        })?;
        if net.addr() != net.network() {
            return Err(format!("has bits set behind its prefix; write {}", net.trunc()));
        }
        Ok(Some(net.to_string()).filter(|canonical| canonical != text))
    },
};
leaf!(Ipv6Net, Shape::Text(&IPV6_NET), |v| v.as_str().and_then(|text| text.parse().ok()), |p| p
    .to_string()
    .into());

static IPV6_ADDR: TextFormat = TextFormat {
    name: "an IPv6 address",
    example: "2001:db8::4",
    parse: |text| match text.parse::<Ipv6Addr>() {
        Ok(address) => Ok(Some(address.to_string()).filter(|canonical| canonical != text)),
        Err(_) => Err("is not an IPv6 address (up to eight groups of digits: 2001:db8::4)".into()),
    },
};
leaf!(Ipv6Addr, Shape::Text(&IPV6_ADDR), |v| v.as_str().and_then(|text| text.parse().ok()), |p| p
    .to_string()
    .into());
from_text!(Ipv6Net, Ipv6Addr);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{IntoValue, PropertyType};

    #[test]
    fn leaves_decode_what_they_encode_and_refuse_the_rest() {
        assert_eq!(u16::decode(&443_u16.into_value()), Ok(443));
        assert!(u16::decode(&Value::Int(65_536)).is_err());
        assert_eq!(String::decode(&Value::from("x").into_secret()), Ok("x".to_owned()));
        let error = Ipv4Net::decode(&Value::from("10.0.0.0")).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"`` is "10.0.0.0", expected an IPv4 range (such as 10.0.0.0/16)"#
        );
    }

    #[test]
    fn ranges_of_either_kind_are_spelled_in_one_way() {
        assert_eq!((IP_NET.parse)("10.0.0.0/16"), Ok(None));
        assert_eq!((IP_NET.parse)("2001:DB8:0::/32"), Ok(Some("2001:db8::/32".to_owned())));
        let error = (IP_NET.parse)("2001:db8::1/32").unwrap_err();
        assert_eq!(error, "has bits set behind its prefix; write 2001:db8::/32");
        assert!((IP_NET.parse)("10.0.0.0").unwrap_err().contains("is not a range"));
    }

    #[test]
    fn addresses_of_version_6_are_spelled_in_one_way() {
        assert_eq!((IPV6_ADDR.parse)("2001:DB8:0::4"), Ok(Some("2001:db8::4".to_owned())));
        assert_eq!((IPV6_NET.parse)("2400:cb00::/32"), Ok(None));
        assert!((IPV6_ADDR.parse)("10.0.0.4").unwrap_err().contains("is not an IPv6 address"));
        let error = (IPV6_NET.parse)("2001:db8::1/32").unwrap_err();
        assert_eq!(error, "has bits set behind its prefix; write 2001:db8::/32");
    }

    #[test]
    fn ranges_with_host_bits_are_told_the_network() {
        let error = (IPV4_NET.parse)("10.0.5.1/16").unwrap_err();
        assert_eq!(error, "has bits set behind its prefix; write 10.0.0.0/16");
        let error = (IP_NET.parse)("2001:db8::1/32").unwrap_err();
        assert_eq!(error, "has bits set behind its prefix; write 2001:db8::/32");
    }

    #[test]
    fn ranges_of_both_families_have_one_spelling() {
        assert_eq!((IP_NET.parse)("10.0.0.0/16"), Ok(None));
        assert_eq!((IP_NET.parse)("2001:DB8:0::/32"), Ok(Some("2001:db8::/32".to_owned())));
        assert!((IP_NET.parse)("2001:db8::").unwrap_err().contains("the length of its prefix"));
    }
}

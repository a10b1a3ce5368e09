//! Tuples: what [`Output::zip`](crate::Output::zip) and [`Output::all`](crate::Output::all) make.

use super::{DecodeError, IntoValue, PropertyType};
use crate::{schema::Shape, value::Value};

macro_rules! tuple {
    ($count:literal: $($name:ident $place:tt),*) => {
        impl<$($name: PropertyType),*> PropertyType for ($($name,)*) {
            type Resolved = ($($name::Resolved,)*);
            // Never the shape of a property: it only passes through `map`.
            const SHAPE: Shape = Shape::Json;

            fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
                let items = value.items();
                if items.len() != $count {
                    return Err(DecodeError::new(&Self::SHAPE, value));
                }
                Ok(($(super::decode_or_absent::<$name>(&items[$place])?,)*))
            }
        }

        impl<$($name: IntoValue),*> IntoValue for ($($name,)*) {
            type Property = ($($name::Property,)*);

            fn into_value(self) -> Value {
                Value::list([$(self.$place.into_value()),*])
            }
        }
    };
}
tuple!(2: A 0, B 1);
tuple!(3: A 0, B 1, C 2);
tuple!(4: A 0, B 1, C 2, D 3);
tuple!(5: A 0, B 1, C 2, D 3, E 4);
tuple!(6: A 0, B 1, C 2, D 3, E 4, F 5);

//! `secret_texts!`: secrets that a service has rules for, such as how long a password is.
//!
//! What is wrong with one is told without showing it: when the program is built where it stands
//! there, before it is sent where it comes from an output.

/// Declares types of secret text. Each line: the Rust type, what it is in messages, and which
/// lengths and characters are allowed. A property of such a type takes text, and outputs that are
/// secret text.
macro_rules! secret_texts {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $length:expr, $allowed:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        const _: () = {
            use std::fmt;

            use $crate::{
                dsl::{Input, IntoInput, Output},
                schema::{Shape, TextFormat},
                types::{DecodeError, IntoValue, PropertyType, Secret},
                value::Value,
            };

            static FORMAT: TextFormat = TextFormat {
                name: $what,
                example: "correct-horse-battery",
                parse: |text| {
                    let allowed: fn(char) -> bool = $allowed;
                    let fits = $length.contains(&text.chars().count());
                    if fits && text.chars().all(allowed) { Ok(None) } else { Err($what.to_owned()) }
                },
            };

            impl $name {
                /// The text itself. As with [`Secret::expose`], searching for calls of this finds
                /// every place that handles it in clear.
                #[must_use]
                pub fn expose(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("[secret]")
                }
            }

            impl PropertyType for $name {
                type Resolved = Self;
                const SHAPE: Shape = Shape::Text(&FORMAT);

                fn decode(value: &Value) -> Result<Self, DecodeError> {
                    String::decode(value).map(Self)
                }
            }

            impl IntoValue for $name {
                type Property = Self;

                fn into_value(self) -> Value {
                    self.0.into()
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<Secret<$name>> for &str {
                fn into_input(self) -> Input<Secret<$name>> {
                    Input::from_value(Value::from(self).into_secret())
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<Secret<$name>> for String {
                fn into_input(self) -> Input<Secret<$name>> {
                    Input::from_value(Value::from(self).into_secret())
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<Secret<$name>> for Secret<String> {
                fn into_input(self) -> Input<Secret<$name>> {
                    self.expose().as_str().into_input()
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<Secret<$name>> for Output<Secret<String>> {
                fn into_input(self) -> Input<Secret<$name>> {
                    Input::from_value(self.into_value())
                }
            }

            #[diagnostic::do_not_recommend]
            impl IntoInput<Secret<$name>> for &Output<Secret<String>> {
                fn into_input(self) -> Input<Secret<$name>> {
                    self.clone().into_input()
                }
            }
        };
    )*};
}
pub(crate) use secret_texts;

#[cfg(test)]
mod tests {
    use crate::{
        dsl::IntoInput,
        schema::validate,
        types::{PropertyType, Secret},
        value::{Path, Value},
    };

    secret_texts! {
        /// What opens a gate.
        Word: "a word of 3 to 5 small letters", 3..=5, |letter| letter.is_ascii_lowercase();
    }

    fn problems(value: &Value) -> Vec<String> {
        let mut problems = vec![];
        let shape = <Secret<Word> as PropertyType>::SHAPE;
        validate(&shape, value, &mut Path::property("word"), &mut problems);
        problems.iter().map(|p| format!("{} {} {}", p.path, p.value, p.message)).collect()
    }

    #[test]
    fn rules_are_told_and_the_secret_is_not() {
        let word = |text: &str| IntoInput::<Secret<Word>>::into_input(text).into_value();
        assert_eq!(problems(&word("gate")), [""; 0]);
        for bad in ["ga", "gateway", "Gate"] {
            let said = problems(&word(bad));
            let rule = "word [secret] is not a word of 3 to 5 small letters";
            assert!(said[0].starts_with(rule), "{said:?}");
            assert!(!said[0].contains(bad), "{said:?}");
        }
        let word = <Secret<Word> as PropertyType>::decode(&word("gate")).unwrap();
        assert_eq!((word.expose().expose(), format!("{word:?}").as_str()), ("gate", "[secret]"));
    }
}

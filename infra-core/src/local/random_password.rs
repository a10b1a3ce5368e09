//! [`RandomPassword`]: a password that nobody has seen.

use std::collections::BTreeMap;

use super::kept::{Make, Refused};
use crate::{prelude::*, resource, state::seal::fill};

/// A password from the operating system's randomness, with one character of each kind at least.
///
/// It is made once and stays; any other property makes a new one, and so does another value in
/// `keepers`.
///
/// ```
/// use infra_core::{aws::secretsmanager, local::RandomPassword, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let password = RandomPassword::named("database").length(40_u32).create(&stack);
/// secretsmanager::Secret::named("database").secret_string(password.password()).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("local:crypto:RandomPassword")]
pub struct RandomPassword {
    /// The length, 8 to 4096 characters. Default: 32. Changing it makes a new password.
    #[prop(default = 32_u32, replace)]
    pub length: u32,
    /// Whether it has small letters. Default: true. Changing it makes a new password.
    #[prop(default = true, replace)]
    pub lowercase: bool,
    /// Whether it has capitals. Default: true. Changing it makes a new password.
    #[prop(default = true, replace)]
    pub uppercase: bool,
    /// Whether it has digits. Default: true. Changing it makes a new password.
    #[prop(default = true, replace)]
    pub digits: bool,
    /// Whether it has some of `!#%*+,-.:=?^_~`, which mean nothing in quoted strings, in URLs of
    /// databases, and to RDS. Default: true. Changing it makes a new password.
    #[prop(default = true, replace)]
    pub symbols: bool,
    /// Characters that it must not have. Default: none. Changing them makes a new password.
    #[prop(replace)]
    pub exclude_characters: Option<String>,
    /// Whatever shall make a new password when it changes: a date, a version. Default: nothing.
    #[prop(default, replace)]
    pub keepers: BTreeMap<String, String>,
    /// What tells it from others.
    #[output(id = "password-", at = exists)]
    pub password_id: String,
    /// The password.
    #[output(at = exists)]
    pub password: Secret<String>,
}

const LOWERCASE: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPERCASE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const SYMBOLS: &str = "!#%*+,-.:=?^_~";

/// Makes passwords.
#[derive(Debug)]
pub(super) struct MakePassword;

impl Make for MakePassword {
    type Resource = RandomPassword;

    fn make(
        &self,
        args: &RandomPasswordArgs,
        id: &str,
        _: u64,
    ) -> Result<RandomPasswordOutputs, Refused> {
        let password = password(args.length as usize, &kinds(args)?)?;
        Ok(RandomPasswordOutputs {
            password_id: Some(id.to_owned()),
            password: Some(Secret::new(password)),
        })
    }
}

/// The characters of each kind that was asked for.
fn kinds(args: &RandomPasswordArgs) -> Result<Vec<Vec<char>>, Refused> {
    let excluded = args.exclude_characters.as_deref().unwrap_or_default();
    let all = [
        (args.lowercase, LOWERCASE),
        (args.uppercase, UPPERCASE),
        (args.digits, DIGITS),
        (args.symbols, SYMBOLS),
    ];
    let mut kinds = vec![];
    for (_, kind) in all.into_iter().filter(|(wanted, _)| *wanted) {
        let left: Vec<char> =
            kind.chars().filter(|character| !excluded.contains(*character)).collect();
        if left.is_empty() {
            let message = format!("leaves nothing of {kind}; leave the whole kind out");
            return Err(Refused("exclude_characters", message));
        }
        kinds.push(left);
    }
    if kinds.is_empty() {
        let message = "is false, and so are `uppercase`, `digits` and `symbols`; one is needed";
        return Err(Refused("lowercase", message.to_owned()));
    }
    Ok(kinds)
}

fn password(length: usize, kinds: &[Vec<char>]) -> Result<String, Refused> {
    if !(8..=4096).contains(&length) {
        return Err(Refused("length", format!("{length} must be between 8 and 4096")));
    }
    let all: Vec<char> = kinds.concat();
    let mut characters: Vec<char> = kinds.iter().map(|kind| kind[below(kind.len())]).collect();
    characters.extend((characters.len()..length).map(|_| all[below(all.len())]));
    // Those of each kind must not stand in front.
    for last in (1..characters.len()).rev() {
        characters.swap(last, below(last + 1));
    }
    Ok(characters.into_iter().collect())
}

/// A random number below a limit, each with the same chance: what lies above the last whole
/// multiple of the limit is drawn again.
fn below(limit: usize) -> usize {
    let limit = u32::try_from(limit).expect("a password is shorter than 4 GiB");
    let whole = u32::MAX - u32::MAX % limit;
    loop {
        let mut bytes = [0; 4];
        fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < whole {
            return (number % limit) as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> RandomPasswordArgs {
        RandomPasswordArgs {
            length: 12,
            lowercase: true,
            uppercase: true,
            digits: true,
            symbols: true,
            exclude_characters: None,
            keepers: BTreeMap::new(),
        }
    }

    fn made(args: &RandomPasswordArgs) -> Result<String, String> {
        let made = MakePassword.make(args, "password-1", 0);
        let made = made.map_err(|Refused(property, message)| format!("`{property}` {message}"))?;
        Ok(made.password.unwrap().expose().clone())
    }

    #[test]
    fn it_has_its_length_and_one_of_each_kind() {
        for _ in 0..200 {
            let password = made(&args()).unwrap();
            assert_eq!(password.chars().count(), 12);
            for kind in [LOWERCASE, UPPERCASE, DIGITS, SYMBOLS] {
                assert!(password.contains(|character| kind.contains(character)), "{password}");
            }
        }
    }

    #[test]
    fn no_two_are_the_same() {
        assert_ne!(made(&args()).unwrap(), made(&args()).unwrap());
    }

    #[test]
    fn every_character_comes_up_and_stands_anywhere() {
        let args = RandomPasswordArgs {
            length: 4096,
            lowercase: false,
            uppercase: false,
            symbols: false,
            exclude_characters: Some("01".to_owned()),
            ..args()
        };
        let password = made(&args).unwrap();
        for digit in "23456789".chars() {
            // 512 are expected of each; the chance of so few is below one in 10^30.
            assert!(password.matches(digit).count() > 250, "{digit}");
        }
        assert!(!password.contains(['0', '1']));
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let refused = |args: RandomPasswordArgs| made(&args).unwrap_err();
        assert!(refused(RandomPasswordArgs { length: 7, ..args() }).contains("between 8 and 4096"));
        let none = RandomPasswordArgs {
            lowercase: false,
            uppercase: false,
            digits: false,
            symbols: false,
            ..args()
        };
        assert!(refused(none).starts_with("`lowercase` is false"));
        let excluded = RandomPasswordArgs { exclude_characters: Some(DIGITS.to_owned()), ..args() };
        assert!(refused(excluded).starts_with("`exclude_characters` leaves nothing of 0123456789"));
    }
}

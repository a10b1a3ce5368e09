//! Comparing what a program says with what was recorded, without building what it resolves to.

use super::{Action, Decision, PlannedWorld};
use crate::{
    schema::{Identity, Level},
    state::seal::Sealer,
    value::{ExprError, OutputRef, Resolve, SecretValue, Value, canonical_bytes, resolve},
};

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Certainly the same.
    Same,
    /// Certainly different, even if the new value is not known (the id of a thing that is yet to
    /// be made is none that was recorded).
    Differs,
    /// Only known once something was deployed.
    Unknown,
}

impl Comparison {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Differs, _) | (_, Self::Differs) => Self::Differs,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Same, Self::Same) => Self::Same,
        }
    }

    fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Differs }
    }
}

/// Compares secrets in clear with sealed ones.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'a>(pub Option<&'a Sealer>);

impl Secrets<'_> {
    /// Whether a plain value is the one that was sealed. Without a key nothing is known to be the
    /// same.
    fn same(self, plain: &Value, sealed: &SecretValue) -> bool {
        match (sealed, sealed.digest(), self.0) {
            (SecretValue::Plain(other), ..) => plain == other,
            (_, Some(digest), Some(sealer)) => sealer.is(plain, digest).unwrap_or(false),
            _ => false,
        }
    }

    /// Compares a resolved value with a recorded one.
    pub fn compare(self, value: &Value, recorded: &Value) -> Comparison {
        match (value, recorded) {
            (Value::Unknown(_), _) => Comparison::Unknown,
            (_, Value::Unknown(_)) => Comparison::Differs,
            (Value::Secret(a), Value::Secret(b)) => match &**a {
                SecretValue::Plain(plain) => Comparison::of(self.same(plain, b)),
                _ => Comparison::of(a == b),
            },
            // A value that became secret, or ceased to be, is the same value.
            (Value::Secret(a), plain) => match &**a {
                SecretValue::Plain(inner) => self.compare(inner, plain),
                _ => Comparison::Differs,
            },
            (plain, Value::Secret(b)) => Comparison::of(self.same(plain, b)),
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Comparison::Differs;
                }
                let pairs = a.iter().zip(b.iter());
                pairs.fold(Comparison::Same, |all, (a, b)| all.and(self.compare(a, b)))
            }
            (Value::Map(a), Value::Map(b)) => {
                let same_keys =
                    a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0);
                if !same_keys {
                    return Comparison::Differs;
                }
                let pairs = a.iter().zip(b.iter());
                pairs.fold(Comparison::Same, |all, (a, b)| all.and(self.compare(&a.1, &b.1)))
            }
            (a, b) => Comparison::of(a == b),
        }
    }

    /// Compares lists whose order means nothing.
    pub(super) fn compare_sets(self, value: &Value, recorded: &Value) -> Comparison {
        let (Value::List(a), Value::List(b)) = (value, recorded) else {
            return self.compare(value, recorded);
        };
        if value.first_unknown().is_some() {
            return Comparison::Unknown;
        }
        Comparison::of(sorted(a) == sorted(b))
    }
}

fn sorted(items: &[Value]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = items
        .iter()
        .map(|item| {
            let mut bytes = vec![];
            canonical_bytes(item, &mut bytes);
            bytes
        })
        .collect();
    all.sort_unstable();
    all
}

impl PlannedWorld<'_> {
    /// Compares what the program says with what was recorded.
    pub(super) fn compare(
        &self,
        value: &Value,
        recorded: &Value,
        set: bool,
    ) -> Result<Comparison, ExprError> {
        if set && !matches!(value, Value::Ref(_) | Value::Expr(_)) {
            if self.holds_new_id(value) {
                return Ok(Comparison::Differs);
            }
            let resolved = resolve(value, self)?;
            return Ok(self.secrets.compare_sets(&resolved, recorded));
        }
        match value {
            Value::Ref(output) => {
                if self.is_new_id(*output) {
                    return Ok(Comparison::Differs);
                }
                let value = self.output(*output);
                Ok(if set {
                    self.secrets.compare_sets(&value, recorded)
                } else {
                    self.secrets.compare(&value, recorded)
                })
            }
            Value::Expr(_) => {
                let resolved = resolve(value, self)?;
                Ok(if set {
                    self.secrets.compare_sets(&resolved, recorded)
                } else {
                    self.secrets.compare(&resolved, recorded)
                })
            }
            Value::List(items) => match recorded {
                Value::List(others) if items.len() == others.len() => {
                    let mut all = Comparison::Same;
                    for (item, other) in items.iter().zip(others.iter()) {
                        all = all.and(self.compare(item, other, false)?);
                    }
                    Ok(all)
                }
                _ => Ok(Comparison::Differs),
            },
            Value::Map(entries) if value.has_refs() => match recorded {
                Value::Map(others) if entries.len() == others.len() => {
                    let mut all = Comparison::Same;
                    for ((key, item), (other_key, other)) in entries.iter().zip(others.iter()) {
                        let keys = Comparison::of(key == other_key);
                        all = all.and(keys).and(self.compare(item, other, false)?);
                    }
                    Ok(all)
                }
                _ => Ok(Comparison::Differs),
            },
            value if value.has_refs() => Ok(self.secrets.compare(&resolve(value, self)?, recorded)),
            value => Ok(self.secrets.compare(value, recorded)),
        }
    }

    /// Whether an output is the id or the ARN of a thing that is yet to be made, and that the cloud
    /// invents: it differs from everything that was recorded.
    pub(super) fn is_new_id(&self, output: OutputRef) -> bool {
        let decision = self.decisions[output.node as usize];
        let new =
            decision.action == Action::Create || decision.action.replaces() && decision.certain;
        let ty = self.program.nodes[output.node as usize].ty;
        let invented = match ty.identity {
            Identity::Generated { slot, .. } => slot == output.slot,
            Identity::Named { slot } => {
                // A made-up name differs from generation to generation.
                slot == output.slot
                    && self.program.nodes[output.node as usize].inputs.get(slot).is_null()
            }
            Identity::Arn { .. } | Identity::Key { .. } => false,
        };
        let invented = invented
            || ty.arn.is_some_and(|arn| arn.slot == output.slot && arn.is_invented(ty.identity));
        new && invented && ty.prop(output.slot).level == Level::Exists
    }

    fn holds_new_id(&self, value: &Value) -> bool {
        let mut found = false;
        value.leaves(&mut |leaf| {
            if let Value::Ref(output) = leaf {
                found |= self.is_new_id(*output);
            }
        });
        found
    }
}

impl Decision {
    /// A place holder for nodes that were not looked at yet.
    pub(super) const UNDECIDED: Self = Self::about(Action::Same, Self::NONE);
}

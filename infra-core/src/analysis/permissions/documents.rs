//! Policies that are short enough for AWS.

use crate::aws::iam::{PolicyDocumentArgs, PolicyVersion, StatementArgs};

/// How many characters a managed policy may have, white space aside (IAM guide, quotas).
pub const LIMIT: usize = 6_144;

fn document(statements: Vec<StatementArgs>) -> PolicyDocumentArgs {
    PolicyDocumentArgs { version: PolicyVersion::V2012, id: None, statements }
}

/// How long a policy of one statement is.
fn length(statement: &StatementArgs) -> usize {
    document(vec![statement.clone()]).to_string().len()
}

/// As few documents as come of taking one statement after another.
pub(super) fn packed(statements: Vec<StatementArgs>) -> Vec<PolicyDocumentArgs> {
    let empty = document(vec![]).to_string().len();
    let mut all: Vec<PolicyDocumentArgs> = vec![];
    let mut room = 0;
    for statement in statements.into_iter().flat_map(divided) {
        // With the comma before it.
        let needed = length(&statement) - empty + 1;
        match all.last_mut().filter(|_| needed <= room) {
            Some(last) => last.statements.push(statement),
            None => {
                all.push(document(vec![statement]));
                room = LIMIT - empty + 1;
            }
        }
        room = room.saturating_sub(needed);
    }
    all
}

/// A statement in parts of which each fits into a document.
fn divided(statement: StatementArgs) -> Vec<StatementArgs> {
    let (actions, resources) = (statement.actions.len(), statement.resources.len());
    if length(&statement) <= LIMIT || actions.max(resources) < 2 {
        return vec![statement];
    }
    let mut rest = statement.clone();
    let mut first = statement;
    if resources >= actions {
        rest.resources = first.resources.split_off(resources / 2);
    } else {
        rest.actions = first.actions.split_off(actions / 2);
    }
    [first, rest].into_iter().flat_map(divided).collect()
}

//! One node against its record: what differs, and what that means.

use super::{Action, Comparison, Decision, PlanProblem, PlannedWorld, Secrets, computed};
use crate::{
    dsl::Options,
    graph::Node,
    handler::Observed,
    mutants::Mutant,
    schema::{TypeDef, TypeKind},
    state::{Record, Recorded, Status},
    value::{ExprError, Properties, Slot, Value},
};

/// A property that differs from what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The property.
    pub slot: Slot,
    /// Whether it certainly differs.
    pub certain: bool,
    /// Whether it takes a replacement.
    pub replaces: bool,
}

/// Which properties differ, by a function that compares one value with a recorded one.
///
/// What AWS chooses when absent is no difference when absent, what an autoscaler owns never is,
/// and what the options say to ignore is not either.
///
/// # Errors
/// If a function of the program fails.
pub fn differences(
    ty: &TypeDef,
    wanted: &Properties,
    record: Recorded<'_>,
    options: &Options,
    mut compare: impl FnMut(&Value, &Value, bool) -> Result<Comparison, ExprError>,
) -> Result<Vec<Difference>, (Slot, ExprError)> {
    let mut found = vec![];
    let mut look = |slot: Slot, value: &Value, recorded: &Value| {
        let prop = ty.prop(slot);
        if prop.initial_only || options.ignore_changes.contains(&slot) {
            return Ok(());
        }
        let chosen_by_aws = value.is_null() && prop.computed && recorded.first_unknown().is_none();
        if chosen_by_aws {
            return Ok(());
        }
        let told = if recorded.is_null() && prop.computed { record.value(slot) } else { recorded };
        let comparison = compare(value, told, prop.set).map_err(|error| (slot, error))?;
        if comparison != Comparison::Same {
            let replaces = prop.replace || options.replace_on_changes.contains(&slot);
            found.push(Difference { slot, certain: comparison == Comparison::Differs, replaces });
        }
        Ok(())
    };
    let (mut new, mut old) = (wanted.iter().peekable(), record.inputs.iter().peekable());
    loop {
        match (new.peek().copied(), old.peek().copied()) {
            (None, None) => break,
            (Some((slot, value)), Some((other, recorded))) if slot == other => {
                look(slot, value, recorded)?;
                new.next();
                old.next();
            }
            (Some((slot, value)), other) if other.is_none_or(|(other, _)| slot < other) => {
                look(slot, value, &Value::Null)?;
                new.next();
            }
            (_, Some((slot, recorded))) => {
                look(slot, &Value::Null, recorded)?;
                old.next();
            }
            (Some(_), None) => unreachable!("the second arm takes what has no counterpart"),
        }
    }
    Ok(found)
}

/// What the planner asks of one node.
pub(super) struct Question<'a> {
    pub(super) node: u32,
    /// The record of its URN or of an alias.
    pub(super) place: Option<u32>,
    /// Whether it has to be deleted first because of something else.
    pub(super) dragged: bool,
    /// Whether the options of the run ask for its replacement.
    pub(super) replace: bool,
    pub(super) problems: &'a mut Vec<PlanProblem>,
}

impl PlannedWorld<'_> {
    /// Decides about one node; those that it needs are decided already.
    pub(super) fn decide(&mut self, question: Question<'_>) -> Decision {
        let node = &self.program.nodes[question.node as usize];
        if question.place.is_none() {
            question.problems.extend(self.computed_problems(node));
        }
        match (node.ty.kind, question.place) {
            (TypeKind::Lookup, place) => self.decide_lookup(question.node, place),
            (TypeKind::Task, None) => Decision { action: Action::Run, ..Decision::UNDECIDED },
            (TypeKind::Resource, None) if node.options().import_id.is_some() => {
                if let Some(found) = self.reads.imports.get(&question.node) {
                    question.problems.extend(self.import_problem(node, found.as_ref()));
                }
                Decision { action: Action::Import, ..Decision::UNDECIDED }
            }
            (TypeKind::Resource, None) => {
                Decision { action: Action::Create, ..Decision::UNDECIDED }
            }
            (_, Some(place)) => self.decide_existing(question, place),
        }
    }

    fn decide_lookup(&self, node: u32, place: Option<u32>) -> Decision {
        let Some(place) = place else {
            return Decision { action: Action::Read, ..Decision::UNDECIDED };
        };
        let record = self.state.record(place);
        let same = self.differing(node, record).is_ok_and(|found| found.is_empty());
        let again = self.reads.lookups.contains_key(&node) || self.reads.refresh_lookups;
        let action = if same && !again { Action::Same } else { Action::Read };
        Decision::about(action, place)
    }

    fn decide_existing(&mut self, question: Question<'_>, place: u32) -> Decision {
        let Question { node: number, dragged, replace, problems, .. } = question;
        let node = &self.program.nodes[number as usize];
        let record = self.state.record(place);
        let differences = match self.differing(number, record) {
            Ok(differences) => differences,
            Err((slot, error)) => {
                problems.push(computed::failed(node, slot, error));
                return Decision::about(Action::Same, place);
            }
        };
        if !differences.is_empty() {
            problems.extend(self.computed_problems(node));
        }
        self.change(number, differences.iter().map(|difference| difference.slot));
        if node.ty.kind == TypeKind::Task {
            let due = !differences.is_empty() || record.status != Status::Done || replace;
            return Decision::about(if due { Action::Run } else { Action::Same }, place);
        }
        let elsewhere = self.state.provider(record) != self.program.provider(node);
        let must = differences.iter().any(|difference| difference.replaces && difference.certain);
        let may = differences.iter().any(|difference| difference.replaces);
        if dragged || elsewhere || replace || may {
            let certain = dragged || elsewhere || replace || must;
            if !dragged
                && !replace
                && certain
                && let Some(deposed) = self.reinstated(number, record)
            {
                return Decision::about(Action::Reinstate, deposed);
            }
            let first = dragged
                || node.ty.delete_first
                || node.options().delete_before_replace
                || certain && !elsewhere && self.clashes(node, record);
            let action = if first { Action::DeleteThenCreate } else { Action::CreateThenDelete };
            return Decision { certain, ..Decision::about(action, place) };
        }
        let action = match (record.status, differences.is_empty()) {
            (Status::Partial(_), _) if self.state.mutants.on(Mutant::PartialReplaced) => {
                Action::CreateThenDelete
            }
            (Status::Partial(_), _) => Action::Resume,
            (_, false) | (Status::Updating | Status::Deleting | Status::Creating, _) => {
                Action::Update
            }
            (Status::Done, true) if self.relinks(number, record) => Action::Relink,
            (Status::Done, true) => Action::Same,
        };
        Decision::about(action, place)
    }

    /// The properties of a node that differ from a record.
    pub(super) fn differing(
        &self,
        node: u32,
        record: &Record,
    ) -> Result<Vec<Difference>, (Slot, ExprError)> {
        let node = &self.program.nodes[node as usize];
        self.differing_from(node, record.recorded())
    }

    fn differing_from(
        &self,
        node: &Node,
        recorded: Recorded<'_>,
    ) -> Result<Vec<Difference>, (Slot, ExprError)> {
        differences(node.ty, &node.inputs, recorded, node.options(), |value, recorded, set| {
            self.compare(value, recorded, set)
        })
    }

    /// Why an object that was looked for can't be imported.
    fn import_problem(&self, node: &Node, found: Option<&Observed>) -> Option<PlanProblem> {
        let urn = node.urn.clone();
        let Some(observed) = found else {
            let id = node.options().import_id.clone().unwrap_or_default();
            return Some(PlanProblem::ImportMissing { urn, id });
        };
        let recorded = Recorded { inputs: &observed.inputs, outputs: &observed.outputs };
        match self.differing_from(node, recorded) {
            Ok(differences) => {
                let must = differences.iter().find(|found| found.certain && found.replaces)?;
                let value = recorded.value(must.slot);
                Some(PlanProblem::ImportDiffers {
                    urn,
                    property: node.ty.prop(must.slot).name.to_owned(),
                    found: if value.is_null() { "absent".to_owned() } else { format!("{value:?}") },
                })
            }
            Err((slot, error)) => Some(computed::failed(node, slot, error)),
        }
    }

    /// Notes which slots of a decided node change.
    pub(super) fn note_changes(&mut self, node: u32, place: u32) {
        let Some(record) = self.state.get(place) else { return };
        if let Ok(differences) = self.differing(node, record) {
            self.change(node, differences.iter().map(|difference| difference.slot));
        }
    }

    /// An older generation that is what the program wants again: a replacement was taken back.
    fn reinstated(&mut self, number: u32, current: &Record) -> Option<u32> {
        if self.state.mutants.on(Mutant::NoReinstating) {
            return None;
        }
        let node = &self.program.nodes[number as usize];
        let mut candidates: Vec<u32> = self
            .state
            .deposed()
            .filter(|place| {
                let old = self.state.record(*place);
                old.urn == current.urn
                    && old.status != Status::Creating
                    && old.status != Status::Deleting
                    && self.state.provider(old) == self.program.provider(node)
            })
            .collect();
        candidates.sort_by_key(|place| std::cmp::Reverse(self.state.record(*place).generation));
        let fits = candidates.into_iter().find(|place| {
            let found = self.differing(number, self.state.record(*place));
            found.is_ok_and(|found| found.iter().all(|difference| !difference.replaces))
        })?;
        self.changed.remove(&number);
        self.note_changes(number, fits);
        Some(fits)
    }

    /// Whether old and new can't exist together: a set of properties that no two resources may
    /// share has, or may have, the same values in both.
    fn clashes(&self, node: &Node, record: &Record) -> bool {
        node.ty.unique.iter().any(|set| {
            let mut given = false;
            let may_be_equal = set.iter().all(|slot| {
                let (value, recorded) = (node.inputs.get(*slot), record.value(*slot));
                let made_up = node.ty.name_rule.is_some_and(|rule| rule.slot == *slot);
                if made_up && value.is_null() {
                    return false;
                }
                given |= !value.is_null() || !recorded.is_null();
                let prop = node.ty.prop(*slot);
                self.compare(value, recorded, prop.set)
                    .is_ok_and(|comparison| comparison == Comparison::Same)
            });
            given && may_be_equal
        })
    }

    /// Whether state says something else of it than the program, that concerns no cloud.
    fn relinks(&self, number: u32, record: &Record) -> bool {
        let node = &self.program.nodes[number as usize];
        let protect = node.options().protect.unwrap_or(record.protect);
        record.urn != node.urn
            || record.protect != protect
            || record.retain_on_delete != node.options().retain_on_delete
            || super::links::deps_differ(self.program, number, record, |node| {
                let decision = self.decisions[node as usize];
                // A replacement gets a place that nobody refers to yet.
                if decision.action.replaces() { Decision::NONE } else { decision.place }
            })
    }
}

impl Secrets<'_> {
    /// Which resolved properties differ from a record.
    #[must_use]
    pub fn differences(
        self,
        ty: &TypeDef,
        wanted: &Properties,
        record: &Record,
        options: &Options,
    ) -> Vec<Difference> {
        let compared =
            differences(ty, wanted, record.recorded(), options, |value, recorded, set| {
                Ok(if set {
                    self.compare_sets(value, recorded)
                } else {
                    self.compare(value, recorded)
                })
            });
        compared.unwrap_or_default()
    }
}

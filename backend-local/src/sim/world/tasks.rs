//! How a task runs, ends, and is forgotten.

use std::{cmp::Reverse, sync::Arc};

use infra_core::{
    schema::TypeKind,
    value::{Properties, PropertiesBuilder},
};

use super::World;
use crate::sim::{object::Life, special::Asked};

/// How long AWS keeps a task that has ended.
const KEPT: u64 = 60 * 60 * 1000;

/// How a task is.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Running {
    pub(in crate::sim) place: u32,
    pub(in crate::sim) id: Arc<str>,
    pub(in crate::sim) ended: bool,
    /// When it ends by itself.
    pub(in crate::sim) until: u64,
    /// When it is to be stopped.
    pub(in crate::sim) stop_at: u64,
    /// What it tells when it has ended.
    pub(in crate::sim) outputs: Properties,
    /// Why it has failed, if it has.
    pub(in crate::sim) failure: Option<String>,
}

impl World {
    /// How a task is.
    pub(in crate::sim) fn running(&self, place: u32) -> Running {
        let object = &self.objects[place as usize];
        let ended = object.life != Life::Live;
        let asked = Asked {
            world: self,
            ty: object.ty,
            scope: &object.scope,
            id: &object.id,
            inputs: &object.inputs,
            old: None,
            number: 0,
        };
        let special = self.special(object.ty);
        let limit = special.and_then(|special| special.time_limit(&asked));
        let failure = special.filter(|_| ended).and_then(|special| special.failure(object));
        let started = object.moments.get(STARTED).copied().unwrap_or(self.now);
        Running {
            place,
            id: object.id.clone(),
            ended,
            until: object.ready_at,
            stop_at: limit.map_or(u64::MAX, |limit| started.saturating_add(limit)),
            outputs: object.outputs.clone(),
            failure,
        }
    }

    /// A task that was just started ends after so many milliseconds.
    pub(in crate::sim) fn end_in(&mut self, place: u32, after: u64) {
        let at = self.now.saturating_add(after);
        self.objects[place as usize].ready_at = at;
        self.due.push(Reverse((at, place)));
    }

    /// Stops a task that still runs.
    pub(in crate::sim) fn stop(&mut self, place: u32) {
        let object = &self.objects[place as usize];
        if object.life != Life::Live {
            return;
        }
        let mut outputs = PropertiesBuilder::from(object.outputs.clone());
        if let Some(special) = self.special(object.ty) {
            special.stopped(&mut outputs);
        }
        self.objects[place as usize].outputs = outputs.build();
        self.end(place);
    }

    /// A task has ended: it holds nothing any more.
    fn end(&mut self, place: u32) {
        self.count(place, false);
        let gone_at = self.now + KEPT;
        let object = &mut self.objects[place as usize];
        (object.life, object.gone_at) = (Life::Ended, gone_at);
        self.due.push(Reverse((gone_at, place)));
        self.write(place);
    }

    /// A thing's time has come: a task ends, what was on its way out is gone.
    pub(super) fn fall_due(&mut self, place: u32) {
        let object = &self.objects[place as usize];
        match object.life {
            Life::Live if object.ty.kind == TypeKind::Task && object.ready_at <= self.now => {
                self.end(place);
            }
            // Its time has come to be another one.
            Life::Ended if object.gone_at > self.now => {}
            Life::Live | Life::Gone => {}
            Life::Ended | Life::Deleting => self.remove(place),
        }
    }
}

/// As what the moment of a task's start is remembered.
pub(super) const STARTED: &str = "started";

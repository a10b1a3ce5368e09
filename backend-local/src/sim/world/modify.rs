//! How a thing is changed.

use infra_core::value::{Properties, PropertiesBuilder, Slot, Value};

use super::World;
use crate::sim::{refusal::Refusal, special::Asked};

impl World {
    /// Changes properties of a thing, or says why not.
    pub(in crate::sim) fn modify(
        &mut self,
        place: u32,
        changes: &Properties,
        cleared: &[Slot],
        lag: u64,
    ) -> Result<(), Refusal> {
        let object = &self.objects[place as usize];
        let ty = object.ty;
        let mut inputs = object.inputs.merged(changes);
        for slot in cleared {
            inputs = inputs.with(*slot, Value::Null);
        }
        if inputs == object.inputs {
            return Ok(());
        }
        for (slot, prop) in ty.inputs() {
            if prop.replace && inputs.get(slot) != object.inputs.get(slot) {
                let message = format!("`{}` can't be changed", prop.name);
                return Err(Refusal::invalid(prop.name, "InvalidParameterValue", message));
            }
        }
        self.check_values(ty, changes, &object.scope)?;
        self.check_unique(ty, &inputs, &object.scope, Some(place))?;
        let special = self.special(ty);
        let asked = Asked {
            world: self,
            ty,
            scope: &object.scope,
            id: &object.id,
            inputs: &inputs,
            old: Some(object),
            number: self.number,
        };
        if let Some(special) = special {
            special.check(&asked)?;
        }
        let remembered = special.and_then(|special| special.remembers(&asked));
        let mut outputs = PropertiesBuilder::from(object.outputs.clone());
        if let Some(special) = special {
            special.outputs(&asked, &mut outputs);
        }
        let stale = (lag > 0)
            .then(|| Box::new((self.now + lag, object.inputs.clone(), object.outputs.clone())));
        self.hold_keys(place, false);
        self.count(place, false);
        let (now, takes) = (self.now, self.takes(ty.durations.update));
        let object = &mut self.objects[place as usize];
        object.stale = stale;
        object.inputs = inputs;
        object.moments.extend(remembered.map(|what| (what.to_owned(), now)));
        object.outputs = outputs.build();
        if takes > 0 {
            object.ready_at = object.ready_at.max(now + takes);
        }
        self.hold_keys(place, true);
        self.count(place, true);
        if let Some(special) = special {
            special.changed(self, place);
        }
        self.write(place);
        Ok(())
    }
}

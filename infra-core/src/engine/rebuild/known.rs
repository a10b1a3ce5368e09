//! What is known of one resource of a program without any state.

use std::sync::Arc;

use super::{
    Wanted, made_up,
    search::{Carried, Thing},
};
use crate::{
    engine::{EngineError, adopt::Adopted, session::Session},
    graph::{Node, Program},
    handler::{Context, DynHandler, Found, Observed, Ownership, Request},
    local,
    schema::{Find, Identity, Level, TypeKind},
    value::{Properties, PropertiesBuilder, Slot},
};

/// A resource that was found.
pub(super) struct Known {
    /// The thing; what it depends on is for the caller to say.
    pub(super) thing: Adopted,
    /// What of it can't be known.
    pub(super) lost: Vec<String>,
}

/// What was found, or why it can't be.
type Answer = Result<Result<Known, String>, EngineError>;

impl Session<'_> {
    /// Looks for what a node came to.
    pub(super) async fn known(
        &self,
        program: &Program,
        node: u32,
        wanted: Wanted,
        carried: &mut Carried,
    ) -> Answer {
        let this = &program.nodes[node as usize];
        let handler = self.engine.backend.registry().get(this.ty.name).cloned();
        let handler = handler.expect("the types of a program were checked");
        match this.ty.kind {
            TypeKind::Task => Ok(Err("is not known to have run, and runs again".to_owned())),
            TypeKind::Lookup if !wanted.unknown.is_empty() => {
                Ok(Err("asks for something that is lost, and is read anew".to_owned()))
            }
            TypeKind::Lookup => self.looked_up(program, this, &handler, wanted.inputs, node).await,
            TypeKind::Resource if this.ty.provider() == local::KIND => {
                Ok(Err("stood in the state alone, and is made anew".to_owned()))
            }
            TypeKind::Resource => {
                let names: Vec<_> =
                    [this.urn.clone()].into_iter().chain(program.aliases(this)).collect();
                let mut found = carried.take(this.ty, &names);
                // Which of several generations was the current one, nobody can tell.
                found.sort_by(|a, b| a.id.cmp(&b.id));
                let mut found = found.into_iter();
                let thing = found.next();
                found.for_each(|other| carried.put_back(other));
                match thing {
                    Some(thing) => self.tagged(program, this, thing, wanted).await,
                    None => self.by_key(program, this, &handler, wanted, node, carried).await,
                }
            }
        }
    }

    async fn looked_up(
        &self,
        program: &Program,
        this: &Node,
        handler: &Arc<dyn DynHandler>,
        inputs: Properties,
        node: u32,
    ) -> Answer {
        let owner = self.new_owner(&this.urn, node as usize);
        let id: Arc<str> = owner.stable.to_string().into();
        let provider = program.provider(this).clone();
        let request = Request::unrecorded(this.ty, provider, owner, "".into(), inputs.clone());
        let context = Context::new(self.engine.backend.clock());
        let answer = self.patiently(&context, || handler.lookup(&context, &request)).await;
        let outputs = answer.map_err(|source| EngineError::Read {
            urn: this.urn.clone(),
            source: Box::new(source),
        })?;
        let thing = adopted(this, request, id, inputs, outputs, Level::Ready);
        Ok(Ok(Known { thing, lost: vec!["was read anew".to_owned()] }))
    }

    /// A thing that carries the name in its tags.
    async fn tagged(&self, program: &Program, this: &Node, thing: Thing, wanted: Wanted) -> Answer {
        let provider = program.provider(this).clone();
        if thing.provider != provider {
            return Ok(Err(format!("{} is in {}, not in {provider}", thing.id, thing.provider)));
        }
        let Thing { owner, id, handler, .. } = thing;
        let Wanted { inputs, unknown } = wanted;
        let request = Request::unrecorded(this.ty, provider, owner, id.clone(), inputs);
        match self.read_ready(&handler, &request).await? {
            Some(observed) => Ok(Ok(believed(this, request, &observed, &unknown))),
            None => Ok(Err(format!("{id} is on its way out"))),
        }
    }

    /// A thing that carries no tags and is the only one of its key.
    async fn by_key(
        &self,
        program: &Program,
        this: &Node,
        handler: &Arc<dyn DynHandler>,
        wanted: Wanted,
        node: u32,
        carried: &Carried,
    ) -> Answer {
        let ty = this.ty;
        if ty.tags.is_some() && ty.find != Find::Key {
            return Ok(Err("is not there".to_owned()));
        }
        let Wanted { inputs, unknown } = wanted;
        let owner = self.new_owner(&this.urn, node as usize);
        let provider = program.provider(this).clone();
        let request = Request::unrecorded(ty, provider, owner, "".into(), inputs);
        if let Some(rule) = ty.name_rule
            && !request.inputs.has(rule.slot)
        {
            for name in made_up::candidates(this, &self.lineage(), &carried.epochs) {
                let inputs = request.inputs.with(rule.slot, name.into());
                let request = Request { inputs, ..request.clone() };
                let known = self.of_key(this, handler, request, &unknown).await?;
                if known.is_ok() {
                    return Ok(known);
                }
            }
            let name = ty.prop(rule.slot).name;
            return Ok(Err(format!("carries no tags, and its `{name}` was made up")));
        }
        self.of_key(this, handler, request, &unknown).await
    }

    /// The thing that has the key of a request.
    async fn of_key(
        &self,
        this: &Node,
        handler: &Arc<dyn DynHandler>,
        mut request: Request,
        unknown: &[Slot],
    ) -> Answer {
        request.id = match self.id_of(handler, &request, unknown).await? {
            Ok(id) => id,
            Err(why) => return Ok(Err(why)),
        };
        match self.read_ready(handler, &request).await? {
            Some(observed) => Ok(Ok(believed(this, request, &observed, unknown))),
            None => Ok(Err("is not there".to_owned())),
        }
    }

    /// The id of a thing without tags: the key itself, or what has it; or why nobody can tell.
    async fn id_of(
        &self,
        handler: &Arc<dyn DynHandler>,
        request: &Request,
        unknown: &[Slot],
    ) -> Result<Result<Arc<str>, String>, EngineError> {
        let ty = request.ty;
        let key: &[Slot] = match &ty.identity {
            Identity::Named { slot } => std::slice::from_ref(slot),
            Identity::Key { slots } => slots,
            Identity::Generated { .. } | Identity::Arn { .. } => &[],
        };
        if let Some(missing) = key.iter().find(|slot| unknown.contains(slot)) {
            let name = ty.prop(*missing).name;
            return Ok(Err(format!("carries no tags, and its `{name}` is made of something lost")));
        }
        if let Some(id) = ty.natural_id(&request.inputs) {
            return Ok(Ok(id.into()));
        }
        if !matches!(ty.find, Find::Name | Find::Key) {
            return Ok(Err("carries no tags, and nothing else tells which it is".to_owned()));
        }
        let context = Context::new(self.engine.backend.clock());
        let found = self.patiently(&context, || handler.find(&context, request)).await;
        let found = found.map_err(|source| EngineError::Read {
            urn: request.owner.urn.clone(),
            source: Box::new(source),
        })?;
        Ok(match found {
            Found::Here(allocated) => Ok(allocated.id),
            Found::Foreign { id } => Ok(id),
            Found::Absent | Found::NotYetCertain { .. } => Err("is not there".to_owned()),
        })
    }
}

/// What state says from now on: what the cloud tells, and of what it does not tell what the program
/// says.
fn believed(this: &Node, request: Request, observed: &Observed, unknown: &[Slot]) -> Known {
    let ty = this.ty;
    let mut lost = vec![];
    let mut inputs = PropertiesBuilder::default();
    for (slot, prop) in ty.inputs() {
        let wanted = request.inputs.get(slot);
        let is_name = ty.name_rule.is_some_and(|rule| rule.slot == slot);
        let told = match observed.inputs.get(slot) {
            told if told.is_null() && prop.computed => observed.outputs.get(slot),
            told => told,
        };
        let value = if unknown.contains(&slot) {
            lost.push(format!("has a `{}` that is made of something lost", prop.name));
            told
        } else if prop.write_only {
            if !wanted.is_null() {
                lost.push(format!("does not tell its `{}`; the program is believed", prop.name));
            }
            wanted
        } else if prop.computed && wanted.is_null() && !is_name {
            // What the program left to AWS is AWS's matter.
            continue;
        } else {
            told
        };
        inputs.set(slot, value.clone());
    }
    let inputs = inputs.build();
    // A made-up name is what was asked for.
    let is_asked = |slot| ty.name_rule.is_some_and(|rule| rule.slot == slot) && inputs.has(slot);
    let outputs = observed.outputs.filtered(|slot| !is_asked(slot));
    let id = request.id.clone();
    let thing = adopted(this, request, id, inputs, outputs, observed.level);
    Known { thing, lost }
}

fn adopted(
    this: &Node,
    request: Request,
    id: Arc<str>,
    inputs: Properties,
    outputs: Properties,
    level: Level,
) -> Adopted {
    let Request { ty, provider, owner, .. } = request;
    let owner = Ownership { urn: this.urn.clone(), ..owner };
    Adopted {
        ty,
        provider,
        owner,
        id,
        inputs,
        outputs,
        level,
        deps: Box::default(),
        protect: this.options().protect.unwrap_or(false),
        retain_on_delete: this.options().retain_on_delete,
    }
}

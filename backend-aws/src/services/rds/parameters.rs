//! Parameters of clusters and of instances, which have calls of the same form.

use std::collections::BTreeMap;

use aws_sdk_rds::types::{ApplyMethod, Parameter};
use infra_core::value::Value;

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// How many parameters a call takes.
const AT_ONCE: usize = 20;
/// The source of those that somebody set.
const SET: &str = "user";

/// Of what the parameters are.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Cluster,
    Instance,
}

impl Of {
    /// Those of a source, or all, of which there are hundreds.
    async fn told(self, aws: &Aws, group: &str, source: Option<&str>) -> Answer<Vec<Parameter>> {
        let source = source.map(str::to_owned);
        let rds = aws.rds();
        Ok(match self {
            Self::Cluster => {
                let asked = rds.describe_db_cluster_parameters();
                let asked = asked.db_cluster_parameter_group_name(group).set_source(source);
                let all = asked.into_paginator().items().send();
                all.collect::<Result<Vec<_>, _>>().await?
            }
            Self::Instance => {
                let asked = rds.describe_db_parameters();
                let asked = asked.db_parameter_group_name(group).set_source(source);
                let all = asked.into_paginator().items().send();
                all.collect::<Result<Vec<_>, _>>().await?
            }
        })
    }

    async fn set(self, aws: &Aws, group: &str, some: Vec<Parameter>) -> Answer<()> {
        match self {
            Self::Cluster => {
                let modify = aws.rds().modify_db_cluster_parameter_group();
                let modify = modify.db_cluster_parameter_group_name(group);
                modify.set_parameters(Some(some)).send().await?;
            }
            Self::Instance => {
                let modify = aws.rds().modify_db_parameter_group();
                let modify = modify.db_parameter_group_name(group);
                modify.set_parameters(Some(some)).send().await?;
            }
        }
        Ok(())
    }

    async fn reset(self, aws: &Aws, group: &str, some: Vec<Parameter>) -> Answer<()> {
        match self {
            Self::Cluster => {
                let reset = aws.rds().reset_db_cluster_parameter_group();
                let reset = reset.db_cluster_parameter_group_name(group);
                reset.set_parameters(Some(some)).send().await?;
            }
            Self::Instance => {
                let reset = aws.rds().reset_db_parameter_group();
                let reset = reset.db_parameter_group_name(group);
                reset.set_parameters(Some(some)).send().await?;
            }
        }
        Ok(())
    }
}

/// One that counts at once, unless the engine reads it when it starts alone.
fn parameter(name: &str, value: Option<&str>, known: &[Parameter]) -> Parameter {
    let known = known.iter().find(|known| known.parameter_name() == Some(name));
    let at_start = known.and_then(Parameter::apply_type) == Some("static");
    let method = if at_start { ApplyMethod::PendingReboot } else { ApplyMethod::Immediate };
    Parameter::builder()
        .parameter_name(name)
        .set_parameter_value(value.map(str::to_owned))
        .apply_method(method)
        .build()
}

/// Makes the parameters of a group what they are to be.
pub(super) async fn write(
    aws: &Aws,
    of: Of,
    group: &str,
    wanted: &BTreeMap<String, String>,
) -> Answer<()> {
    let known = of.told(aws, group, None).await?;
    let is_so = |name: &str, value: &str| {
        let mut same = known.iter().filter(|known| known.parameter_name() == Some(name));
        same.any(|known| known.parameter_value() == Some(value))
    };
    let set = wanted.iter().filter(|(name, value)| !is_so(name, value));
    let set: Vec<_> = set.map(|(name, value)| parameter(name, Some(value), &known)).collect();
    let gone = known.iter().filter(|known| known.source() == Some(SET));
    let gone =
        gone.filter_map(Parameter::parameter_name).filter(|name| !wanted.contains_key(*name));
    let gone: Vec<_> = gone.map(|name| parameter(name, None, &known)).collect();
    for some in set.chunks(AT_ONCE) {
        of.set(aws, group, some.to_vec()).await?;
    }
    for some in gone.chunks(AT_ONCE) {
        of.reset(aws, group, some.to_vec()).await?;
    }
    Ok(())
}

/// Those that somebody set, and those recorded that are as they are by themselves: AWS does not
/// count them among the former.
pub(super) async fn read(
    aws: &Aws,
    of: Of,
    group: &str,
    recorded: &Value,
) -> Answer<Option<BTreeMap<String, String>>> {
    let Some(set) = of.told(aws, group, Some(SET)).await.if_found()? else { return Ok(None) };
    let pair =
        |it: &Parameter| Some((it.parameter_name()?.to_owned(), it.parameter_value()?.to_owned()));
    let set = set.iter().filter(|it| it.source() == Some(SET));
    let mut told: BTreeMap<String, String> = set.filter_map(pair).collect();
    if recorded.entries().iter().all(|(name, _)| told.contains_key(&**name)) {
        return Ok(Some(told));
    }
    let all = of.told(aws, group, None).await?;
    let all: BTreeMap<String, String> = all.iter().filter_map(pair).collect();
    for (name, _) in recorded.entries() {
        if let Some(value) = all.get(&**name) {
            told.entry(name.to_string()).or_insert_with(|| value.clone());
        }
    }
    Ok(Some(told))
}

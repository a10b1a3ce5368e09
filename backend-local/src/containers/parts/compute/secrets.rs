//! [`Secrets`]: what secrets and parameters say that tasks are given by reference.

use std::time::Duration;

use infra_core::{Secret, aws::rds};
use serde_json::{Value as Json, json};

use crate::{
    containers::{
        agent::{Failure, Surroundings},
        emulator::Emulator,
        parts::database,
    },
    sim::View,
};

/// What secrets and parameters say.
#[derive(Clone, Debug)]
pub(super) struct Secrets {
    around: Surroundings,
    emulator: Emulator,
}

/// How long the emulator may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Secrets {
    pub(super) fn new(around: &Surroundings) -> Self {
        Self { around: around.clone(), emulator: Emulator::new(around.settings.emulator, PATIENCE) }
    }

    /// A secret, or one field of it.
    pub(super) async fn secret(
        &self,
        view: &View,
        arn: &str,
        key: Option<&str>,
    ) -> Result<Secret<String>, Failure> {
        let text = match self.of_database(view, arn)? {
            Some(text) => text,
            None => {
                self.ask(
                    "secretsmanager.GetSecretValue",
                    &json!({ "SecretId": arn }),
                    &["SecretString"],
                )
                .await?
            }
        };
        let Some(key) = key else { return Ok(text) };
        let fields: Option<Json> = serde_json::from_str(text.expose()).ok();
        let field = fields.as_ref().and_then(|fields| fields.get(key)?.as_str());
        field.map(|field| Secret::new(field.to_owned())).ok_or_else(|| Failure {
            message: format!("the secret {arn} has no field `{key}`"),
            is_final: false,
        })
    }

    /// A parameter.
    pub(super) async fn parameter(&self, arn: &str) -> Result<Secret<String>, Failure> {
        let name = arn.split_once(":parameter").map_or(arn, |(_, name)| name);
        let body = json!({ "Name": name, "WithDecryption": true });
        self.ask("AmazonSSM.GetParameter", &body, &["Parameter", "Value"]).await
    }

    /// The secret that RDS keeps of the first user of a cluster: it is the agent's own.
    fn of_database(&self, view: &View, arn: &str) -> Result<Option<Secret<String>>, Failure> {
        type C = rds::DbCluster;
        let mut clusters = view.all::<C>();
        let own = clusters.find(|cluster| {
            cluster.get(C::MASTER_USER_SECRET_ARN).is_some_and(|secret| secret.as_str() == arn)
        });
        let Some(cluster) = own else { return Ok(None) };
        let password = database::password(&self.around, cluster.id())?;
        let username = cluster.get(C::MASTER_USERNAME).unwrap_or_else(|| "admin".to_owned());
        let text = json!({ "username": username, "password": password.expose() }).to_string();
        Ok(Some(Secret::new(text)))
    }

    async fn ask(
        &self,
        target: &str,
        body: &Json,
        path: &[&str],
    ) -> Result<Secret<String>, Failure> {
        let answer = self.emulator.json(target, body).await?;
        let mut at = &answer;
        for name in path {
            at = at.get(name).unwrap_or(&Json::Null);
        }
        at.as_str()
            .map(|text| Secret::new(text.to_owned()))
            .ok_or_else(|| Failure { message: format!("{target} told nothing"), is_final: false })
    }
}

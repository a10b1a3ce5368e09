//! `aws:elasticache:User`.

use aws_sdk_elasticache::types as sdk;
use infra_core::{
    aws::elasticache,
    handler::{Deletion, Request, TypedRequest},
    value::Value,
};

use super::{OF_AWS, new_tags, retag, settled_tags, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct User;

type Type = elasticache::User;

/// What a user may do, without what is so by itself: a user begins with no keys, no channels and no
/// commands, and AWS says so again.
fn rules(access: &str) -> Vec<&str> {
    let mut kept: Vec<&str> = vec![];
    for word in access.split_ascii_whitespace() {
        let none = |allowing: &[&str]| {
            !kept.iter().any(|kept| allowing.iter().any(|start| kept.starts_with(start)))
        };
        let is_so = match word {
            "resetchannels" => none(&["&", "allchannels"]),
            "resetkeys" => none(&["~", "%", "allkeys"]),
            "-@all" | "nocommands" => none(&["+", "allcommands"]),
            _ => false,
        };
        if !is_so {
            kept.push(word);
        }
    }
    kept
}

/// What a user may do, as the program says it if AWS says the same in other words.
fn access(user: &sdk::User, request: &Request) -> Value {
    let told = user.access_string().unwrap_or_default();
    let recorded = request.inputs.get(Type::ACCESS_STRING.slot);
    match recorded.as_str() {
        Some(text) if rules(text) == rules(told) => recorded.clone(),
        _ => told.into(),
    }
}

fn listed(user: &sdk::User) -> Seen {
    Seen::new(user.user_id().unwrap_or_default())
        .text(Type::USER_ID, user.user_id())
        .text(Type::ARN, user.arn())
        .state(user.status(), &["active"], &["deleting"], &[])
}

fn mode(args: &elasticache::UserArgs) -> sdk::AuthenticationMode {
    let mode = &args.authentication_mode;
    let passwords = mode.passwords.as_ref().map(|passwords| {
        passwords.iter().map(|password| password.expose().expose().to_owned()).collect()
    });
    sdk::AuthenticationMode::builder()
        .r#type(mode.authentication_type.as_str().into())
        .set_passwords(passwords)
        .build()
}

impl Resource for User {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticache:AddTagsToResource").on(OWN),
        CREATE.needs("elasticache:CreateUser").on(OWN),
        UPDATE.needs("elasticache:ModifyUser").on(OWN),
        UPDATE.needs("elasticache:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("elasticache:DescribeUsers").on(OWN),
        READ.and(LIST).needs("elasticache:ListTagsForResource").on(OWN),
        DELETE.needs("elasticache:DeleteUser").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elasticache()
            .create_user()
            .set_user_id(request.name().map(str::to_owned))
            .user_name(&args.user_name)
            .engine(args.engine.as_str())
            .access_string(&args.access_string)
            .authentication_mode(mode(args))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let id = made
            .user_id()
            .ok_or_else(|| Error::incomplete("elasticache", "CreateUser", "UserId"))?;
        Ok(Seen::new(id).text(Type::ARN, made.arn()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["access_string", "authentication_mode", "engine"]) {
            let is = |name: &str| changed(request, &[name]);
            let access = is("access_string").then(|| args.access_string.clone());
            let engine = is("engine").then(|| args.engine.as_str().to_owned());
            let modify = aws.elasticache().modify_user().user_id(&*request.id);
            modify
                .set_access_string(access)
                .set_authentication_mode(is("authentication_mode").then(|| mode(args)))
                .set_engine(engine)
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.elasticache().describe_users().user_id(&*request.id);
        let told = asked.send().await.if_found()?;
        let Some(user) = told.as_ref().and_then(|told| told.users().first()) else {
            return Ok(None);
        };
        let Some(tags) = settled_tags(aws, user.arn(), request).await? else { return Ok(None) };
        let seen = listed(user)
            .text(Type::USER_NAME, user.user_name())
            .text(Type::ENGINE, user.engine().map(str::to_ascii_lowercase))
            .value(Type::ACCESS_STRING, access(user, request))
            .tags(tags);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.elasticache().delete_user().user_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elasticache().describe_users().into_paginator().items().send();
        let mut found = vec![];
        for user in all.collect::<Result<Vec<_>, _>>().await? {
            let own = user.user_id() != Some(OF_AWS);
            if own && let Some(tags) = tags_of(aws, user.arn()).await? {
                found.push(listed(&user).tags(tags));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_so_by_itself_is_no_rule() {
        let told = "on ~moodle_* resetchannels -@all +@all -@admin";
        assert_eq!(rules(told), rules("on ~moodle_* +@all -@admin"));
        assert_ne!(rules("on ~* +@all -@all"), rules("on ~* +@all"));
        assert_ne!(rules("on ~* &* resetchannels +@all"), rules("on ~* &* +@all"));
    }
}

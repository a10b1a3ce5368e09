//! `aws:ec2:PrefixList`.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{
    self as sdk, AddPrefixListEntry, PrefixListState, RemovePrefixListEntry, ResourceType,
};
use infra_core::{
    aws::ec2::{self, PrefixListEntryArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{filter, new_tags, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, tagged},
    plain::{count, int},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct PrefixList;

/// So many ranges go into one call.
const AT_ONCE: usize = 100;

fn seen(list: &sdk::ManagedPrefixList) -> Seen {
    type Type = ec2::PrefixList;
    let state = list.state().map(PrefixListState::as_str);
    let ready = ["create-complete", "modify-complete", "restore-complete"];
    let deleting = ["delete-in-progress", "delete-complete"];
    let failed = ["create-failed", "modify-failed", "restore-failed", "delete-failed"];
    let seen = Seen::new(list.prefix_list_id().unwrap_or_default())
        .text(Type::PREFIX_LIST_NAME, list.prefix_list_name())
        .text(Type::ADDRESS_FAMILY, list.address_family())
        .set(Type::MAX_ENTRIES, list.max_entries().and_then(count))
        .text(Type::PREFIX_LIST_ID, list.prefix_list_id())
        .set(Type::VERSION, list.version())
        .text(Type::OWNER_ID, list.owner_id())
        .text(Type::ARN, list.prefix_list_arn())
        .tags(tags(list.tags()))
        .state(state, &ready, &deleting, &failed);
    match list.state_message() {
        Some(why) if seen.failed.is_some() => seen.failing(why),
        _ => seen,
    }
}

async fn described(aws: &Aws, id: &str) -> Answer<Option<sdk::ManagedPrefixList>> {
    let asked = aws.ec2().describe_managed_prefix_lists().prefix_list_ids(id);
    let lists = asked.send().await.if_found()?.and_then(|told| told.prefix_lists);
    let list = lists.and_then(|lists| lists.into_iter().next());
    Ok(list.filter(|list| list.state() != Some(&PrefixListState::DeleteComplete)))
}

/// Its ranges and what they are for.
type Entries = BTreeMap<String, Option<String>>;

async fn entries(aws: &Aws, id: &str) -> Answer<Entries> {
    let all = aws.ec2().get_managed_prefix_list_entries().prefix_list_id(id).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    let entry = |entry: sdk::PrefixListEntry| {
        let description = entry.description.filter(|text| !text.is_empty());
        Some((entry.cidr?, description))
    };
    Ok(all.into_iter().filter_map(entry).collect())
}

fn wanted(entries: &[PrefixListEntryArgs]) -> Entries {
    entries.iter().map(|entry| (entry.cidr.to_string(), entry.description.clone())).collect()
}

fn added((cidr, description): (&String, &Option<String>)) -> AddPrefixListEntry {
    let entry = AddPrefixListEntry::builder().cidr(cidr);
    entry.set_description(description.clone()).build()
}

/// The next call that brings some ranges to others; `None` if they are the same. A range whose
/// description changes goes first and comes back with the next call.
fn step(
    is: &Entries,
    wanted: &Entries,
) -> Option<(Vec<RemovePrefixListEntry>, Vec<AddPrefixListEntry>)> {
    let gone = is.iter().filter(|(cidr, text)| wanted.get(*cidr) != Some(*text));
    let gone = gone.map(|(cidr, _)| RemovePrefixListEntry::builder().cidr(cidr).build());
    let gone: Vec<_> = gone.take(AT_ONCE).collect();
    let new = wanted.iter().filter(|(cidr, _)| !is.contains_key(*cidr));
    let new: Vec<_> = new.map(added).take(AT_ONCE - gone.len()).collect();
    let nothing = gone.is_empty() && new.is_empty();
    (!nothing).then_some((gone, new))
}

/// Brings the ranges up to date, by as many calls as it takes. AWS works for a moment after each
/// and refuses the next one until then: the whole is tried again.
async fn set_entries(aws: &Aws, request: &TypedRequest<'_, ec2::PrefixList>) -> Answer<()> {
    let (args, id) = (&request.args, &*request.id);
    let wanted = wanted(&args.entries);
    let mut is = entries(aws, id).await?;
    let calls = 2 + (is.len() + wanted.len()) / AT_ONCE;
    for _ in 0..calls {
        let Some((gone, new)) = step(&is, &wanted) else { break };
        let Some(list) = described(aws, id).await? else { break };
        aws.ec2()
            .modify_managed_prefix_list()
            .prefix_list_id(id)
            .prefix_list_name(&args.prefix_list_name)
            .set_current_version(list.version())
            .set_remove_entries(Some(gone).filter(|gone| !gone.is_empty()))
            .set_add_entries(Some(new).filter(|new| !new.is_empty()))
            .send()
            .await?;
        is = entries(aws, id).await?;
    }
    Ok(())
}

/// Sets the name, and how many ranges there may be where that is to be said.
async fn resize(
    aws: &Aws,
    request: &TypedRequest<'_, ec2::PrefixList>,
    most: Option<u32>,
) -> Answer<()> {
    let modify = aws.ec2().modify_managed_prefix_list().prefix_list_id(&*request.id);
    let modify = modify.prefix_list_name(&request.args.prefix_list_name);
    modify.set_max_entries(most.map(int)).send().await?;
    Ok(())
}

/// By what it is used, as far as AWS tells.
async fn users(aws: &Aws, id: &str) -> Vec<String> {
    let asked = aws.ec2().get_managed_prefix_list_associations().prefix_list_id(id).send().await;
    let all = asked.ok().and_then(|told| told.prefix_list_associations).unwrap_or_default();
    all.into_iter().filter_map(|it| it.resource_id).collect()
}

impl Resource for PrefixList {
    type Type = ec2::PrefixList;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateManagedPrefixList").on(OWN),
        CREATE.and(UPDATE).needs("ec2:ModifyManagedPrefixList").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeManagedPrefixLists"),
        READ.needs("ec2:GetManagedPrefixListEntries").on(OWN),
        DELETE.needs("ec2:DeleteManagedPrefixList").on(OWN).ours(),
        DELETE.needs("ec2:GetManagedPrefixListAssociations").on(OWN).ours(),
        tagged!("CreateManagedPrefixList"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::PrefixList>) -> Answer<Seen> {
        let args = &request.args;
        let first: Vec<_> = wanted(&args.entries).iter().take(AT_ONCE).map(added).collect();
        let made = aws
            .ec2()
            .create_managed_prefix_list()
            .prefix_list_name(&args.prefix_list_name)
            .address_family(args.address_family.as_str())
            .max_entries(int(args.max_entries))
            .set_entries(Some(first).filter(|first| !first.is_empty()))
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::PrefixList, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateManagedPrefixList", "PrefixList");
        Ok(seen(made.prefix_list().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::PrefixList>) -> Answer<()> {
        // The others went with the creation.
        if request.args.entries.len() > AT_ONCE {
            set_entries(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::PrefixList>) -> Answer<()> {
        let (args, id) = (&request.args, &*request.id);
        let list = described(aws, id).await?;
        let most = list.as_ref().and_then(|list| list.max_entries()).and_then(count);
        let renamed = list.as_ref().and_then(|list| list.prefix_list_name())
            != Some(args.prefix_list_name.as_str());
        // There must be room for the ranges, before and after.
        let grows = most.is_none_or(|most| args.max_entries > most);
        if grows || renamed {
            resize(aws, request, grows.then_some(args.max_entries)).await?;
        }
        if changed(request, &["entries"]) {
            set_entries(aws, request).await?;
        }
        if most.is_some_and(|most| args.max_entries < most) {
            resize(aws, request, Some(args.max_entries)).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let Some(list) = described(aws, id).await? else { return Ok(None) };
        let Some(entries) = entries(aws, id).await.if_found()? else { return Ok(None) };
        let entries = entries.into_iter().filter_map(|(cidr, description)| {
            Some(PrefixListEntryArgs { cidr: cidr.parse().ok()?, description })
        });
        Ok(Some(seen(&list).set(ec2::PrefixList::ENTRIES, entries.collect::<Vec<_>>())))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        match aws.ec2().delete_managed_prefix_list().prefix_list_id(id).send().await {
            Ok(_) => Ok(Deletion::Started),
            Err(error) => {
                let error = Error::from(error);
                let in_use = matches!(error.0.problem, Problem::InUse { .. });
                Err(if in_use { error.in_use(users(aws, id).await) } else { error })
            }
        }
    }

    /// They can't be asked for by tag.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_managed_prefix_lists();
        let all = all.filters(filter("owner-id", aws.account().await?)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(seen).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(all: &[(&str, &str)]) -> Entries {
        all.iter().map(|(cidr, text)| ((*cidr).to_owned(), Some((*text).to_owned()))).collect()
    }

    #[test]
    fn a_range_with_another_description_goes_and_comes_back() {
        let is = entries(&[("192.0.2.0/24", "library"), ("10.0.0.0/8", "all")]);
        let wanted = entries(&[("192.0.2.0/24", "books"), ("10.0.0.0/8", "all")]);
        let (gone, new) = step(&is, &wanted).unwrap();
        assert_eq!(gone[0].cidr(), Some("192.0.2.0/24"));
        assert_eq!((gone.len(), new.len()), (1, 0));
        let (gone, new) = step(&entries(&[("10.0.0.0/8", "all")]), &wanted).unwrap();
        assert_eq!((gone.len(), new[0].description()), (0, Some("books")));
        assert!(step(&wanted, &wanted).is_none());
    }

    #[test]
    fn a_call_takes_so_many_ranges() {
        let wanted: Entries = (0..150).map(|n| (format!("10.{n}.0.0/16"), None)).collect();
        let (_, new) = step(&Entries::new(), &wanted).unwrap();
        assert_eq!(new.len(), AT_ONCE);
    }
}

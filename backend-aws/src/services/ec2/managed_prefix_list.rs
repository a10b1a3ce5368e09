//! `aws:ec2:ManagedPrefixList`.

use infra_core::{
    aws::{PrefixListId, ec2},
    handler::{Problem, TypedRequest},
};

use super::filter;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{Needs, READ},
    once::Look,
    plain::count,
};

pub(crate) struct ManagedPrefixList;

impl Look for ManagedPrefixList {
    type Type = ec2::ManagedPrefixList;

    const NEEDS: Needs = &[READ.needs("ec2:DescribeManagedPrefixLists")];

    async fn look(
        aws: &Aws,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<ec2::ManagedPrefixListOutputs> {
        const OPERATION: &str = "DescribeManagedPrefixLists";
        let name = &request.args.prefix_list_name;
        let asked = aws.ec2().describe_managed_prefix_lists();
        // The account's own lists may have the same name.
        let asked =
            asked.filters(filter("prefix-list-name", name)).filters(filter("owner-id", "AWS"));
        let told = asked.send().await?;
        let none = || {
            let property = Some("prefix_list_name".to_owned());
            let message = format!("AWS has no prefix list {name} here");
            Error::refused(Problem::Invalid { property }, "ec2", OPERATION, message)
        };
        let list = told.prefix_lists().first().ok_or_else(none)?;
        let id = list.prefix_list_id().and_then(|id| PrefixListId::parse(id).ok());
        Ok(ec2::ManagedPrefixListOutputs {
            prefix_list_id: id,
            max_entries: list.max_entries().and_then(count),
        })
    }
}

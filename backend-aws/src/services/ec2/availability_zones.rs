//! `aws:ec2:AvailabilityZones`.

use infra_core::{aws::ec2, handler::TypedRequest};

use super::filter;
use crate::{
    aws::Aws,
    error::Answer,
    needs::{Needs, READ},
    once::Look,
};

pub(crate) struct AvailabilityZones;

impl Look for AvailabilityZones {
    type Type = ec2::AvailabilityZones;

    const NEEDS: Needs = &[READ.needs("ec2:DescribeAvailabilityZones")];

    async fn look(
        aws: &Aws,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<ec2::AvailabilityZonesOutputs> {
        let args = &request.args;
        let ask = aws.ec2().describe_availability_zones();
        let ask = ask.filters(filter("zone-type", args.zone_type.as_str()));
        let only = Some(args.include_zone_ids.clone()).filter(|ids| !ids.is_empty());
        let told = ask.set_zone_ids(only).send().await?;
        let zones = told.availability_zones().iter();
        let zones = zones.filter_map(|zone| {
            let (name, id) = (zone.zone_name()?.to_owned(), zone.zone_id()?.to_owned());
            (!args.exclude_zone_ids.contains(&id)).then_some((name, id))
        });
        let mut zones: Vec<(String, String)> = zones.collect();
        zones.sort();
        let (names, ids) = zones.into_iter().unzip();
        Ok(ec2::AvailabilityZonesOutputs { zone_names: Some(names), zone_ids: Some(ids) })
    }
}

//! Who is on the networks for managed services: databases, caches, files.

use std::collections::{BTreeMap, BTreeSet};

use super::Net;
use crate::containers::{agent::Failure, network::Member};

impl Net {
    /// Removes the interfaces of a managed service whose ids begin alike, but for some.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove_of(
        &self,
        service: &str,
        prefix: &str,
        but: &BTreeSet<String>,
    ) -> Result<(), Failure> {
        for member in self.members_of(service, prefix) {
            if !but.contains(&member.id) {
                self.remove(&member.id).await?;
            }
        }
        Ok(())
    }

    /// Who is there of a managed service, of those whose ids begin alike.
    pub fn members_of(&self, service: &str, prefix: &str) -> Vec<Member> {
        let known = self.known();
        let is_meant = |member: &&Member| {
            member.service.as_deref() == Some(service) && member.id.starts_with(prefix)
        };
        known.members.values().flat_map(BTreeMap::values).filter(is_meant).cloned().collect()
    }

    /// The managed services that somebody is there of whose id begins so: also those whose containers an
    /// earlier agent has removed, which was killed before it came to their interfaces.
    pub fn services(&self, prefix: &str) -> BTreeSet<String> {
        let known = self.known();
        let members = known.members.values().flat_map(BTreeMap::values);
        let meant = members.filter(|member| member.id.starts_with(prefix));
        meant.filter_map(|member| member.service.clone()).collect()
    }
}

//! What instances have mounted for their tasks: kept, and made anew when it dies; tasks that have a dead
//! one are found by it.
//!
//! A task says in a label which mount it was given, by its device: once another one is mounted there, the
//! task's answers nothing any more, and it is as one whose health check fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use tokio::time::sleep;

use super::{
    Inner,
    launch::now,
    lock,
    note::{MOUNTS, Task},
};
use crate::containers::{
    agent::Failure,
    files::{Files, KeptMount, MountStatus, devices},
    scheduler::{Event, InstanceStatus},
};

/// How often it is looked which instances have mounted what.
const LOOK: Duration = Duration::from_secs(2);

/// A mount that is kept, and how it was when people were told last.
struct Kept {
    mount: KeptMount,
    told: MountStatus,
}

impl Inner {
    /// Keeps what instances have mounted, for as long as they run.
    pub(super) async fn keep_mounts(self: Arc<Self>) {
        let mut kept: BTreeMap<(String, String), Kept> = BTreeMap::new();
        loop {
            let wanted = self.mounted().await;
            kept.retain(|which, _| wanted.contains_key(which));
            for (which, (zone, files)) in wanted {
                if kept.contains_key(&which) {
                    continue;
                }
                let host = self.launcher.host(&which.0);
                if let Some(mount) = files.keep(&host, &zone) {
                    kept.insert(which, Kept { mount, told: MountStatus::default() });
                }
            }
            for ((instance, files), kept) in &mut kept {
                let status = kept.mount.status().borrow().clone();
                for words in news(&kept.told, &status) {
                    self.tell_of_mount(instance, &format!("its files {files} {words}"));
                }
                kept.told = status;
            }
            sleep(LOOK).await;
        }
    }

    /// The files that each running instance has mounted, or had before they died, with its zone.
    async fn mounted(&self) -> BTreeMap<(String, String), (String, Arc<Files>)> {
        let all = lock(&self.launcher.files).clone();
        let instances = lock(&self.latest).fleet.instances.clone();
        let terminating = lock(&self.going).terminating.clone();
        let mut mounted = BTreeMap::new();
        let runs = instances.iter().filter(|it| it.status != InstanceStatus::Lost);
        for instance in runs.filter(|it| !terminating.contains(&it.id)) {
            // Names alone: a dead mount says nothing else.
            let folder = self.launcher.host(&instance.id).folder;
            let Ok(mut names) = tokio::fs::read_dir(&folder).await else { continue };
            while let Ok(Some(name)) = names.next_entry().await {
                let name = name.file_name().to_string_lossy().into_owned();
                if let Some(files) = all.get(&name) {
                    let which = (instance.id.clone(), name);
                    mounted.insert(which, (instance.zone.clone(), Arc::clone(files)));
                }
            }
        }
        mounted
    }

    fn tell_of_mount(&self, instance: &str, words: &str) {
        let groups = lock(&self.wanted).1.groups.keys().cloned().collect::<Vec<_>>();
        let group = groups.into_iter().find(|group| instance.starts_with(group.as_str()));
        let message = format!("(instance {instance}) {words}");
        self.say(group.as_deref().unwrap_or(instance), vec![Event { at: now(), message }]);
    }

    /// The tasks that have a mount that is no more.
    pub(super) async fn without_files(&self, tasks: &[Task]) -> Result<BTreeSet<String>, Failure> {
        let given = |task: &&Task| {
            task.containers.values().any(|container| container.labels.0.contains_key(MOUNTS))
        };
        if !tasks.iter().any(|task| given(&task)) {
            return Ok(BTreeSet::new());
        }
        let now = devices().await?;
        let has_dead = |task: &&Task| {
            let mut all = task.containers.values();
            all.any(|container| has_dead(container.labels.0.get(MOUNTS), &now))
        };
        Ok(tasks.iter().filter(has_dead).map(|task| task.id.clone()).collect())
    }
}

/// What people are to be told of a mount.
fn news(before: &MountStatus, status: &MountStatus) -> Vec<String> {
    let mut news = vec![];
    if status.renewed > before.renewed {
        news.push("were dead, and are mounted anew: tasks that had them are replaced.".to_owned());
    }
    if let Some(why) = status.message.as_ref().filter(|_| status.message != before.message) {
        news.push(format!("can't be had: {why}"));
    }
    news
}

/// Whether a container was given a mount in the place of which another one is now.
fn has_dead(label: Option<&String>, now: &BTreeMap<String, String>) -> bool {
    let given: Option<BTreeMap<String, String>> =
        label.and_then(|label| serde_json::from_str(label).ok());
    given.into_iter().flatten().any(|(at, device)| now.get(&at).is_some_and(|now| *now != device))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(at, device)| ((*at).to_owned(), (*device).to_owned())).collect()
    }

    #[test]
    fn a_task_has_a_dead_mount_once_another_one_is_in_its_place() {
        let label = serde_json::to_string(&named(&[("/i/fs-1", "0:7")])).unwrap();
        let dead = |now: &[(&str, &str)]| has_dead(Some(&label), &named(now));
        assert!(!dead(&[("/i/fs-1", "0:7"), ("/i/fs-2", "0:9")]));
        assert!(dead(&[("/i/fs-1", "0:8")]));
        // While nothing is there it may be the same that comes back to be seen; its checks say how it is.
        assert!(!dead(&[]));
        assert!(!has_dead(None, &named(&[("/i/fs-1", "0:8")])));
    }

    #[test]
    fn people_are_told_of_what_changed() {
        let well = MountStatus { mounted: true, renewed: 0, message: None };
        assert_eq!(news(&MountStatus::default(), &well), [""; 0]);
        let ill = MountStatus { mounted: false, message: Some("away".to_owned()), ..well.clone() };
        assert_eq!(news(&well, &ill), ["can't be had: away"]);
        assert_eq!(news(&ill, &ill), [""; 0]);
        let anew = MountStatus { renewed: 1, ..well };
        assert!(news(&ill, &anew)[0].starts_with("were dead, and are mounted anew"));
    }
}

//! What is done to a volume: each step may run again, also after it was broken off.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{
    super::{FilesError, Timing},
    Server,
    cli::Cli,
    decide::Action,
    said, server,
    spec::GlusterSpec,
};
use crate::containers::docker::Docker;

/// Whoever does it.
pub(super) struct Mender<'a> {
    pub(super) docker: &'a Docker,
    pub(super) spec: &'a GlusterSpec,
    pub(super) timing: Timing,
}

impl Mender<'_> {
    /// Does it; returns what was done, in words.
    pub(super) async fn act(&self, action: &Action) -> Result<String, FilesError> {
        let (docker, spec) = (self.docker, self.spec);
        let failed = || FilesError::docker(&spec.id, "restarting a server");
        match action {
            Action::Start(place) => {
                server::run(docker, spec, self.server(*place)).await?;
                Ok(format!("{} was not running and has been started", self.words(*place)))
            }
            Action::Restart(place) => {
                let name = self.container(*place);
                docker.kill(&name).await.map_err(failed())?;
                server::run(docker, spec, self.server(*place)).await?;
                Ok(format!("{} hung and has been started again", self.words(*place)))
            }
            Action::Renew(place) => {
                docker.remove(&self.container(*place)).await.map_err(failed())?;
                server::run(docker, spec, self.server(*place)).await?;
                Ok(format!("{} has been made anew, as it is to be now", self.words(*place)))
            }
            Action::Create { again } => self.create(*again).await,
            Action::Rejoin(place) => self.rejoin(*place).await,
            Action::Set(options) => self.set(options).await,
            Action::StartVolume => {
                self.first().run(&["volume", "start", &spec.volume], self.timing.ask_all).await?;
                Ok("the volume has been started".to_owned())
            }
            Action::StartBrick(place) => {
                // What runs already is left alone by this.
                let command = ["volume", "start", &*spec.volume, "force"];
                let name = self.container(*place);
                self.cli(&name).run(&command, self.timing.ask_all).await?;
                Ok(format!("the brick of {} has been started again", self.words(*place)))
            }
            Action::Refill(place) => self.refill(*place).await,
            Action::Heal => {
                let command = ["volume", "heal", &*spec.volume];
                self.first().run(&command, self.timing.ask_all).await?;
                Ok("the servers have been told to bring each other up to date".to_owned())
            }
            Action::OtherVolume(place) => self.other_volume(*place).await,
        }
    }

    fn server(&self, place: usize) -> &Server {
        &self.spec.servers[place]
    }

    fn container(&self, place: usize) -> String {
        self.spec.container(self.server(place)).name()
    }

    fn words(&self, place: usize) -> String {
        let Server { id, zone, .. } = self.server(place);
        format!("the server {id} in {zone}")
    }

    fn cli<'c>(&'c self, container: &'c str) -> Cli<'c> {
        Cli { docker: self.docker, id: &self.spec.id, container }
    }

    fn first(&self) -> FirstCli<'_> {
        FirstCli { mender: self, container: self.container(0) }
    }

    /// Brings all together and makes the volume.
    async fn create(&self, again: bool) -> Result<String, FilesError> {
        for place in 0..self.spec.servers.len() {
            self.probe(place).await?;
        }
        self.together().await?;
        let spec = self.spec;
        let count = spec.servers.len().to_string();
        let bricks: Vec<String> = spec.servers.iter().map(|server| spec.brick(server)).collect();
        let mut command = vec!["volume", "create", &*spec.volume, "replica", &*count];
        command.extend(bricks.iter().map(String::as_str));
        if again {
            self.check_no_files().await?;
            command.push("force");
        }
        let first = self.first();
        let made = first.run(&command, self.timing.ask_all).await;
        match made {
            // Whoever made it did not live to see it.
            Err(FilesError::Gluster { said, .. }) if said.contains("already exists") => {}
            made => {
                made?;
            }
        }
        let options: Vec<(String, String)> =
            spec.options.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        self.set(&options).await?;
        first.run(&["volume", "start", &spec.volume], self.timing.ask_all).await?;
        Ok("the volume has been made".to_owned())
    }

    /// A brick that is part of a volume that nobody knows may be what an attempt left. If it has
    /// files, they are somebody's.
    async fn check_no_files(&self) -> Result<(), FilesError> {
        let spec = self.spec;
        for server in &spec.servers {
            let name = spec.container(server).name();
            let folder = spec.folder();
            let command = ["sh", "-c", said::LOCAL, "sh", &spec.volume, &folder, "5"];
            let done = self.docker.try_exec(&name, &command, b"").await;
            let done = done.map_err(FilesError::docker(&spec.id, "looking at a brick"))?;
            if said::local(&done.text()).is_none_or(|local| local.files) {
                let reason = format!(
                    "the brick of {} has files, but no server knows of their volume: copy them from \
                     the Docker volume {} and remove it and those of the other servers",
                    server.id,
                    spec.brick_volume(server).name()
                );
                return Err(FilesError::Spec { id: spec.id.clone(), reason });
            }
        }
        Ok(())
    }

    /// Has a server get to know all others, by their addresses.
    async fn probe(&self, place: usize) -> Result<(), FilesError> {
        let name = self.container(place);
        for other in self.spec.servers.iter().filter(|other| **other != *self.server(place)) {
            let address = other.address.to_string();
            let command = ["peer", "probe", &*address];
            let deadline = Instant::now() + self.timing.together;
            loop {
                match self.cli(&name).run(&command, self.timing.ask_all).await {
                    Ok(_) => break,
                    // It has not started yet, or is being told of the others at this moment.
                    Err(error @ FilesError::Gluster { .. }) if Instant::now() >= deadline => {
                        return Err(error);
                    }
                    Err(FilesError::Gluster { .. }) => sleep(Duration::from_millis(200)).await,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Waits until each server is together with all others.
    async fn together(&self) -> Result<(), FilesError> {
        let deadline = Instant::now() + self.timing.together;
        let others = self.spec.servers.len() - 1;
        for place in 0..=others {
            let name = self.container(place);
            loop {
                // One that has not started yet fails: it sees nobody.
                let done = self.cli(&name).attempt(&["peer", "status"], self.timing.ask).await?;
                let there = said::peers(&done.text());
                if there == others {
                    break;
                }
                if Instant::now() >= deadline {
                    let waits_for =
                        format!("{} sees {there} of {others} others", self.words(place));
                    let (id, seconds) = (self.spec.id.clone(), self.timing.together.as_secs());
                    return Err(FilesError::Apart { id, seconds, waits_for });
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    async fn set(&self, options: &[(String, String)]) -> Result<String, FilesError> {
        if options.is_empty() {
            return Ok("no option differs".to_owned());
        }
        let mut command = vec!["volume", "set", &*self.spec.volume];
        command.extend(options.iter().flat_map(|(name, value)| [&**name, &**value]));
        self.first().run(&command, self.timing.ask_all).await?;
        let names: Vec<&str> = options.iter().map(|(name, _)| &**name).collect();
        Ok(format!("{} set", names.join(", ")))
    }

    /// A server that lost what it knew has its identity still: the others take it for the same one,
    /// and tell it of the volume when it starts.
    async fn rejoin(&self, place: usize) -> Result<String, FilesError> {
        let name = self.container(place);
        let cli = self.cli(&name);
        let mut reached = None;
        for other in self.spec.servers.iter().filter(|other| **other != *self.server(place)) {
            let address = other.address.to_string();
            match cli.run(&["peer", "probe", &address], self.timing.ask_all).await {
                Ok(_) => reached = Some(Ok(())),
                Err(error) => reached = reached.or(Some(Err(error))),
            }
        }
        // One of the others is enough: it tells of the third, too.
        if let Some(Err(error)) = reached {
            return Err(error);
        }
        let failed = || FilesError::docker(&self.spec.id, "restarting a server");
        let deadline = Instant::now() + self.timing.together;
        while Instant::now() < deadline {
            self.docker.stop(&name, Duration::from_secs(2)).await.map_err(failed())?;
            server::run(self.docker, self.spec, self.server(place)).await?;
            let patience = Instant::now() + Duration::from_secs(10);
            while Instant::now() < patience {
                let command = ["volume", "info", &*self.spec.volume];
                if cli.attempt(&command, self.timing.ask).await?.code == 0 {
                    return Ok(format!(
                        "{} had lost what it knew, and the others have told it",
                        self.words(place)
                    ));
                }
                sleep(Duration::from_millis(200)).await;
            }
        }
        let waits_for = format!("nobody tells {} of the volume", self.words(place));
        let (id, seconds) = (self.spec.id.clone(), self.timing.together.as_secs());
        Err(FilesError::Apart { id, seconds, waits_for })
    }

    /// Has a brick on an empty disk filled by the others.
    async fn refill(&self, place: usize) -> Result<String, FilesError> {
        let brick = self.spec.brick(self.server(place));
        // A server takes a brick that others told it of for its own only when it starts anew.
        let failed = || FilesError::docker(&self.spec.id, "restarting a server");
        let name = self.container(place);
        self.docker.stop(&name, Duration::from_secs(2)).await.map_err(failed())?;
        server::run(self.docker, self.spec, self.server(place)).await?;
        self.together().await?;
        let helper = self.container((place + 1) % self.spec.servers.len());
        let cli = self.cli(&helper);
        let volume = &*self.spec.volume;
        // It may have been begun by somebody who did not live to end it: then the second one tells.
        let start = ["volume", "reset-brick", volume, &brick, "start"];
        let begun = cli.run(&start, self.timing.ask_all).await;
        let commit = ["volume", "reset-brick", volume, &brick, &brick, "commit", "force"];
        match (begun, cli.run(&commit, self.timing.work).await) {
            (_, Ok(_)) => {}
            (Err(error), Err(FilesError::Gluster { .. })) | (_, Err(error)) => return Err(error),
        }
        cli.run(&["volume", "heal", volume, "full"], self.timing.ask_all).await?;
        Ok(format!("the disk of {} was empty: the others fill it", self.words(place)))
    }

    async fn other_volume(&self, place: usize) -> Result<String, FilesError> {
        let name = self.container(place);
        let command = ["sh", "-c", said::LOCAL, "sh", &*self.spec.volume, &self.spec.folder(), "5"];
        let done = self.docker.try_exec(&name, &command, b"").await;
        let done = done.map_err(FilesError::docker(&self.spec.id, "looking at a brick"))?;
        let local = said::local(&done.text()).unwrap_or_default();
        Err(FilesError::OtherVolume {
            node: self.server(place).id.clone(),
            found: local.brick.unwrap_or_default(),
            wanted: local.volume.unwrap_or_default().id,
            volume: self.spec.brick_volume(self.server(place)).name(),
        })
    }
}

/// The first server, which commands for all are given to.
struct FirstCli<'a> {
    mender: &'a Mender<'a>,
    container: String,
}

impl FirstCli<'_> {
    async fn run(&self, command: &[&str], patience: Duration) -> Result<String, FilesError> {
        self.mender.cli(&self.container).run(command, patience).await
    }
}

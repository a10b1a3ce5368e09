//! Starting a container.

use std::collections::HashMap;

use testcontainers::{
    ContainerRequest, GenericImage, ImageExt, ReuseDirective,
    bollard::models::{
        DeviceMapping, HostConfig, Mount, MountBindOptions, MountBindOptionsPropagationEnum,
        MountType, PortBinding, RestartPolicy, RestartPolicyNameEnum,
    },
    runners::AsyncRunner,
};

use super::{
    Docker, DockerError, Labels,
    spec::{Mounted, Network, Spec},
};

/// The label with the name of a container.
const NAME: &str = "infra.name";

impl Docker {
    /// Starts a container, or finds the one of its name; one that had ended is started anew, or made
    /// anew if it can't be. What it is does not change if it runs: whoever wants another one removes
    /// it first.
    ///
    /// Returns its id. It runs on when this process ends.
    ///
    /// # Errors
    /// If it can't be started.
    pub async fn run(&self, spec: &Spec) -> Result<String, DockerError> {
        // testcontainers would find it too, but not where it shares the network of another one.
        if let Some(there) = self.see(&spec.owner.name()).await? {
            if there.running || self.start(&there.id).await.is_ok() {
                return Ok(there.id);
            }
            // The container whose network it shared was made anew: so is it. What else may be wrong
            // is told by the attempt that follows.
            self.remove(&there.id).await?;
        }
        let (image, tag) = image_name(&spec.image)?;
        let mut generic = GenericImage::new(image, tag);
        if let Some(entrypoint) = &spec.entrypoint {
            generic = generic.with_entrypoint(entrypoint);
        }
        let request = request(ContainerRequest::from(generic), spec);
        let started = request.start().await.map_err(|source| DockerError::Start {
            name: spec.owner.name(),
            image: spec.image.clone(),
            source,
        })?;
        // It is marked for reuse: that it is dropped here does not end it.
        Ok(started.id().to_owned())
    }
}

/// The name of an image and its tag, or its digest.
fn image_name(image: &str) -> Result<(&str, &str), DockerError> {
    // A colon before a slash is that of a registry's port.
    let split = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    split.ok_or_else(|| DockerError::NoImageName(image.to_owned()))
}

fn request(
    mut request: ContainerRequest<GenericImage>,
    spec: &Spec,
) -> ContainerRequest<GenericImage> {
    // testcontainers looks for one to use again by a part of its name and by its labels, of which it
    // leaves out empty ones: without a label that no other has it would find `files-a` for `files`.
    let labels = Labels::of(&spec.owner).with(NAME, &spec.owner.name()).0.into_iter();
    let labels = labels.chain(spec.labels.iter().map(|(key, value)| (key.clone(), value.clone())));
    request = request
        .with_container_name(spec.owner.name())
        .with_labels(labels)
        .with_reuse(ReuseDirective::Always)
        .with_startup_timeout(spec.timeout)
        .with_readonly_rootfs(spec.read_only)
        .with_open_stdin(spec.serves);
    if !spec.command.is_empty() {
        request = request.with_cmd(spec.command.clone());
    }
    for (name, value) in &spec.environment {
        request = request.with_env_var(name, value);
    }
    for capability in &spec.capabilities {
        request = request.with_cap_add(capability);
    }
    if spec.drops_capabilities {
        request = request.with_cap_drop("ALL");
    }
    if let Some(user) = &spec.user {
        request = request.with_user(user);
    }
    if let Some(folder) = &spec.folder {
        request = request.with_working_dir(folder);
    }
    for (name, soft, hard) in &spec.limits {
        request = request.with_ulimit(name, *soft, Some(*hard));
    }
    if let Some(health) = &spec.health {
        request = request.with_health_check(health.clone());
    }
    let rest = spec.clone();
    request.with_host_config_modifier(move |host| modify(host, &rest))
}

/// What testcontainers has no words for.
fn modify(host: &mut HostConfig, spec: &Spec) {
    host.publish_all_ports = Some(false);
    // Not by testcontainers: it takes the network of another container for one that it has to make
    // and to remove, and waits for that while whoever shares the task waits for it.
    host.network_mode = Some(match &spec.network {
        Network::Of(container) => format!("container:{container}"),
        Network::On(network) => network.clone(),
    });
    host.port_bindings = match &spec.network {
        Network::Of(_) => None,
        Network::On(_) => Some(published(spec)),
    };
    host.extra_hosts = match &spec.network {
        Network::Of(_) => None,
        Network::On(_) => {
            Some(spec.hosts.iter().map(|(name, address)| format!("{name}:{address}")).collect())
        }
    };
    host.memory = spec.memory;
    host.cpu_shares = spec.cpu_shares;
    host.init = Some(true);
    let mounts: Vec<Mount> = spec.mounts.iter().filter_map(mount).collect();
    host.mounts = (!mounts.is_empty()).then_some(mounts);
    host.tmpfs = Some(spec.mounts.iter().filter_map(in_memory).collect());
    let device = |path: &String| DeviceMapping {
        path_on_host: Some(path.clone()),
        path_in_container: Some(path.clone()),
        cgroup_permissions: Some("rwm".to_owned()),
    };
    host.devices = Some(spec.devices.iter().map(device).collect());
    if spec.restarts {
        let name = Some(RestartPolicyNameEnum::UNLESS_STOPPED);
        host.restart_policy = Some(RestartPolicy { name, maximum_retry_count: None });
    }
}

fn published(spec: &Spec) -> HashMap<String, Option<Vec<PortBinding>>> {
    let ports = spec.published.iter().map(|(here, there)| {
        let here = PortBinding {
            host_ip: Some("127.0.0.1".to_owned()),
            host_port: Some(here.to_string()),
        };
        (format!("{there}/tcp"), Some(vec![here]))
    });
    ports.collect()
}

fn mount(mounted: &Mounted) -> Option<Mount> {
    let (typ, source, at, read_only, shared) = match mounted {
        Mounted::Volume { name, at, read_only } => (MountType::VOLUME, name, at, *read_only, false),
        Mounted::Host { path, at, read_only, shared } => {
            (MountType::BIND, path, at, *read_only, *shared)
        }
        Mounted::Memory { .. } => return None,
    };
    let propagation = shared.then_some(MountBindOptionsPropagationEnum::RSHARED);
    Some(Mount {
        typ: Some(typ),
        source: Some(source.clone()),
        target: Some(at.clone()),
        read_only: Some(read_only),
        bind_options: propagation.map(|propagation| MountBindOptions {
            propagation: Some(propagation),
            ..Default::default()
        }),
        ..Mount::default()
    })
}

fn in_memory(mounted: &Mounted) -> Option<(String, String)> {
    match mounted {
        Mounted::Memory { at, options } => Some((at.clone(), options.clone())),
        Mounted::Volume { .. } | Mounted::Host { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_with_a_port_is_no_tag() {
        assert_eq!(image_name("mysql:8.4").unwrap(), ("mysql", "8.4"));
        assert_eq!(image_name("localhost:5000/a/b:1").unwrap(), ("localhost:5000/a/b", "1"));
        let error = image_name("localhost:5000/a").unwrap_err().to_string();
        assert_eq!(error, "`localhost:5000/a` is no name of an image: it is `name:tag`");
    }
}

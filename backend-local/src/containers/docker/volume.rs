//! Volumes.

use super::{
    Docker, DockerError, Labels, Owner,
    bollard::{
        models::VolumeCreateRequest,
        query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptionsBuilder},
    },
    error::unless_gone,
};

impl Docker {
    /// Makes a volume, if it is not there; returns its name.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn ensure_volume(&self, owner: &Owner) -> Result<String, DockerError> {
        let name = owner.name();
        let request = VolumeCreateRequest {
            name: Some(name.clone()),
            labels: Some(Labels::of(owner).0),
            ..VolumeCreateRequest::default()
        };
        let made = self.api().create_volume(request).await;
        made.map_err(|source| DockerError::api("make the volume", &name, source))?;
        Ok(name)
    }

    /// Removes a volume that no container has.
    ///
    /// # Errors
    /// If Docker refuses: a container has it ([`DockerError::is_conflict`]). That it is gone is none.
    pub async fn remove_volume(&self, name: &str) -> Result<(), DockerError> {
        let options = RemoveVolumeOptionsBuilder::new().build();
        let removed = self.api().remove_volume(name, Some(options)).await;
        unless_gone("remove the volume", name, removed)
    }

    /// Removes all containers and volumes that have these labels: also what somebody had asked for
    /// who ended at that moment.
    ///
    /// # Errors
    /// If Docker refuses: a container without these labels has one of the volumes
    /// ([`DockerError::is_conflict`]). It can be done again.
    pub async fn remove_all(&self, labels: &Labels) -> Result<(), DockerError> {
        loop {
            let containers = self.find(labels).await?;
            for container in &containers {
                self.remove(&container.id).await?;
            }
            if containers.is_empty() {
                break;
            }
        }
        for (volume, _) in self.volumes(labels).await? {
            self.remove_volume(&volume).await?;
        }
        Ok(())
    }

    /// The volumes that have all these labels.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn volumes(&self, labels: &Labels) -> Result<Vec<(String, Owner)>, DockerError> {
        let options = ListVolumesOptionsBuilder::new().filters(&labels.filters()).build();
        let listed = self.api().list_volumes(Some(options)).await;
        let listed = listed.map_err(|source| DockerError::api("list", "volumes", source))?;
        let volumes = listed.volumes.unwrap_or_default().into_iter();
        let ours = volumes.filter_map(|volume| Some((volume.name, Labels(volume.labels).owner()?)));
        Ok(ours.collect())
    }
}

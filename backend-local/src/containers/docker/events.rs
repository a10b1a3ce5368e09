//! What happens to containers, as Docker tells it.

use futures_util::{Stream, StreamExt as _};

use super::{Docker, DockerError, Labels, bollard::query_parameters::EventsOptionsBuilder};

impl Docker {
    /// Tells the id of a container that ends and has all these labels, until Docker ends itself. Lists of Docker's
    /// may have it as running for a while ([`Known::forget`](super::Known::forget)).
    pub fn ends(&self, labels: &Labels) -> impl Stream<Item = Result<String, DockerError>> {
        let mut filters = labels.filters();
        for (key, value) in [("type", "container"), ("event", "die")] {
            filters.insert(key.to_owned(), vec![value.to_owned()]);
        }
        let options = EventsOptionsBuilder::new().filters(&filters).build();
        self.api().events(Some(options)).map(|told| {
            let told = told.map_err(|source| DockerError::api("tell of", "containers", source))?;
            Ok(told.actor.and_then(|actor| actor.id).unwrap_or_default())
        })
    }
}

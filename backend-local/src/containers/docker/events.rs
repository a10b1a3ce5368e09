//! What happens to containers, as Docker tells it.

use futures_util::{Stream, StreamExt as _};

use super::{Docker, DockerError, Labels, bollard::query_parameters::EventsOptionsBuilder};

impl Docker {
    /// Tells whenever a container ends that has all these labels, until Docker ends itself.
    pub fn ends(&self, labels: &Labels) -> impl Stream<Item = Result<(), DockerError>> {
        let mut filters = labels.filters();
        for (key, value) in [("type", "container"), ("event", "die")] {
            filters.insert(key.to_owned(), vec![value.to_owned()]);
        }
        let options = EventsOptionsBuilder::new().filters(&filters).build();
        self.api().events(Some(options)).map(|told| {
            told.map(drop).map_err(|source| DockerError::api("tell of", "containers", source))
        })
    }
}

//! [`Objects`]: the objects of one stack in a bucket, and how they are asked for.

use std::{fmt, sync::Arc, time::Duration};

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{Delete, ObjectIdentifier, ServerSideEncryption},
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use infra_core::{
    dsl::Provider,
    handler::{HandlerError, Problem},
    state::store::StoreError,
};

use super::refused::refused;
use crate::{
    aws::Factory,
    codes,
    error::{Answer, Error},
};

/// How often a call that came to nothing is made: with the pauses between, about ten seconds.
const TRIES: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// How many objects S3 deletes at once.
const AT_ONCE: usize = 1000;

/// The objects of one stack in a bucket. Keys are given without the prefix.
pub(super) struct Objects {
    pub(super) factory: Arc<Factory>,
    pub(super) bucket: String,
    /// Empty, or with a slash at its end.
    pub(super) prefix: String,
    /// What the objects are encrypted with; the bucket's own way if `None`.
    pub(super) kms_key: Option<String>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place(""))
    }
}

/// An object as it is.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) bytes: Vec<u8>,
    pub(super) etag: String,
}

/// An object of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) bytes: u64,
}

/// On which condition an object is put.
#[derive(Clone, Copy, Debug)]
pub(super) enum Only<'a> {
    /// There is none.
    IfAbsent,
    /// It is still this one.
    IfStill(&'a str),
}

impl Objects {
    /// An object, for messages.
    pub(super) fn place(&self, key: &str) -> String {
        format!("s3://{}/{}{key}", self.bucket, self.prefix)
    }

    async fn client(&self) -> Client {
        self.factory.of(&Provider::of_kind("aws")).await.s3().clone()
    }

    fn failed(&self, key: &str, what: &'static str, error: Error) -> StoreError {
        refused(self, key, what, error)
    }

    /// An object; `None` if there is none.
    pub(super) async fn get(&self, key: &str) -> Result<Option<Object>, StoreError> {
        let client = self.client().await;
        let name = format!("{}{key}", self.prefix);
        let asked = again(|| async {
            let asked = client.get_object().bucket(&self.bucket).key(&name).send().await;
            let told = match asked.map_err(located) {
                Ok(told) => told,
                Err(error) if is_absent(&error) => return Ok(None),
                Err(error) => return Err(error),
            };
            let etag = told.e_tag.ok_or_else(|| Error::incomplete("s3", "GetObject", "ETag"))?;
            let bytes = told.body.collect().await.map_err(|error| {
                Error::from(HandlerError::lost("s3", "GetObject", error.to_string()))
            })?;
            Ok(Some(Object { bytes: bytes.to_vec(), etag }))
        });
        asked.await.map_err(|error| self.failed(key, "read", error))
    }

    /// Puts an object on a condition. The tag of the new one; `None` if the condition did not hold,
    /// and what is there is something else: where an answer was lost, it may be the same.
    pub(super) async fn put(
        &self,
        key: &str,
        bytes: &[u8],
        only: Only<'_>,
    ) -> Result<Option<String>, StoreError> {
        let client = self.client().await;
        let name = format!("{}{key}", self.prefix);
        let made = again(|| async {
            let mut asked = client
                .put_object()
                .bucket(&self.bucket)
                .key(&name)
                .content_type("application/json")
                .body(ByteStream::from(bytes.to_vec()));
            asked = match only {
                Only::IfAbsent => asked.if_none_match("*"),
                Only::IfStill(etag) => asked.if_match(etag),
            };
            if let Some(key) = &self.kms_key {
                asked =
                    asked.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(key);
            }
            match asked.send().await.map_err(located) {
                Ok(told) => Ok(told.e_tag),
                Err(error) if is_other(&error, only) => Ok(None),
                Err(error) => Err(error),
            }
        });
        let made = made.await.map_err(|error| self.failed(key, "written", error))?;
        if made.is_some() {
            return Ok(made);
        }
        let there = self.get(key).await?;
        Ok(there.filter(|there| there.bytes == bytes).map(|there| there.etag))
    }

    /// The objects whose keys begin so, by key.
    pub(super) async fn list(&self, begin: &str) -> Result<Vec<Listed>, StoreError> {
        let client = self.client().await;
        let name = format!("{}{begin}", self.prefix);
        let (mut all, mut next) = (vec![], None::<String>);
        loop {
            let page = again(|| async {
                let asked = client.list_objects_v2().bucket(&self.bucket).prefix(&name);
                asked.set_continuation_token(next.clone()).send().await.map_err(located)
            });
            let page = page.await.map_err(|error| self.failed(begin, "listed", error))?;
            all.extend(page.contents().iter().filter_map(|object| {
                let key = object.key()?.strip_prefix(&self.prefix)?.to_owned();
                let bytes = u64::try_from(object.size().unwrap_or_default()).unwrap_or_default();
                Some(Listed { key, bytes })
            }));
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    /// Deletes objects.
    pub(super) async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        let client = self.client().await;
        for some in keys.chunks(AT_ONCE) {
            let ids = some.iter().map(|key| {
                let id = ObjectIdentifier::builder().key(format!("{}{key}", self.prefix));
                id.build().expect("the key is there")
            });
            let delete = Delete::builder().set_objects(Some(ids.collect())).quiet(true).build();
            let delete = delete.expect("the objects are there");
            let done = again(|| async {
                let asked = client.delete_objects().bucket(&self.bucket).delete(delete.clone());
                let told = asked.send().await.map_err(located)?;
                // Some may be refused where the call as a whole is not.
                let Some(error) = told.errors().first() else { return Ok(()) };
                let code = error.code().unwrap_or_default();
                let said = error.message().unwrap_or(code);
                let problem = codes::problem("s3", "DeleteObjects", code, said);
                Err(HandlerError::refused(problem, "s3", "DeleteObjects", code, said).into())
            });
            done.await.map_err(|error| self.failed(&some[0], "removed", error))?;
        }
        Ok(())
    }
}

/// Whether a refusal says that the condition did not hold.
fn is_other(Error(error): &Error, only: Only<'_>) -> bool {
    let gone = matches!(only, Only::IfStill(_)) && error.code == "NoSuchKey";
    error.code == "PreconditionFailed" || gone
}

/// Whether an error says that there is no such object. That there is no bucket is another one.
fn is_absent(error: &Error) -> bool {
    error.is_not_found() && error.0.code != "NoSuchBucket"
}

/// An error that says in which region the bucket is, where S3 says so beside its words.
fn located<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let region = error.raw_response().and_then(|told| told.headers().get("x-amz-bucket-region"));
    let region = region.map(str::to_owned);
    let moved = error.raw_response().is_some_and(|told| told.status().as_u16() == 301);
    let mut error = Error::from(error);
    if let Some(region) = region.filter(|_| moved || super::refused::is_elsewhere(&error.0)) {
        error.0.message = format!("the bucket is in {region}");
    }
    error
}

/// Makes a call until it comes to something, if another try may help. A try that came to no answer
/// may have been executed: the condition of the next one says so.
async fn again<T, F>(call: impl Fn() -> F + Send) -> Answer<T>
where
    F: Future<Output = Answer<T>> + Send,
{
    let mut tries = 1;
    loop {
        match call().await {
            Err(error) if is_passing(&error) && tries < TRIES => {
                // The pace of a network, not that of the clock by which leases go.
                tokio::time::sleep(FIRST_PAUSE * (1 << tries.min(6))).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

/// Whether another try may help.
fn is_passing(Error(error): &Error) -> bool {
    let conflict = ["ConditionalRequestConflict", "OperationAborted"].contains(&&*error.code);
    conflict
        || matches!(
            error.problem,
            Problem::Transient | Problem::Throttled { .. } | Problem::EventuallyConsistent
        )
}

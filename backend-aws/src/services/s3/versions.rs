//! The versions of objects, which go one by one.

use aws_sdk_s3::{
    operation::list_object_versions::ListObjectVersionsOutput,
    types::{Delete, ObjectIdentifier},
};

use crate::{
    aws::Aws,
    codes,
    error::{Answer, Error},
};

/// What is to go of a page: versions, and marks of deletions.
fn of_page(page: &ListObjectVersionsOutput, key: Option<&str>) -> Vec<ObjectIdentifier> {
    let versions = page.versions().iter().map(|it| (it.key(), it.version_id()));
    let marks = page.delete_markers().iter().map(|it| (it.key(), it.version_id()));
    let ours = versions.chain(marks).filter(|(name, _)| key.is_none() || *name == key);
    let ids = ours.filter_map(|(key, version)| {
        let id = ObjectIdentifier::builder().key(key?).set_version_id(version.map(str::to_owned));
        Some(id.build().expect("the key is there"))
    });
    ids.collect()
}

async fn delete(aws: &Aws, bucket: &str, ids: Vec<ObjectIdentifier>) -> Answer<()> {
    let delete = Delete::builder().set_objects(Some(ids)).quiet(true).build();
    let delete = delete.expect("the objects are there");
    let told = aws.s3().delete_objects().bucket(bucket).delete(delete).send().await?;
    // Some may be refused where the call as a whole is not.
    let Some(error) = told.errors().first() else { return Ok(()) };
    let (code, said) = (error.code().unwrap_or_default(), error.message().unwrap_or_default());
    let message = format!("{}: {code}: {said}", error.key().unwrap_or_default());
    let problem = codes::problem("s3", "DeleteObjects", code, said);
    Err(Error::refused(problem, "s3", "DeleteObjects", message))
}

/// Deletes all versions of an object, or of all objects of a bucket; says how many there were.
pub(super) async fn delete_all(aws: &Aws, bucket: &str, key: Option<&str>) -> Answer<usize> {
    let mut count = 0;
    let (mut after, mut after_version) = (None, None);
    loop {
        let asked = aws.s3().list_object_versions().bucket(bucket);
        let asked = asked.set_prefix(key.map(str::to_owned)).set_key_marker(after);
        let page = asked.set_version_id_marker(after_version).send().await?;
        let ids = of_page(&page, key);
        count += ids.len();
        // An object comes before all others whose names begin with its name.
        let last = ids.is_empty() || !page.is_truncated().unwrap_or_default();
        if !ids.is_empty() {
            delete(aws, bucket, ids).await?;
        }
        if last {
            return Ok(count);
        }
        (after, after_version) = (page.next_key_marker, page.next_version_id_marker);
    }
}

/// Some of what is in a bucket, for people.
pub(super) async fn some(aws: &Aws, bucket: &str) -> Answer<Vec<String>> {
    let page = aws.s3().list_object_versions().bucket(bucket).max_keys(5).send().await?;
    let ids = of_page(&page, None);
    Ok(ids.iter().map(|id| format!("the object {}", id.key())).collect())
}

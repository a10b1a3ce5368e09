//! What is special about a repository of images: its name, and what goes together.

use infra_core::{
    aws::ecr::{self, EncryptionType, ImageTagMutability},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::lifecycle_policy;
use crate::sim::{
    names::is_word,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Repository];

const CODES: Codes = Codes {
    not_found: "RepositoryNotFoundException",
    not_ready: "ServerException",
    exists: "RepositoryAlreadyExistsException",
    in_use: "RepositoryNotEmptyException",
    quota: "LimitExceededException",
};
/// What ECR says of whatever does not fit.
pub(super) const INVALID: &str = "InvalidParameterException";
/// AWS: CreateRepository, `imageTagMutabilityExclusionFilters`.
const FILTERS: usize = 5;

struct Repository;

impl Special for Repository {
    fn ty(&self) -> &'static TypeDef {
        ecr::Repository::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Registered repositories", adjustable.
        Some(100_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.id)?;
        check_mutability(asked)?;
        check_encryption(asked)?;
        if let Some(policy) = asked.get(ecr::Repository::LIFECYCLE_POLICY) {
            lifecycle_policy::check(&policy)?;
        }
        match asked.get(ecr::Repository::REPOSITORY_POLICY_TEXT) {
            Some(document) => policy::check(&document, Kind::Itself, "repository_policy_text")
                .map_err(|refusal| refusal.coded(INVALID)),
            None => Ok(()),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let (account, region) = (asked.account(), asked.region());
        let uri = format!("{account}.dkr.ecr.{region}.amazonaws.com/{}", asked.id);
        tell(outputs, ecr::Repository::REPOSITORY_URI, uri);
    }
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// Parts of a name begin and end with a letter or digit, and have one mark between two of them, or
/// two underscores, or hyphens.
fn check_name(name: &str) -> Result<(), Refusal> {
    let part_fits = |part: &str| {
        let ends = [part.chars().next(), part.chars().last()];
        let plain = |end: &Option<char>| end.is_some_and(|end| end.is_ascii_alphanumeric());
        let marks = part.split(|mark: char| mark.is_ascii_alphanumeric());
        let fits = |marks: &str| {
            matches!(marks, "" | "." | "_" | "__") || marks.chars().all(|mark| mark == '-')
        };
        ends.iter().all(plain) && marks.into_iter().all(fits)
    };
    if name.len() >= 2 && name.split('/').all(part_fits) {
        return Ok(());
    }
    refused(
        "repository_name",
        format!(
            "`repository_name` {name:?} must have 2 characters at least, and between slashes parts \
             that begin and end with a letter or digit, with single marks between them"
        ),
    )
}

fn check_mutability(asked: &Asked<'_>) -> Result<(), Refusal> {
    const FILTER: &str = "image_tag_mutability_exclusion_filters";
    let filters = asked.get(ecr::Repository::IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS);
    let mutability = asked.get(ecr::Repository::IMAGE_TAG_MUTABILITY);
    let with = matches!(
        mutability,
        Some(ImageTagMutability::MutableWithExclusion | ImageTagMutability::ImmutableWithExclusion)
    );
    let filters = match (filters, with) {
        (None, false) => return Ok(()),
        (Some(filters), true) => filters,
        (None, true) => {
            return refused(FILTER, format!("`{FILTER}` says which tags are the exception"));
        }
        (Some(_), false) => {
            let message = format!(
                "`{FILTER}` goes with a word of `image_tag_mutability` that \
                                   ends with WITH_EXCLUSION"
            );
            return refused(FILTER, message);
        }
    };
    if !(1..=FILTERS).contains(&filters.len()) {
        return refused(FILTER, format!("`{FILTER}` has {}, not 1 to {FILTERS}", filters.len()));
    }
    let fits = |filter: &str| is_word(filter, 128, "._*-") && filter.matches('*').count() <= 2;
    match filters.iter().find(|filter| !fits(&filter.filter)) {
        Some(bad) => refused(
            FILTER,
            format!(
                "`{FILTER}` {:?} must have 1 to 128 letters, digits and ._-, with two * at most",
                bad.filter
            ),
        ),
        None => Ok(()),
    }
}

fn check_encryption(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "encryption_configuration";
    let Some(encryption) = asked.get(ecr::Repository::ENCRYPTION_CONFIGURATION) else {
        return Ok(());
    };
    let Some(key) = &encryption.kms_key else { return Ok(()) };
    if encryption.encryption_type == EncryptionType::Aes256 {
        let message = format!("`{PROPERTY}.kms_key` goes with the `encryption_type` KMS");
        return refused(PROPERTY, message);
    }
    asked.check_key_at(PROPERTY, key.as_str(), "KmsException")
}

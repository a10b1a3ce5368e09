//! State and keys by URL: `s3://bucket/prefix?region=..`, `awskms://alias/state?region=..`.

use std::{collections::BTreeMap, sync::Arc};

use infra_core::{
    handler::{BackendError, Remote, RemoteRequest},
    state::{seal::KeySource, store::StateStore},
};
use url::Url;

use crate::{aws::AwsOptions, backend::AwsPlace};

const STATE: &str = "s3://bucket/prefix?region=eu-central-1";
const KEY: &str = "awskms://alias/state?region=eu-central-1";

/// A URL in its parts.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    /// What stands between the scheme and the settings: `bucket/prefix`, `alias/state`, an ARN.
    what: String,
    settings: BTreeMap<String, String>,
}

impl Named {
    /// The parts of a URL whose settings are among those known.
    fn parse(url: &str, known: &[&str], form: &str) -> Result<Self, BackendError> {
        let wrong = |why: String| BackendError {
            message: format!("`{url}`: {why}"),
            help: Some(format!("write it as `{form}`")),
            source: None,
        };
        let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
        let decoded = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded.map(|text| text.into_owned()).map_err(|error| wrong(error.to_string()))
        };
        let host = parsed.host_str().unwrap_or_default();
        let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
        let what = decoded(&format!("{host}{port}{}", parsed.path()))?;
        let settings: BTreeMap<String, String> = parsed.query_pairs().into_owned().collect();
        if let Some(other) = settings.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(wrong(format!("there is no setting `{other}`, only {}", known.join(", "))));
        }
        if let Some((name, _)) = settings.iter().find(|(_, value)| value.is_empty()) {
            return Err(wrong(format!("the setting `{name}` has no value")));
        }
        let what = what.trim_matches('/').to_owned();
        if what.is_empty() {
            return Err(wrong("it names nothing".to_owned()));
        }
        Ok(Self { what, settings })
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).cloned()
    }

    /// The options of the place, with what the URL says of its own.
    fn options(&self, place: &AwsPlace, request: &RemoteRequest) -> AwsOptions {
        let mut options = place.options_for(&request.region, &request.endpoints);
        options.region = self.setting("region").or(options.region);
        options.profile = self.setting("profile").or(options.profile);
        options
    }
}

#[cfg(not(all(feature = "s3", feature = "kms")))]
fn not_built(url: &str, feature: &str) -> BackendError {
    BackendError {
        message: format!("`{url}`: this binary was built without it"),
        help: Some(format!("build backend-aws with the feature `{feature}`, or with `aws`")),
        source: None,
    }
}

impl Remote for AwsPlace {
    fn states(&self) -> &'static [(&'static str, &'static str)] {
        &[("s3", STATE)]
    }

    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("awskms", KEY)]
    }

    #[cfg(feature = "s3")]
    fn state(&self, request: &RemoteRequest) -> Result<Arc<dyn StateStore>, BackendError> {
        let named = Named::parse(&request.url, &["region", "profile", "kms"], STATE)?;
        let (bucket, prefix) = named.what.split_once('/').unwrap_or((&named.what, ""));
        let RemoteRequest { project, stack, place, .. } = request;
        let prefix = format!("{prefix}/{project}/{stack}/{place}");
        let mut options = super::S3Options::new(bucket, prefix.trim_start_matches('/'));
        options.kms_key = named.setting("kms");
        Ok(Arc::new(super::S3Store::new(named.options(self, request), &options)))
    }

    #[cfg(not(feature = "s3"))]
    fn state(&self, request: &RemoteRequest) -> Result<Arc<dyn StateStore>, BackendError> {
        Err(not_built(&request.url, "s3"))
    }

    #[cfg(feature = "kms")]
    fn key(&self, request: &RemoteRequest) -> Result<Arc<dyn KeySource>, BackendError> {
        let named = Named::parse(&request.url, &["region", "profile"], KEY)?;
        let mut options = named.options(self, request);
        // arn:aws:kms:<region>:<account>:key/<id>
        let of_arn = named.what.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2));
        if let (Some(region), None) = (of_arn, named.setting("region")) {
            options.region = Some(region.to_owned());
        }
        let (project, stack) = (request.project.as_str(), request.stack.as_str());
        Ok(Arc::new(super::KmsKey::new(options, named.what, project, stack)))
    }

    #[cfg(not(feature = "kms"))]
    fn key(&self, request: &RemoteRequest) -> Result<Arc<dyn KeySource>, BackendError> {
        Err(not_built(&request.url, "kms"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(url: &str) -> Result<(String, Option<String>), String> {
        let named = Named::parse(url, &["region", "kms"], STATE);
        named.map(|it| (it.what.clone(), it.setting("kms"))).map_err(|error| error.message)
    }

    #[test]
    fn urls_name_buckets_keys_and_settings() {
        let arn = "arn:aws:kms:eu-central-1:123456789012:key/0af3";
        let own = |text: &str| text.to_owned();
        assert_eq!(named("s3://Campus-state/a/b/"), Ok((own("Campus-state/a/b"), None)));
        let with_key = format!("s3://state?region=eu-central-1&kms={arn}");
        assert_eq!(named(&with_key), Ok((own("state"), Some(own(arn)))));
        assert_eq!(named("awskms://alias/state"), Ok((own("alias/state"), None)));
        assert_eq!(named(&format!("awskms:///{arn}")), Ok((own(arn), None)));
    }

    #[test]
    fn what_is_wrong_with_a_url_is_told() {
        let wrong = |url| named(url).unwrap_err();
        assert_eq!(wrong("s3://"), "`s3://`: it names nothing");
        assert_eq!(
            wrong("s3://state?zone=a"),
            "`s3://state?zone=a`: there is no setting `zone`, only region, kms"
        );
        assert_eq!(
            wrong("s3://state?region="),
            "`s3://state?region=`: the setting `region` has no value"
        );
    }
}

//! AWS: acm DescribeCertificate, asked until the certificate is issued.

use crate::{aws::CertificateArn, resource};

/// Waits until a certificate is issued, and gives its ARN to what uses it.
///
/// Nothing of its own stands in the account. It fails when the certificate can't be issued any
/// more: AWS looks for the records for 72 hours.
///
/// ```
/// use infra_core::{
///     aws::{CertificateArn, acm::CertificateValidation},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let certificate = CertificateArn::parse("arn:aws:acm:eu-central-1:123456789012:certificate/1234abcd").unwrap();
/// # let record = Output::<String>::plain("_3639ac51.campus.example.org".to_owned());
/// let issued = CertificateValidation::named("web")
///     .certificate_arn(certificate)
///     .record_names([record])
///     .create(&stack);
/// stack.output("certificate", issued.issued_arn());
/// # assert!(stack.finish().problems.is_empty());
/// ```
// Nothing is made, so that it may be made again: the certificate, by whose ARN it goes, is there
// before it, and takes no key.
#[resource(
    "aws:acm:CertificateValidation",
    key(certificate_arn),
    find = token,
    create = "2min",
    timeout = "73h"
)]
pub struct CertificateValidation {
    /// The certificate. Changing it makes it wait for the other one.
    #[prop(replace, owner)]
    pub certificate_arn: CertificateArn,
    /// The names of the records that confirm its domains: outputs of
    /// [`Record`](crate::aws::route53::Record)s, for which it waits before it begins. Changes in
    /// place, without a call.
    pub record_names: Vec<String>,
    /// The ARN of the certificate, once it is issued. AWS: `CertificateArn`.
    #[output]
    pub issued_arn: CertificateArn,
}

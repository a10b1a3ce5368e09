//! The conformance suite on the simulator. See [`infra_tests::conformance`].
//!
//! To add a type, write its case (copy one of the same service) and add one line to `cases!`.

mod checks;
mod truth;

use infra_tests::conformance::Case;

/// Declares the modules of the cases and the list of them; the files have the names that they
/// have in the catalogue.
macro_rules! cases {
    ($($service:ident { $($file:ident),* $(,)? })*) => {
        $(mod $service { $(pub(super) mod $file;)* })*

        /// The cases of all types.
        fn cases() -> Vec<&'static Case> {
            let mut all: Vec<&'static Case> = vec![];
            $($(all.extend($service::$file::CASES);)*)*
            all
        }
    };
}

cases! {
    crypto { random_password, self_signed_certificate }
    ec2 { subnet, vpc }
    efs { access_point, file_system, mount_target }
    iam { instance_profile, role, role_policy, role_policy_attachment }
    logs { log_group }
    s3 { bucket, bucket_lifecycle, bucket_notification, bucket_policy, bucket_replication, object }
    secretsmanager { secret }
}

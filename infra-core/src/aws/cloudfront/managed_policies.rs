//! Policies that AWS keeps for everybody.

use crate::{
    aws::{CachePolicyId, OriginRequestPolicyId, ResponseHeadersPolicyId},
    dsl::{Input, IntoInput},
};

/// Declares policies that AWS keeps, each with its id.
macro_rules! managed {
    ($(#[$doc:meta])* $name:ident as $id:ident { $($(#[$of:meta])* $policy:ident = $uuid:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$of])* $policy,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$policy,)*];

            /// The id, which is the same in all accounts.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$policy => $uuid,)*
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoInput<$id> for $name {
            fn into_input(self) -> Input<$id> {
                Input::from_value(self.id().into())
            }
        }
    };
}

managed! {
    /// A cache policy that AWS keeps.
    ManagedCachePolicy as CachePolicyId {
        /// Caches as long as it may, whatever header, cookie or argument comes; compressed.
        CachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6",
        /// The same without compression.
        CachingOptimizedForUncompressedObjects = "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        /// Caches nothing.
        CachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        /// Caches for as long as the origin says, and not at all where it says nothing; by host,
        /// cookies and arguments.
        UseOriginCacheControlHeaders = "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
        /// The same by arguments too.
        UseOriginCacheControlHeadersQueryStrings = "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
    }
}

managed! {
    /// An origin request policy that AWS keeps.
    ManagedOriginRequestPolicy as OriginRequestPolicyId {
        /// The origin gets all that the client sent.
        AllViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3",
        /// The same, and what CloudFront knows of the client.
        AllViewerAndCloudFrontHeaders = "33f36d7e-f396-46d9-90e0-52428a34d9dc",
        /// The origin gets all but `Host`, which is its own name then.
        AllViewerExceptHostHeader = "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        /// The origin gets what a page of another site asks with.
        CorsCustomOrigin = "59781a5b-3903-41f3-afcb-af62929ccde1",
        /// The same for a bucket.
        CorsS3Origin = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
        /// The origin gets `User-Agent` and `Referer`.
        UserAgentRefererHeaders = "acba4595-bd28-49b8-b9fe-13317c0390fa",
    }
}

managed! {
    /// A policy for headers of answers that AWS keeps.
    ManagedResponseHeadersPolicy as ResponseHeadersPolicyId {
        /// Any site may ask, without cookies.
        SimpleCors = "60669652-455b-4ae9-85a4-c4c02393f86c",
        /// Any site may ask, with any method.
        CorsWithPreflight = "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
        /// Headers that keep browsers from much: HTTPS alone, no frames of other sites.
        SecurityHeaders = "67f7725c-6f97-4210-82d7-5512b31e9d03",
        /// The same, and any site may ask.
        CorsAndSecurityHeaders = "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    }
}

//! The case of `aws:ec2:PrefixList`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{AddressFamily, PrefixList, PrefixListBuilder, PrefixListEntry},
    dsl::Provided,
    prelude::*,
};

fn subject(family: AddressFamily) -> PrefixListBuilder<Provided, Provided, Provided> {
    PrefixList::named("subject")
        .prefix_list_name("campus")
        .address_family(family)
        .max_entries(10_u32)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: PrefixList::definition,
    build: |stack, v| {
        let family = v.is("address_family");
        let family = if family { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 };
        let library = PrefixListEntry::new("192.0.2.0/24").description("library");
        let other = PrefixListEntry::new("198.51.100.0/24").description("dormitories");
        // What is not changed has no range, which would be one of the other family.
        let entries = if v.is("entries") { vec![library, other] } else { vec![] };
        PrefixList::named("subject")
            .prefix_list_name(v.pick("prefix_list_name", "campus", "college"))
            .address_family(family)
            .max_entries(v.pick("max_entries", 10_u32, 20_u32))
            .entries(entries)
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "prefix_list_name",
            build: |stack| {
                PrefixList::named("subject")
                    .prefix_list_name("com.amazonaws.campus")
                    .address_family(AddressFamily::Ipv4)
                    .max_entries(10_u32)
                    .create(stack);
            },
            says: "which AWS keeps for itself",
        },
        Refused {
            property: "max_entries",
            build: |stack| {
                PrefixList::named("subject")
                    .prefix_list_name("campus")
                    .address_family(AddressFamily::Ipv4)
                    .max_entries(1001_u32)
                    .create(stack);
            },
            says: "1001 must be between 1 and 1000",
        },
        Refused {
            property: "entries",
            build: |stack| {
                let entries =
                    (0..11).map(|n| PrefixListEntry::new(format!("10.{n}.0.0/16").as_str()));
                subject(AddressFamily::Ipv4).entries(entries.collect::<Vec<_>>()).create(stack);
            },
            says: "has 11 ranges; `max_entries` allows 10",
        },
        Refused {
            property: "entries",
            build: |stack| {
                let entries = [PrefixListEntry::new("192.0.2.0/24")];
                subject(AddressFamily::Ipv6).entries(entries).create(stack);
            },
            says: "is no range of the `address_family` IPv6",
        },
        Refused {
            property: "entries",
            build: |stack| {
                let entry = || PrefixListEntry::new("2001:db8::/32");
                subject(AddressFamily::Ipv6).entries([entry(), entry()]).create(stack);
            },
            says: "2001:db8::/32 is named twice",
        },
        Refused {
            property: "entries[0].cidr",
            build: |stack| {
                let entries = [PrefixListEntry::new("192.0.2.1/24")];
                subject(AddressFamily::Ipv4).entries(entries).create(stack);
            },
            says: "write 192.0.2.0/24",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::PrefixList",
        differs: &[
            ("AddressFamily", "replaces here: ModifyManagedPrefixList has no parameter for it"),
            (
                "MaxEntries",
                "required here, as by the API: it decides how many rules the list counts as",
            ),
        ],
        renamed: &[],
    },
}];

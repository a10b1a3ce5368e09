//! [`SettingsError`]: settings that make no site.

use infra_core::Ipv4Net;

use crate::{Branch, Clock, MoodleVersion};

/// Settings that make no site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The range of the network does not suffice, or is larger than a VPC may be.
    #[error("the network's range {cidr} is no /16 to /22: take one such as 10.0.0.0/20")]
    Range {
        /// The range.
        cidr: Ipv4Net,
    },
    /// Too few zones to survive the loss of one, or more than the layout has room for.
    #[error("{zones} availability zones: a site needs 2 to 4, to survive one")]
    Zones {
        /// How many.
        zones: u8,
    },
    /// The version of the database's engine is none of Aurora MySQL.
    #[error(
        "the database's version {version:?} is none of Aurora MySQL: \
         take one such as 8.4.mysql_aurora.8.4.7"
    )]
    EngineVersion {
        /// The version.
        version: String,
    },
    /// What is asked for is no version of Moodle.
    #[error("{version:?} is no version of Moodle: give one such as 5.2.0")]
    MoodleVersion {
        /// What was given.
        version: String,
    },
    /// A version of Moodle whose needs are not known.
    #[error("what Moodle {version} needs is not known here: take one of 4.5, 5.0, 5.1 and 5.2")]
    UnknownMoodle {
        /// The version.
        version: MoodleVersion,
    },
    /// The database is older than Moodle needs.
    #[error(
        "Moodle {moodle} needs MySQL {needed}, and the database is {version}: \
         take one such as 8.4.mysql_aurora.8.4.7, or Moodle 4.5"
    )]
    OldDatabase {
        /// The version of Moodle.
        moodle: MoodleVersion,
        /// What it needs at least.
        needed: Branch,
        /// The database's version.
        version: String,
    },
    /// The version is older than the one that the site has.
    #[error(
        "Moodle {from} is not taken back to {to}: a database is restored from the snapshot that was \
         taken before its upgrade, with `.restored_from`"
    )]
    Downgrade {
        /// The version that the site has.
        from: MoodleVersion,
        /// The version that was asked for.
        to: MoodleVersion,
    },
    /// Fewer instances of the database than one, or more than AWS allows.
    #[error("{instances} database instances: a cluster has 1 to 15, at least 2 to be available")]
    Instances {
        /// How many.
        instances: u8,
    },
    /// No hosts at all, or fewer at most than at least.
    #[error("{min} to {max} hosts: there is at least one, and no less at most than at least")]
    Hosts {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// The service starts with more or fewer tasks than there may be.
    #[error(
        "{tasks} tasks, of {min} to {max}: there is at least one, and as many as the service starts \
         with"
    )]
    Tasks {
        /// How few there may be.
        min: u32,
        /// How many there may be.
        max: u32,
        /// With how many the service starts.
        tasks: u32,
    },
    /// What the site is to be reached by is no name of a host.
    #[error(
        "{domain:?} is no name of a host: give one such as moodle.example.edu, without https://"
    )]
    Domain {
        /// What was given.
        domain: String,
    },
    /// Uploads of nothing, or larger than a task has room for.
    #[error("an upload of {upload} MiB: give 1 to {most}, and no more than the edge lets pass")]
    Upload {
        /// How large, in MiB.
        upload: u32,
        /// The most, in MiB.
        most: u32,
    },
    /// A request may take longer than the balancer waits for it.
    #[error(
        "a request of {seconds} s: give 1 to {most}, for as long as the balancer waits for an answer"
    )]
    LongestRequest {
        /// How long, in seconds.
        seconds: u32,
        /// The most, in seconds.
        most: u32,
    },
    /// Uploads that the edge does not let pass.
    #[error(
        "an upload of {upload} MiB, with a form of {form} MiB around it: {edge} lets uploads of \
         {most} MiB pass; give that, or another plan"
    )]
    EdgeUpload {
        /// What stands at the edge.
        edge: String,
        /// How large, in MiB.
        upload: u32,
        /// What a form has besides its file, in MiB.
        form: u32,
        /// The most, in MiB.
        most: u32,
    },
    /// A request may take longer than the edge waits for it.
    #[error("a request of {seconds} s: {edge} waits for {most} s; give 1 to {most}")]
    EdgeRequest {
        /// What stands at the edge.
        edge: String,
        /// How long, in seconds.
        seconds: u32,
        /// The most, in seconds.
        most: u32,
    },
    /// The site's name is not in the zone of the edge.
    #[error("the zone {zone} does not answer for {domain}: name the zone that the site is in")]
    EdgeZone {
        /// The site's name.
        domain: String,
        /// The zone.
        zone: String,
    },
    /// A campus of everybody.
    #[error("0.0.0.0/0 as a campus takes the limits away for everybody: name its own ranges")]
    Campus,
    /// The delivery is reached at the balancer, which lets in the edge alone.
    #[error(
        "the delivery is reached at the balancer itself, which lets in the edge alone: choose \
         Edge::Direct, or have the delivery before another site"
    )]
    DeliveryEdge,
    /// Everybody may say from where a request comes.
    #[error(
        "0.0.0.0/0 as an edge lets everybody choose the address that they come from: \
         name the ranges of the content delivery network, or none"
    )]
    Edge,
    /// What is to be a day of every year is none.
    #[error(
        "{day:?} is no day of every year: write month and day, such as 09-14; for the 29th of \
         February take the day before or after"
    )]
    Day {
        /// What was given.
        day: String,
    },
    /// What is to be a time is none.
    #[error("{clock:?} is no time: write hour and minute, such as 07:30")]
    Clock {
        /// What was given.
        clock: String,
    },
    /// Exams that end before they begin, or begin so early that instances start the day before.
    #[error("exams from {from} to {until}: let them end after they begin, and begin after 00:15")]
    Exams {
        /// When they begin.
        from: Clock,
        /// When they end.
        until: Clock,
    },
    /// Backups at no hour of the night.
    #[error("backups at {hour} o'clock: give 0 to 22, since the files follow an hour later")]
    BackupHour {
        /// The hour.
        hour: u8,
    },
    /// Backups that expire while they are locked: AWS would refuse to make them.
    #[error(
        "backups are kept for {keep} days and locked for {locked} days: keep them for as long as \
         they are locked, or longer"
    )]
    BackupLock {
        /// How long they are kept.
        keep: u32,
        /// How long they are locked.
        locked: u32,
    },
    /// Who is to be told by mail has no address.
    #[error(
        "alarms are told to {address:?}, which is no address: give one such as ops@example.edu"
    )]
    MailTo {
        /// What was given.
        address: String,
    },
    /// A month may cost nothing.
    #[error("a month may cost 0 US dollars: give an amount, such as 1500, or no budget")]
    Budget,
    /// What mail is to be from is no address.
    #[error("mail from {from:?}, which is no address: give one such as noreply@example.edu")]
    MailFrom {
        /// What was given.
        from: String,
    },
    /// What mail is to be from is no address of the domain that is signed for.
    #[error("mail from {from}, which is no address of {domain}: SES sends from that domain alone")]
    MailDomain {
        /// The address.
        from: String,
        /// The domain.
        domain: String,
    },
    /// More tasks than there is room for.
    #[error(
        "{wanted} tasks are asked for, and there is room for {tasks} ({by}: {why}): ask for fewer \
         people, or for more of what bounds them"
    )]
    Room {
        /// How many are asked for.
        wanted: u32,
        /// How many there can be.
        tasks: u32,
        /// What bounds them.
        by: &'static str,
        /// How that comes about.
        why: String,
    },
    /// A budget, and no price of the instances.
    #[error(
        "what instances may cost is bounded, and the price of {instance_type} is not known: take a \
         type whose price is, or no budget"
    )]
    NoPrice {
        /// The type.
        instance_type: String,
    },
    /// What is to be a season is none.
    #[error("{season:?} is no season: take holidays, semester or exams")]
    Season {
        /// What was given.
        season: String,
    },
    /// The controller of the delivery is reached by everybody, or by nobody.
    #[error(
        "the delivery is reached from {}: name the addresses of those who deliver, such as \
         192.0.2.0/24",
        if *everybody { "everywhere (0.0.0.0/0)" } else { "nowhere" }
    )]
    DeliveryRanges {
        /// Whether by everybody.
        everybody: bool,
    },
    /// GlusterFS keeps the files in three zones.
    #[error("{zones} availability zones, and GlusterFS keeps the files in three: give 3 or 4")]
    GlusterZones {
        /// How many.
        zones: usize,
    },
    /// Disks that AWS does not have.
    #[error(
        "disks of {disk} GiB with {iops} operations a second: give 1 to 65536 GiB, and 3000 to {most} \
         operations (500 for each GiB at most)"
    )]
    GlusterDisk {
        /// How large, in GiB.
        disk: u32,
        /// How many operations a second.
        iops: u32,
        /// How many there may be.
        most: u32,
    },
    /// The files are not on EFS, where the delivery keeps its home.
    #[error("the delivery keeps its home on EFS, and the site's files are elsewhere: choose EFS")]
    DeliveryStorage,
    /// Nothing says where the delivery pushes images to.
    #[error("the delivery has no repository for images: name one, `ImageRepository::of(..)`")]
    DeliveryRepository,
    /// The controller of the delivery would have the name of the site.
    #[error("the delivery has the name of the site, {domain}: give it one of its own")]
    DeliveryDomain {
        /// The name.
        domain: String,
    },
    /// The delivery's repository is not reached by HTTPS.
    #[error("the delivery's repository is {url:?}: give an address that begins with https://")]
    DeliveryGit {
        /// The address.
        url: String,
    },
}

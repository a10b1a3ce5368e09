//! [`Door`]: how the controller is reached, and whom it reaches.

use infra_core::{
    aws::{
        ec2::{RuleDirection, SecurityGroup},
        elbv2::{
            Action, FixedResponseAction, HostHeader, ListenerRule, Matcher, Protocol,
            RuleCondition, SourceIp, TargetGroup, TargetType,
        },
    },
    prelude::*,
};

use super::DeliverySettings;
use crate::{
    Foundation, SecurityGroups, ports,
    security::{Rule, link, rule},
};

/// The page that the balancer asks for: it is there for people who are not logged in.
pub(super) const HEALTH: &str = "/login";

/// How many addresses fit into a rule beside the name of the host: AWS allows five values.
const RANGES: usize = 4;

/// How the controller is reached.
pub(super) struct Door {
    pub(super) security_group: SecurityGroup,
    pub(super) target_group: TargetGroup,
    pub(super) rules: Vec<ListenerRule>,
}

impl Door {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        groups: &SecurityGroups,
        edge: &[Ipv4Net],
        settings: &DeliverySettings,
    ) -> Self {
        let security_group = SecurityGroup::named("jenkins")
            .vpc_id(&on.network.vpc)
            .group_description("Jenkins: from the load balancer alone")
            .create(stack);
        paths(stack, &security_group, groups, settings);
        open(stack, groups, edge, settings);
        let target_group = TargetGroup::named("jenkins")
            .vpc_id(&on.network.vpc)
            .protocol(Protocol::Http)
            .port(ports::APP)
            .target_type(TargetType::Ip)
            .health_check_path(HEALTH)
            .health_check_interval_seconds(Seconds(15))
            .healthy_threshold_count(2_u32)
            .unhealthy_threshold_count(4_u32)
            .matcher(Matcher::http("200"))
            // Builds go on in the browser's absence, and the old task is to make room.
            .deregistration_delay(Seconds(15))
            .create(stack);
        let rules = rules(stack, on, &target_group, settings);
        Self { security_group, target_group, rules }
    }
}

/// Who speaks to whom.
fn paths(
    stack: &Stack,
    jenkins: &SecurityGroup,
    groups: &SecurityGroups,
    settings: &DeliverySettings,
) {
    let (balancer, files) = (("balancer", &groups.balancer), ("files", &groups.files));
    link(stack, balancer, ("jenkins", jenkins), "", (ports::APP, ports::APP));
    link(stack, ("jenkins", jenkins), files, "", (ports::FILES, ports::FILES));
    let everywhere = |rule: Rule| rule.cidr_ipv4("0.0.0.0/0").create(stack);
    // Git, AWS, and the site that it looks at.
    everywhere(rule("jenkins-to-internet", jenkins, RuleDirection::Egress, ports::HTTPS));
    if settings.executors > 0 {
        // Images are built by the host's Docker, and Debian's packages come by HTTP, signed.
        everywhere(rule("hosts-to-internet-80", &groups.hosts, RuleDirection::Egress, ports::HTTP));
    }
}

/// Opens the balancer for those who do not reach it as it is.
fn open(stack: &Stack, groups: &SecurityGroups, edge: &[Ipv4Net], settings: &DeliverySettings) {
    let inside = |range: &Ipv4Net| edge.iter().any(|known| known.contains(range));
    let outside = settings.reached_from.iter().filter(|range| !inside(range));
    for (index, range) in outside.enumerate() {
        rule(&format!("balancer-{index}"), &groups.balancer, RuleDirection::Ingress, ports::HTTPS)
            .cidr_ipv4(*range)
            .create(stack);
    }
}

/// Those who may come are let in, and whoever else asks for that name is turned away: the next rule
/// would give them the site.
fn rules(
    stack: &Stack,
    on: &Foundation<'_>,
    target_group: &TargetGroup,
    settings: &DeliverySettings,
) -> Vec<ListenerRule> {
    let host = || RuleCondition::host_header(HostHeader::new().values([settings.domain.as_str()]));
    let make = |place: usize, name: String, conditions: Vec<RuleCondition>, action: Action| {
        let place = u32::try_from(place).expect("there are fewer ranges than numbers");
        ListenerRule::named(name)
            .listener_arn(&on.balancer.https)
            .priority(settings.priority.saturating_add(place))
            .conditions(conditions)
            .actions([action])
            .create(stack)
    };
    let chunks = settings.reached_from.chunks(RANGES);
    let mut rules: Vec<ListenerRule> = chunks
        .enumerate()
        .map(|(place, ranges)| {
            let from = RuleCondition::source_ip(SourceIp::new(ranges.to_vec()));
            make(place, format!("jenkins-{place}"), vec![host(), from], Action::to(target_group))
        })
        .collect();
    let refusal = Action::fixed_response(FixedResponseAction::new(403_u16));
    rules.push(make(rules.len(), "nobody-else".to_owned(), vec![host()], refusal));
    rules
}

//! Instances with their disks, and tasks that run without any.

use super::Sheet;
use crate::{
    analysis::{Hosts, Tasks},
    aws::{
        ec2::{Instance, LaunchTemplate, Volume},
        ecs::{LaunchType, Service},
    },
    graph::Node,
    value::Value,
};

/// Metrics that detailed monitoring of an instance adds. Source: the CloudWatch price page's
/// example for it.
const MONITORED: f64 = 7.0;

/// The disk that a template asks for where it says no size: that of the image. Source: the size of
/// the ECS-optimised images of Amazon Linux 2023.
const IMAGE_GIB: i64 = 30;

pub(super) fn count(sheet: &mut Sheet<'_>) {
    for hosts in Hosts::all(sheet.outline) {
        group(sheet, &hosts);
    }
    for tasks in Tasks::all(sheet.outline) {
        fargate(sheet, &tasks);
    }
    let outline = sheet.outline;
    for instance in outline.all::<Instance>() {
        let ty = outline.value(&instance, Instance::INSTANCE_TYPE);
        let ty = ty.as_str().unwrap_or("?");
        sheet.fixed(instance.node, &format!("instance {ty}"), &format!("ec2/{ty}"), 1.0);
        let mappings = outline.value(&instance, Instance::BLOCK_DEVICE_MAPPINGS);
        disks(sheet, instance.node, mappings.items(), (1.0, 1.0));
    }
    for volume in outline.all::<Volume>() {
        let size = outline.value(&volume, Volume::SIZE).as_int().unwrap_or(0);
        let kind = outline.value(&volume, Volume::VOLUME_TYPE);
        disk(sheet, volume.node, kind.as_str().unwrap_or("gp3"), size, (1.0, 1.0));
    }
}

fn group(sheet: &mut Sheet<'_>, hosts: &Hosts<'_>) {
    let node = hosts.group.node;
    let bounds = (f64::from(hosts.least), f64::from(hosts.most));
    let ty = match hosts.types.as_slice() {
        [ty] => ty,
        [] => {
            return sheet.not_told(format!("instances of {}: of no known type", node.urn.short()));
        }
        [first, ..] => {
            // Which of them come, AWS decides; the first is the one that is wanted most.
            sheet.not_told(format!("the other types of {}", node.urn.short()));
            first
        }
    };
    sheet.add(node, &format!("instances {ty}"), &format!("ec2/{ty}"), bounds, 1.0);
    for template in hosts.templates(sheet.outline) {
        let data = sheet.outline.value(&template, LaunchTemplate::LAUNCH_TEMPLATE_DATA);
        let mappings = data.field("block_device_mappings").map(Value::items).unwrap_or_default();
        disks(sheet, node, mappings, bounds);
        let monitoring = data.field("monitoring").and_then(|it| it.field("enabled"));
        if monitoring.and_then(Value::as_bool) == Some(true) {
            sheet.add(
                node,
                "figures of each by the minute",
                "cloudwatch/metric",
                bounds,
                MONITORED,
            );
        }
    }
}

fn disks(sheet: &mut Sheet<'_>, node: &Node, mappings: &[Value], bounds: (f64, f64)) {
    let disks: Vec<&Value> = mappings.iter().filter_map(|mapping| mapping.field("ebs")).collect();
    for ebs in &disks {
        let kind = ebs.field("volume_type").and_then(Value::as_str).unwrap_or("gp3");
        let size = ebs.field("volume_size").and_then(Value::as_int).unwrap_or(IMAGE_GIB);
        if ebs.field("iops").is_some() || ebs.field("throughput").is_some() {
            let name = node.urn.short();
            sheet.not_told(format!("operations and throughput of the disks of {name}"));
        }
        disk(sheet, node, kind, size, bounds);
    }
    if disks.is_empty() {
        disk(sheet, node, "gp3", IMAGE_GIB, bounds);
    }
}

fn disk(sheet: &mut Sheet<'_>, node: &Node, kind: &str, size: i64, bounds: (f64, f64)) {
    let size = f64::from(i32::try_from(size).unwrap_or(i32::MAX));
    let what = format!("disks {kind} of {size} GiB");
    sheet.add(node, &what, &format!("ebs/{kind}"), bounds, size);
}

fn fargate(sheet: &mut Sheet<'_>, tasks: &Tasks<'_>) {
    let outline = sheet.outline;
    let launch = outline.get(&tasks.service, Service::LAUNCH_TYPE);
    let strategy = outline.value(&tasks.service, Service::CAPACITY_PROVIDER_STRATEGY).to_string();
    if launch != Some(LaunchType::Fargate) && !strategy.contains("FARGATE") {
        return;
    }
    let (node, bounds) = (tasks.service.node, (f64::from(tasks.least), f64::from(tasks.most)));
    let cpu = f64::from(tasks.cpu) / 1024.0;
    let memory = f64::from(tasks.memory.0) / 1024.0;
    sheet.add(node, &format!("tasks of {cpu} processors"), "fargate/cpu", bounds, cpu);
    sheet.add(node, &format!("tasks of {memory} GiB"), "fargate/memory", bounds, memory);
}

//! What is special about a scaling policy: what it scales is registered, and its figure is one of
//! that.

use infra_core::{
    aws::applicationautoscaling::{
        self, PredefinedMetric, ScalableDimension, StepScalingArgs, TargetTrackingArgs,
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::scalable_target::{CODES, INVALID};
use crate::sim::{
    identity::digits,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ScalingPolicy];

type P = applicationautoscaling::ScalingPolicy;
type T = applicationautoscaling::ScalableTarget;

/// AWS: "Step adjustments per step scaling policy".
const STEPS: usize = 20;

struct ScalingPolicy;

impl Special for ScalingPolicy {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(dimension) = asked.get(P::SCALABLE_DIMENSION) else { return Ok(()) };
        target_of(asked, &asked.get(P::RESOURCE_ID).unwrap_or_default(), dimension)?;
        if let Some(tracking) = asked.get(P::TARGET_TRACKING) {
            check_tracking(&tracking, dimension)?;
        }
        asked.get(P::STEP_SCALING).map_or(Ok(()), |steps| check_steps(&steps))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let (region, account) = (asked.region(), asked.account());
        let resource = asked.get(P::RESOURCE_ID).unwrap_or_default();
        let name = asked.get(P::POLICY_NAME).unwrap_or_default();
        let number = digits(&format!("{}/{}", asked.scope, asked.id), 0, 32);
        let namespace = asked.get(P::SCALABLE_DIMENSION).map(namespace).unwrap_or_default();
        let arn = format!(
            "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{number}:resource/{namespace}/\
             {resource}:policyName/{name}"
        );
        tell(outputs, P::POLICY_ARN, arn);
    }
}

/// The service that a dimension belongs to: its first part.
pub(super) fn namespace(dimension: ScalableDimension) -> &'static str {
    dimension.as_str().split(':').next().expect("a text has a first part")
}

/// The target that a resource and a dimension of it are registered as.
pub(super) fn target_of<'a>(
    asked: &Asked<'a>,
    resource: &str,
    dimension: ScalableDimension,
) -> Result<&'a Object, Refusal> {
    let mut targets = asked.world.all(T::definition().name, asked.scope);
    let found = targets.find(|target| {
        of(target, T::RESOURCE_ID).is_some_and(|it| it == resource)
            && of(target, T::SCALABLE_DIMENSION) == Some(dimension)
    });
    if let Some(target) = found {
        return Ok(target);
    }
    let message = format!(
        "`resource_id` {resource:?} is not registered as a scalable target of that dimension; take \
         it from the outputs of its ScalableTarget, so that the target comes first"
    );
    Err(Refusal::invalid("resource_id", CODES.not_found, message))
}

fn check_tracking(
    tracking: &TargetTrackingArgs,
    dimension: ScalableDimension,
) -> Result<(), Refusal> {
    use PredefinedMetric as M;
    let refused =
        |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
    if tracking.target_value.is_nan() || tracking.target_value <= 0.0 {
        let property = "target_tracking.target_value";
        let value = tracking.target_value;
        return refused(property, format!("`{property}` {value} must be more than 0"));
    }
    let property = "target_tracking.predefined_metric_specification";
    let metric = tracking.predefined_metric_specification.predefined_metric_type;
    let (of, is_request) = match metric {
        M::AlbRequestCountPerTarget => ("ecs", true),
        M::EcsServiceAverageCpuUtilization | M::EcsServiceAverageMemoryUtilization => {
            ("ecs", false)
        }
        M::RdsReaderAverageCpuUtilization | M::RdsReaderAverageDatabaseConnections => {
            ("rds", false)
        }
    };
    if of != namespace(dimension) {
        let wanted = namespace(dimension);
        let message =
            format!("`{property}` is a figure of {of}, and what is scaled belongs to {wanted}");
        return refused(property, message);
    }
    let property = format!("{property}.resource_label");
    let problem = match (&tracking.predefined_metric_specification.resource_label, is_request) {
        (None, true) => format!("is needed for requests: {LABEL}"),
        (Some(label), true) if !is_label(label) => format!("{label:?} is not {LABEL}"),
        (Some(_), false) => "belongs to requests alone".to_owned(),
        _ => return Ok(()),
    };
    refused(&property, format!("`{property}` {problem}"))
}

/// What the label of requests looks like.
const LABEL: &str = "app/<name>/<id>/targetgroup/<name>/<id>";

fn is_label(label: &str) -> bool {
    let parts: Vec<&str> = label.split('/').collect();
    let named = parts.iter().all(|part| !part.is_empty());
    named && matches!(parts.as_slice(), ["app", _, _, "targetgroup", _, _])
}

fn check_steps(steps: &StepScalingArgs) -> Result<(), Refusal> {
    let property = "step_scaling.step_adjustments";
    let count = steps.step_adjustments.len();
    if !(1..=STEPS).contains(&count) {
        let message = format!("`{property}` has {count} steps; 1 to {STEPS} are allowed");
        return Err(Refusal::invalid(property, INVALID, message));
    }
    for (index, step) in steps.step_adjustments.iter().enumerate() {
        let bounds = (step.metric_interval_lower_bound, step.metric_interval_upper_bound);
        if let (Some(lower), Some(upper)) = bounds
            && lower >= upper
        {
            let property = format!("{property}[{index}]");
            let message = format!("`{property}` reaches from {lower} to {upper}, which is nothing");
            return Err(Refusal::invalid(&property, INVALID, message));
        }
    }
    Ok(())
}

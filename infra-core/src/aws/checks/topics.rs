//! Who publishes to an encrypted topic may use its key.

use crate::{
    aws::{
        kms::Key,
        sns::{Topic, TopicKeyArgs},
    },
    check::Check,
    graph::{Field, Node, NodeView, Program, ProgramProblem},
    schema::each_link,
    value::{Slot, Value},
};

/// Who publishes to an encrypted topic may use its key.
pub(super) struct Publishers;

/// What publishes, and as which service of AWS.
const PUBLISHERS: [(&str, &str); 5] = [
    ("aws:budgets:Budget", "budgets.amazonaws.com"),
    ("aws:cloudwatch:CompositeAlarm", "cloudwatch.amazonaws.com"),
    ("aws:cloudwatch:MetricAlarm", "cloudwatch.amazonaws.com"),
    ("aws:eventbridge:Target", "events.amazonaws.com"),
    ("aws:s3:Bucket", "s3.amazonaws.com"),
];

/// What a service must be able to do with the key.
const NEEDED: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

impl Check for Publishers {
    fn name(&self) -> &str {
        "topic-keys"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let mut found = vec![];
        for node in &program.nodes {
            let service = PUBLISHERS.iter().find(|(ty, _)| *ty == node.ty.name);
            let Some((_, service)) = service else { continue };
            for (slot, topic) in topics(program, node) {
                found.extend(problem(program, node, slot, &topic, service));
            }
        }
        found
    }
}

/// The topics of this program that a node names, and where.
fn topics<'a>(program: &'a Program, node: &Node) -> Vec<(Slot, NodeView<'a, Topic>)> {
    let mut found = vec![];
    for (slot, value) in node.inputs.iter() {
        each_link(node.ty.prop(slot), value, &mut |link| {
            let Value::Ref(output) = link.value else { return };
            let other = program.nodes.get(output.node as usize);
            found.extend(other.and_then(NodeView::new).map(|topic| (slot, topic)));
        });
    }
    found
}

fn problem(
    program: &Program,
    node: &Node,
    slot: Slot,
    topic: &NodeView<'_, Topic>,
    service: &str,
) -> Option<ProgramProblem> {
    let value = topic.node.inputs.get(Topic::KMS_MASTER_KEY_ID.slot);
    let why = match topic.get(Topic::KMS_MASTER_KEY_ID) {
        Field::Known(TopicKeyArgs::Alias(alias)) if alias == "alias/aws/sns" => {
            "alias/aws/sns, whose policy nobody can change".to_owned()
        }
        _ => {
            let Value::Ref(output) = value.field("key")? else { return None };
            let key: NodeView<'_, Key> =
                program.nodes.get(output.node as usize).and_then(NodeView::new)?;
            match key.get(Key::KEY_POLICY) {
                Field::Absent => {}
                Field::Known(policy)
                    if !NEEDED.iter().all(|action| policy.lets_service(service, action)) => {}
                _ => return None,
            }
            format!("`{}`, whose policy does not let it", key.node.urn.short())
        }
    };
    let message = format!(
        "names the topic `{}`, where {service} can't publish: the topic is encrypted with {why}",
        topic.node.urn.short()
    );
    let mut problem = program.about_slot(node, slot, message);
    problem.at.push(topic.node.site(Topic::KMS_MASTER_KEY_ID.slot));
    Some(problem.help(format!(
        "encrypt the topic with a key whose policy lets {service} do {}",
        NEEDED.join(" and ")
    )))
}

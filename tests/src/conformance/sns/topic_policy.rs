//! The case of `aws:sns:TopicPolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::{PolicyDocument, Principal, Statement},
        sns::{Topic, TopicPolicy},
    },
    prelude::*,
};

use super::topic::topic;

fn publishing(topic: &Topic, service: &str) -> Statement {
    Statement::allow()
        .principals([Principal::service(service)])
        .actions(["sns:Publish"])
        .resources([topic.topic_arn()])
}

fn refused(stack: &Stack, statement: impl Fn(&Topic) -> Statement) {
    let topic = topic(stack, "topic");
    TopicPolicy::named("subject")
        .policy_document(PolicyDocument::new([statement(&topic)]))
        .topic_arn(&topic)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: TopicPolicy::definition,
    build: |stack, v| {
        let topic = topic(stack, "topic");
        let service = v.pick("policy_document", "events.amazonaws.com", "cloudwatch.amazonaws.com");
        TopicPolicy::named("subject")
            .topic_arn(&topic)
            .policy_document(PolicyDocument::new([publishing(&topic, service)]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "policy_document.statements[0].resources",
            build: |stack| {
                refused(stack, |topic| {
                    publishing(topic, "events.amazonaws.com")
                        .resources(["arn:aws:sns:eu-central-1:123456789012:another"])
                });
            },
            says: "is not the topic arn:aws:sns:eu-central-1:123456789012:",
        },
        Refused {
            property: "policy_document.statements[0].actions",
            build: |stack| {
                refused(stack, |topic| {
                    publishing(topic, "events.amazonaws.com").actions(["sns:*"])
                });
            },
            says: "sns:* has more than a topic's policy can allow",
        },
        Refused {
            property: "policy_document.statements[0].actions",
            build: |stack| {
                refused(stack, |topic| {
                    publishing(topic, "events.amazonaws.com").actions(["sqs:SendMessage"])
                });
            },
            says: "is not of topics",
        },
        Refused {
            property: "policy_document.statements[0].principals",
            build: |stack| {
                refused(stack, |topic| {
                    Statement::allow().actions(["sns:Publish"]).resources([topic.topic_arn()])
                });
            },
            says: "says whom the statement is about",
        },
        Refused {
            property: "policy_document",
            build: |stack| {
                refused(stack, |topic| {
                    let users = (0..800).map(|n| format!("arn:aws:iam::123456789012:user/{n:010}"));
                    let users: Vec<Principal> =
                        users.map(|user| Principal::aws(user.as_str())).collect();
                    publishing(topic, "events.amazonaws.com").principals(users)
                });
            },
            says: "30720 are the most",
        },
    ],
    fixed: &[("topic_arn", "a policy is about its topic: another one changes both")],
    cfn: Cfn {
        name: "AWS::SNS::TopicPolicy",
        differs: &[
            ("Id", "the topic says it: a topic has one policy"),
            ("Topics", "one topic here, as SetTopicAttributes takes it: a policy names its topic"),
            ("topic_arn", "one of CloudFormation's `Topics`"),
        ],
        renamed: &[],
    },
}];

//! The cases of `aws:cloudwatch:MetricAlarm`: of one metric, of several, and of a band.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        cloudwatch::{
            AlarmAction, ComparisonOperator, CompositeAlarm, LowSampleCount, MetricAlarm,
            MetricAlarmBuilder, MetricDataQuery, MetricStat, StandardUnit, Statistic,
            TreatMissingData,
        },
        iam::{PolicyDocument, Principal, Statement},
        kms::Key,
        sns::{Topic, TopicKey},
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::sns::topic::{far_topic, topics};

type Ready = MetricAlarmBuilder<Provided, Provided, Provided>;

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:heal";

/// An alarm, of which not all is said.
fn alarm(name: &str) -> Ready {
    MetricAlarm::named(name)
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .evaluation_periods(5_u32)
        .treat_missing_data(TreatMissingData::NotBreaching)
}

fn of_one(name: &str) -> Ready {
    alarm(name)
        .namespace("AWS/ApplicationELB")
        .metric_name("TargetResponseTime")
        .statistic("p95")
        .period(Seconds(60))
        .threshold(2.0)
}

/// An alarm, for cases of what has one. Not every server knows percentiles.
pub(crate) fn errors(stack: &Stack, name: &str) -> MetricAlarm {
    of_one(name).statistic(Statistic::Maximum).create(stack)
}

fn metric(name: &str) -> MetricStat {
    MetricStat::new("AWS/ApplicationELB", name, "Sum", Seconds(60))
}

fn ratio() -> Vec<MetricDataQuery> {
    vec![
        MetricDataQuery::metric("errors", metric("HTTPCode_Target_5XX_Count")),
        MetricDataQuery::metric("requests", metric("RequestCount").unit(StandardUnit::Count)),
        MetricDataQuery::formula("ratio", "100 * errors / requests").label("errors in percent"),
    ]
}

fn refused_queries(stack: &Stack, queries: Vec<MetricDataQuery>) {
    alarm("subject").metrics(queries).threshold(1.0).create(stack);
}

fn encrypted(stack: &Stack, key: TopicKey) {
    let topic = Topic::named("topic").kms_master_key_id(key).create(stack);
    of_one("subject").alarm_actions([AlarmAction::topic(&topic)]).create(stack);
}

pub(crate) const CASES: &[Case] = &[SINGLE, FORMULA, BAND];

const SINGLE: Case = Case {
    ty: MetricAlarm::definition,
    build: |stack, v| {
        let [one, other] = topics(stack);
        let told = |property, v: &crate::conformance::Variant| {
            v.pick(
                property,
                vec![AlarmAction::topic(&one)],
                vec![AlarmAction::topic(&other), AlarmAction::function(FUNCTION)],
            )
        };
        MetricAlarm::named("subject")
            .alarm_name(v.pick("alarm_name", "slow", "campus/slow"))
            .alarm_description(v.pick("alarm_description", "pages are slow", "look at the CPU"))
            .namespace(v.pick("namespace", "AWS/ApplicationELB", "AWS/NetworkELB"))
            .metric_name(v.pick("metric_name", "TargetResponseTime", "ResponseTime"))
            .dimensions(v.pick(
                "dimensions",
                [("LoadBalancer", "app/a/1")],
                [("LoadBalancer", "b")],
            ))
            .statistic(v.pick("statistic", "p95", "p99.9"))
            .period(v.pick("period", Seconds(60), Seconds(300)))
            .unit(v.pick("unit", StandardUnit::Seconds, StandardUnit::Milliseconds))
            .comparison_operator(v.pick(
                "comparison_operator",
                ComparisonOperator::GreaterThanThreshold,
                ComparisonOperator::GreaterThanOrEqualToThreshold,
            ))
            .threshold(v.pick("threshold", 2.0, 1.5))
            .evaluation_periods(v.pick("evaluation_periods", 5_u32, 10))
            .datapoints_to_alarm(v.pick("datapoints_to_alarm", 3_u32, 5))
            .treat_missing_data(v.pick(
                "treat_missing_data",
                TreatMissingData::NotBreaching,
                TreatMissingData::Breaching,
            ))
            .evaluate_low_sample_count_percentile(v.pick(
                "evaluate_low_sample_count_percentile",
                LowSampleCount::Ignore,
                LowSampleCount::Evaluate,
            ))
            .actions_enabled(v.pick("actions_enabled", true, false))
            .alarm_actions(told("alarm_actions", v))
            .ok_actions(told("ok_actions", v))
            .insufficient_data_actions(told("insufficient_data_actions", v))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: SINGLE_REFUSED,
    fixed: &[
        ("metrics", "excludes one metric: the second case"),
        ("threshold_metric_id", "excludes a threshold: the third case"),
    ],
    cfn: Cfn {
        name: "AWS::CloudWatch::Alarm",
        differs: &[
            ("ActionConfiguration", "left out: tags do not go with what an alarm does here"),
            ("ComparisonOperator", "required here as by PutMetricAlarm, without PromQL"),
            ("EvaluationCriteria", "left out: Prometheus is not part of the architecture"),
            ("EvaluationInterval", "left out: goes with PromQL"),
            ("EvaluationPeriods", "required here as by PutMetricAlarm, without PromQL"),
            ("EvaluationWindow", "left out: windows slide here"),
            ("ExtendedStatistic", "`statistic` takes percentiles too"),
            ("Metrics.MetricStat.Metric", "its fields stand beside `stat` and `period`"),
            ("Metrics.MetricStat.dimensions", "a field of `Metric`"),
            ("Metrics.MetricStat.metric_name", "a field of `Metric`"),
            ("Metrics.MetricStat.namespace", "a field of `Metric`"),
            ("TreatMissingData", "required here: what silence means is to be thought about"),
            ("WarmUpConfiguration", "left out: alarms wait for as many periods as they look at"),
        ],
        renamed: &[("OKActions", "ok_actions")],
    },
};

const SINGLE_REFUSED: &[Refused] = &[
    Refused {
        property: "alarm_name",
        build: |stack| {
            of_one("subject").alarm_name("too slow").create(stack);
        },
        says: "letters, digits and /_+=.@-",
    },
    Refused {
        property: "alarm_name",
        build: |stack| {
            let site = CompositeAlarm::named("site").alarm_name("x").alarm_rule("TRUE");
            let site = site.create(stack);
            of_one("subject").alarm_name("x").depends_on(&site).create(stack);
        },
        says: "the name of an alarm of the other kind",
    },
    Refused {
        property: "statistic",
        build: |stack| {
            of_one("subject").statistic("p101").create(stack);
        },
        says: "is no statistic",
    },
    Refused {
        property: "period",
        build: |stack| {
            of_one("subject").period(Seconds(90)).create(stack);
        },
        says: "90 s must be 10, 20 or 30 s, or whole minutes",
    },
    Refused {
        property: "evaluation_periods",
        build: |stack| {
            of_one("subject").evaluation_periods(1441_u32).create(stack);
        },
        says: "1441 of 60 s must be 1 at least and 86400 s together at most",
    },
    Refused {
        property: "datapoints_to_alarm",
        build: |stack| {
            of_one("subject").datapoints_to_alarm(6_u32).create(stack);
        },
        says: "6 must be between 1 and the `evaluation_periods` 5",
    },
    Refused {
        property: "namespace",
        build: |stack| {
            alarm("subject").metric_name("X").threshold(1.0).create(stack);
        },
        says: "is needed beside `metric_name`",
    },
    Refused {
        property: "evaluate_low_sample_count_percentile",
        build: |stack| {
            of_one("subject")
                .statistic(Statistic::Sum)
                .evaluate_low_sample_count_percentile(LowSampleCount::Ignore)
                .create(stack);
        },
        says: "goes with a percentile, not with Sum",
    },
    Refused {
        property: "alarm_actions[0]",
        build: |stack| {
            let far = far_topic(stack);
            of_one("subject").alarm_actions([AlarmAction::topic(&far)]).create(stack);
        },
        says: "is of another region than eu-central-1",
    },
    Refused {
        property: "ok_actions[0]",
        build: |stack| {
            let action = AlarmAction::scaling_policy("arn:aws:sns:eu-central-1:1:x");
            of_one("subject").ok_actions([action]).create(stack);
        },
        says: "is not the ARN of a scaling policy",
    },
    Refused {
        property: "alarm_actions",
        build: |stack| {
            let actions = (0..6).map(|_| AlarmAction::function(FUNCTION)).collect::<Vec<_>>();
            of_one("subject").alarm_actions(actions).create(stack);
        },
        says: "has 6 actions; 5 are the most",
    },
    Refused {
        property: "alarm_actions",
        build: |stack| encrypted(stack, TopicKey::alias("alias/aws/sns")),
        says: "where cloudwatch.amazonaws.com can't publish: the topic is encrypted with \
               alias/aws/sns",
    },
    Refused {
        property: "alarm_actions",
        build: |stack| encrypted(stack, TopicKey::key(&Key::named("key").create(stack))),
        says: "where cloudwatch.amazonaws.com can't publish",
    },
    Refused {
        property: "alarm_actions",
        build: |stack| {
            let statement = Statement::allow()
                .principals([
                    Principal::service("cloudwatch.amazonaws.com"),
                    Principal::aws("123456789012"),
                ])
                .actions(["kms:Decrypt", "kms:PutKeyPolicy"])
                .resources(["*"]);
            let key = Key::named("key").key_policy(PolicyDocument::new([statement])).create(stack);
            encrypted(stack, TopicKey::key(&key));
        },
        says: "where cloudwatch.amazonaws.com can't publish",
    },
];

const FORMULA: Case = Case {
    ty: MetricAlarm::definition,
    build: |stack, v| {
        let mut other = ratio();
        other[2] = MetricDataQuery::formula("share", "errors / requests").period(Seconds(300));
        alarm("subject").metrics(v.pick("metrics", ratio(), other)).threshold(1.0).create(stack);
    },
    refused: &[
        Refused {
            property: "metrics",
            build: |stack| {
                of_one("subject").metrics(ratio()).create(stack);
            },
            says: "metric_name",
        },
        Refused {
            property: "period",
            build: |stack| {
                alarm("subject").metrics(ratio()).threshold(1.0).period(Seconds(60)).create(stack);
            },
            says: "goes with `metric_name`, not with `metrics`",
        },
        Refused {
            property: "metrics",
            build: |stack| refused_queries(stack, ratio()[..2].to_vec()),
            says: "has 0 queries with `return_data`; the alarm looks at just one",
        },
        Refused {
            property: "metrics[0].id",
            build: |stack| {
                refused_queries(stack, vec![MetricDataQuery::formula("Ratio", "1")]);
            },
            says: "\"Ratio\" must begin with a small letter",
        },
        Refused {
            property: "metrics[1].id",
            build: |stack| {
                let one = MetricDataQuery::metric("m", metric("RequestCount"));
                refused_queries(stack, vec![one, MetricDataQuery::formula("m", "m")]);
            },
            says: "\"m\" stands there twice",
        },
        Refused {
            property: "metrics[0]",
            build: |stack| refused_queries(stack, vec![MetricDataQuery::new("m")]),
            says: "needs either `expression` or `metric_stat`",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

fn with_band() -> Vec<MetricDataQuery> {
    vec![
        MetricDataQuery::new("m").metric_stat(metric("RequestCount")),
        MetricDataQuery::formula("usual", "ANOMALY_DETECTION_BAND(m, 2)"),
        MetricDataQuery::formula("wide", "ANOMALY_DETECTION_BAND(m, 4)"),
    ]
}

const BAND: Case = Case {
    ty: MetricAlarm::definition,
    build: |stack, v| {
        alarm("subject")
            .metrics(with_band())
            .comparison_operator(ComparisonOperator::GreaterThanUpperThreshold)
            .threshold_metric_id(v.pick("threshold_metric_id", "usual", "wide"))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "threshold_metric_id",
            build: |stack| {
                alarm("subject")
                    .metrics(with_band())
                    .comparison_operator(ComparisonOperator::LessThanLowerThreshold)
                    .threshold_metric_id("m")
                    .create(stack);
            },
            says: "\"m\" is the id of no ANOMALY_DETECTION_BAND",
        },
        Refused {
            property: "comparison_operator",
            build: |stack| {
                alarm("subject").metrics(with_band()).threshold_metric_id("usual").create(stack);
            },
            says: "GreaterThanThreshold goes with `threshold`",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

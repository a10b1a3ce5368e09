//! Which calls the handlers of each type make: the SDK tells of each call, and the task that makes
//! it knows for which type and in which phase.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::{Arc, Mutex},
};

use backend_aws::OnCall;
use infra_core::{
    dsl::Provider,
    handler::{
        Allocated, BoxFuture, Context, Deletion, DynHandler, Found, HandlerError, Listed, Need,
        Observed, Phases, Polled, Progress, Request,
    },
    schema::Level,
    value::Properties,
};

tokio::task_local! {
    /// For whom the task asks now.
    static ASKING: (&'static str, Phases);
}

/// A call: the type and the phase that it was made for, the service and the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// `None` outside of handlers.
    pub(crate) of: Option<(&'static str, Phases)>,
    pub(crate) service: String,
    pub(crate) operation: String,
}

/// The calls that were made, each once.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// What the SDK tells.
    pub(crate) fn listener(&self) -> OnCall {
        let calls = self.clone();
        Arc::new(move |service, operation| {
            let of = ASKING.try_with(|asking| *asking).ok();
            let call = Call { of, service: service.to_owned(), operation: operation.to_owned() };
            let mut all = calls.0.lock().unwrap();
            if !all.contains(&call) {
                all.push(call);
            }
        })
    }

    /// The calls so far.
    pub(crate) fn all(&self) -> Vec<Call> {
        self.0.lock().unwrap().clone()
    }
}

/// The service and its API, as the SDK calls it, and the prefix that IAM has for it.
const PREFIXES: [(&str, &str); 18] = [
    ("Application Auto Scaling", "application-autoscaling"),
    ("Auto Scaling", "autoscaling"),
    ("Backup", "backup"),
    ("Budgets", "budgets"),
    ("CloudFront", "cloudfront"),
    ("CloudWatch", "cloudwatch"),
    ("CloudWatch Logs", "logs"),
    ("EFS", "elasticfilesystem"),
    ("ElastiCache", "elasticache"),
    ("Elastic Load Balancing v2", "elasticloadbalancing"),
    ("EventBridge", "events"),
    ("Route 53", "route53"),
    ("Scheduler", "scheduler"),
    ("Secrets Manager", "secretsmanager"),
    ("Service Quotas", "servicequotas"),
    ("SESv2", "ses"),
    ("WAFV2", "wafv2"),
    ("S3", "s3"),
];

/// Operations whose actions are called otherwise (Service Authorization Reference; S3 guide,
/// required permissions for operations).
const OTHERWISE: [(&str, &[&str]); 27] = [
    ("budgets:CreateBudget", &["budgets:ModifyBudget"]),
    ("budgets:CreateNotification", &["budgets:ModifyBudget"]),
    ("budgets:CreateSubscriber", &["budgets:ModifyBudget"]),
    ("budgets:DeleteBudget", &["budgets:ModifyBudget"]),
    ("budgets:DeleteNotification", &["budgets:ModifyBudget"]),
    ("budgets:DeleteSubscriber", &["budgets:ModifyBudget"]),
    ("budgets:UpdateBudget", &["budgets:ModifyBudget"]),
    ("budgets:DescribeBudget", &["budgets:ViewBudget"]),
    ("budgets:DescribeBudgets", &["budgets:ViewBudget"]),
    ("budgets:DescribeNotificationsForBudget", &["budgets:ViewBudget"]),
    ("budgets:DescribeSubscribersForNotification", &["budgets:ViewBudget"]),
    (
        "cloudfront:CreateDistributionWithTags",
        &["cloudfront:CreateDistribution", "cloudfront:TagResource"],
    ),
    ("s3:DeleteBucketCors", &["s3:PutBucketCORS"]),
    ("s3:DeleteBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:DeleteBucketLifecycle", &["s3:PutLifecycleConfiguration"]),
    ("s3:DeleteBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("s3:DeleteObjects", &["s3:DeleteObject", "s3:DeleteObjectVersion"]),
    ("s3:HeadBucket", &["s3:ListBucket"]),
    ("s3:HeadObject", &["s3:GetObject"]),
    ("s3:ListBuckets", &["s3:ListAllMyBuckets"]),
    ("s3:ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3:GetBucketCors", &["s3:GetBucketCORS"]),
    ("s3:PutBucketCors", &["s3:PutBucketCORS"]),
    ("s3:GetObjectLockConfiguration", &["s3:GetBucketObjectLockConfiguration"]),
    ("s3:PutObjectLockConfiguration", &["s3:PutBucketObjectLockConfiguration"]),
    ("s3:GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"]),
    ("s3:PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
];

/// The operations whose action is called otherwise than they are.
pub(crate) fn operations(action: &str) -> impl Iterator<Item = String> {
    let listed = OTHERWISE.iter().filter(move |(_, actions)| actions.contains(&action));
    let listed = listed.map(|(operation, _)| *operation);
    let names = listed.filter_map(|it| it.split_once(':')).map(|(_, name)| name.to_owned());
    let words = action.strip_prefix("s3:").and_then(|name| name.strip_suffix("Configuration"));
    let of_bucket = words.filter(|name| name.len() > 3).into_iter().flat_map(|name| {
        let name = format!("{}Bucket{}", &name[..3], &name[3..]);
        [name.clone(), format!("{name}Configuration")]
    });
    let notification = action.strip_prefix("s3:").filter(|name| name.ends_with("Notification"));
    let notification = notification.map(|name| format!("{name}Configuration"));
    names.chain(of_bucket).chain(notification)
}

impl Call {
    /// The actions that IAM asks for it.
    pub(crate) fn actions(&self) -> Vec<String> {
        let known = PREFIXES.iter().find(|(service, _)| *service == self.service);
        let prefix = known.map_or_else(|| self.service.to_lowercase(), |it| it.1.to_owned());
        let name = format!("{prefix}:{}", self.operation);
        if let Some((_, actions)) = OTHERWISE.iter().find(|(operation, _)| *operation == name) {
            return actions.iter().map(ToString::to_string).collect();
        }
        // What is said of a bucket has the word in between, and no `Bucket` before it.
        for word in ["Encryption", "Lifecycle", "Replication"] {
            for verb in ["Get", "Put"] {
                let operation = format!("s3:{verb}Bucket{word}");
                if name == operation || name == format!("{operation}Configuration") {
                    return vec![format!("s3:{verb}{word}Configuration")];
                }
            }
        }
        vec![name.replace("BucketNotificationConfiguration", "BucketNotification")]
    }

    /// The actions that a table does not have in the phase of the call. What is read or listed is
    /// allowed whenever a thing is there.
    pub(crate) fn lacking(&self, needs: &[Need]) -> BTreeSet<String> {
        let phase = self.of.map_or(Phases::READ, |(_, phase)| phase);
        let phases = phase.and(Phases::READ).and(Phases::LIST);
        let has = |action: &String| {
            needs.iter().any(|need| need.action == action && need.phases.meets(phases))
        };
        self.actions().into_iter().filter(|action| !has(action)).collect()
    }
}

/// A handler whose calls are known to be its own.
pub(crate) struct Watched {
    pub(crate) ty: &'static str,
    pub(crate) handler: Arc<dyn DynHandler>,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

impl Watched {
    fn asks<'a, T>(
        &self,
        phase: Phases,
        asked: impl Future<Output = T> + Send + 'a,
    ) -> BoxFuture<'a, T> {
        Box::pin(ASKING.scope((self.ty, phase), asked))
    }
}

impl DynHandler for Watched {
    fn allocate<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Allocated> {
        self.asks(Phases::CREATE, self.handler.allocate(context, request))
    }

    fn configure<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        self.asks(Phases::CREATE, self.handler.configure(context, request))
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> Answer<'a, Polled> {
        self.asks(Phases::READ, self.handler.poll(context, request, level))
    }

    fn update<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        self.asks(Phases::UPDATE, self.handler.update(context, request))
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> Answer<'a, Option<Observed>> {
        self.asks(Phases::READ, self.handler.read(context, request))
    }

    fn delete<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Deletion> {
        self.asks(Phases::DELETE, self.handler.delete(context, request))
    }

    fn find<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Found> {
        self.asks(Phases::CREATE, self.handler.find(context, request))
    }

    fn list<'a>(
        &'a self,
        context: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>> {
        self.asks(Phases::LIST, self.handler.list(context, provider, stack))
    }

    fn lookup<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        self.asks(Phases::READ, self.handler.lookup(context, request))
    }

    fn run<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        self.asks(Phases::CREATE, self.handler.run(context, request))
    }

    fn needs(&self) -> &'static [Need] {
        self.handler.needs()
    }
}

#[test]
fn calls_are_held_against_tables() {
    let call = |phase: Option<Phases>, service: &str, operation: &str| Call {
        of: phase.map(|phase| ("aws:ec2:Vpc", phase)),
        service: service.to_owned(),
        operation: operation.to_owned(),
    };
    let needs = [
        Phases::CREATE.needs("ec2:CreateVpc"),
        Phases::READ.needs("ec2:DescribeVpcs"),
        Phases::UPDATE.needs("s3:PutLifecycleConfiguration"),
    ];
    let lacking = |phase, service, operation| call(Some(phase), service, operation).lacking(&needs);
    assert!(lacking(Phases::CREATE, "EC2", "CreateVpc").is_empty());
    // What is read is read in every phase, and what is made is made in one.
    assert!(lacking(Phases::DELETE, "EC2", "DescribeVpcs").is_empty());
    assert!(lacking(Phases::DELETE, "EC2", "CreateVpc").contains("ec2:CreateVpc"));
    assert!(lacking(Phases::CREATE, "EC2", "DeleteVpc").contains("ec2:DeleteVpc"));
    assert!(lacking(Phases::UPDATE, "S3", "PutBucketLifecycleConfiguration").is_empty());
    let actions = |service, operation| call(None, service, operation).actions();
    assert_eq!(actions("S3", "HeadBucket"), ["s3:ListBucket"]);
    assert_eq!(actions("S3", "GetBucketEncryption"), ["s3:GetEncryptionConfiguration"]);
    assert_eq!(actions("S3", "GetBucketVersioning"), ["s3:GetBucketVersioning"]);
    assert_eq!(actions("S3", "GetBucketNotificationConfiguration"), ["s3:GetBucketNotification"]);
    assert_eq!(actions("CloudWatch Logs", "TagResource"), ["logs:TagResource"]);
}

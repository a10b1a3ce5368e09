//! `aws:budgets:Budget`.

use std::collections::HashMap;

use aws_sdk_budgets::types as sdk;
use aws_smithy_types::{DateTime, date_time::Format};
use infra_core::{
    aws::budgets::{self, BudgetArgs, CostTypesArgs},
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, Timestamp, structure},
    value::Value,
};

use super::notification::{tell, told};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, arn_of, changed},
    seen::Seen,
    tags::TagChange,
};

pub(crate) struct Budget;

type Type = budgets::Budget;

/// When a budget ends for which nobody says it: in 2087.
const FOR_EVER: &str = "2087-06-15T00:00:00Z";

/// What AWS counts where nobody says it.
const USUAL: CostTypesArgs = CostTypesArgs {
    include_credit: true,
    include_discount: true,
    include_other_subscription: true,
    include_recurring: true,
    include_refund: true,
    include_subscription: true,
    include_support: true,
    include_tax: true,
    include_upfront: true,
    use_amortized: false,
    use_blended: false,
};

fn moment(moment: Timestamp) -> DateTime {
    let read = DateTime::from_str(&moment.to_string(), Format::DateTime);
    read.expect("a moment is written as AWS reads it")
}

fn told_moment(moment: &DateTime) -> Option<String> {
    DateTime::from_secs(moment.secs()).fmt(Format::DateTime).ok()
}

fn cost_types(args: &CostTypesArgs) -> sdk::CostTypes {
    sdk::CostTypes::builder()
        .include_credit(args.include_credit)
        .include_discount(args.include_discount)
        .include_other_subscription(args.include_other_subscription)
        .include_recurring(args.include_recurring)
        .include_refund(args.include_refund)
        .include_subscription(args.include_subscription)
        .include_support(args.include_support)
        .include_tax(args.include_tax)
        .include_upfront(args.include_upfront)
        .use_amortized(args.use_amortized)
        .use_blended(args.use_blended)
        .build()
}

fn told_cost_types(told: &sdk::CostTypes) -> CostTypesArgs {
    let usual = USUAL;
    CostTypesArgs {
        include_credit: told.include_credit.unwrap_or(usual.include_credit),
        include_discount: told.include_discount.unwrap_or(usual.include_discount),
        include_other_subscription: told
            .include_other_subscription
            .unwrap_or(usual.include_other_subscription),
        include_recurring: told.include_recurring.unwrap_or(usual.include_recurring),
        include_refund: told.include_refund.unwrap_or(usual.include_refund),
        include_subscription: told.include_subscription.unwrap_or(usual.include_subscription),
        include_support: told.include_support.unwrap_or(usual.include_support),
        include_tax: told.include_tax.unwrap_or(usual.include_tax),
        include_upfront: told.include_upfront.unwrap_or(usual.include_upfront),
        use_amortized: told.use_amortized.unwrap_or(usual.use_amortized),
        use_blended: told.use_blended.unwrap_or(usual.use_blended),
    }
}

/// The whole of a budget; who is told is said by other calls.
#[expect(deprecated, reason = "the catalogue has the filters and the types, which go on working")]
fn budget(args: &BudgetArgs, name: &str) -> sdk::Budget {
    let limit = sdk::Spend::builder()
        .amount(args.budget_limit.amount.to_string())
        .unit(&args.budget_limit.unit);
    let time =
        sdk::TimePeriod::builder().set_start(args.start.map(moment)).set_end(args.end.map(moment));
    let has_time = args.start.is_some() || args.end.is_some();
    let filters: HashMap<_, _> = args.cost_filters.clone().into_iter().collect();
    sdk::Budget::builder()
        .budget_name(name)
        .budget_limit(limit.build().expect("amount and unit are there"))
        .budget_type(args.budget_type.as_str().into())
        .time_unit(args.time_unit.as_str().into())
        .set_time_period(has_time.then(|| time.build()))
        .set_cost_filters(Some(filters).filter(|all| !all.is_empty()))
        .set_cost_types(args.cost_types.as_ref().map(cost_types))
        .build()
        .expect("what it must have is there")
}

/// What counts; of one dimension AWS may tell the values in another order.
fn told_filters(told: Option<&HashMap<String, Vec<String>>>, recorded: &Value) -> Value {
    let filters = told.into_iter().flatten().map(|(dimension, values)| {
        let known = recorded.field(dimension).unwrap_or(&Value::Null);
        let values: Vec<Value> = values.iter().map(|it| it.as_str().into()).collect();
        let is_same = known.items().len() == values.len()
            && values.iter().all(|value| known.items().contains(value));
        (dimension.as_str(), if is_same { known.clone() } else { Value::list(values) })
    });
    Value::map(filters)
}

#[expect(deprecated, reason = "the catalogue has the filters and the types, which go on working")]
fn seen(budget: &sdk::Budget, request: &Request) -> Seen {
    let recorded = |slot| request.inputs.get(slot);
    let limit = budget.budget_limit().map_or(Value::Null, |limit| {
        let amount = limit.amount.parse::<f64>().ok();
        structure([("amount", amount.into_value()), ("unit", limit.unit().into())])
    });
    let time = budget.time_period();
    // A budget always begins and ends; AWS fills in what a program does not say.
    let start = time.and_then(|time| told_moment(time.start()?));
    let start = start.filter(|_| !recorded(Type::START.slot).is_null());
    let end = time.and_then(|time| told_moment(time.end()?));
    let end = end.filter(|end| end != FOR_EVER || !recorded(Type::END.slot).is_null());
    let types = budget.cost_types().map(told_cost_types);
    let types = types.filter(|types| *types != USUAL || !recorded(Type::COST_TYPES.slot).is_null());
    let filters = told_filters(budget.cost_filters(), recorded(Type::COST_FILTERS.slot));
    Seen::new(budget.budget_name())
        .value(Type::BUDGET_LIMIT, limit)
        .text(Type::BUDGET_NAME, Some(budget.budget_name()))
        .text(Type::BUDGET_TYPE, Some(budget.budget_type().as_str()))
        .text(Type::TIME_UNIT, Some(budget.time_unit().as_str()))
        .text(Type::START, start)
        .text(Type::END, end)
        .value(Type::COST_FILTERS, filters)
        .set(Type::COST_TYPES, types)
}

fn resource_tags(tags: impl IntoIterator<Item = (String, String)>) -> Vec<sdk::ResourceTag> {
    let tag = |(key, value)| sdk::ResourceTag::builder().key(key).value(value).build();
    tags.into_iter().map(|pair| tag(pair).expect("key and value are there")).collect()
}

async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.budgets().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let Some(told) = told.if_found()? else { return Ok(vec![]) };
    let tags = told.resource_tags().iter();
    Ok(tags.map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect())
}

impl Resource for Budget {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).and(DELETE).needs("budgets:ModifyBudget").on(OWN),
        CREATE.and(UPDATE).needs("budgets:TagResource").on(OWN),
        UPDATE.needs("budgets:UntagResource").on(OWN),
        READ.and(LIST).needs("budgets:ListTagsForResource").on(OWN),
        READ.and(LIST).needs("budgets:ViewBudget").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let name = request.name().unwrap_or_default();
        aws.budgets()
            .create_budget()
            .account_id(aws.account().await?)
            .budget(budget(&request.args, name))
            .set_resource_tags(Some(resource_tags(request.all_tags().0)))
            .send()
            .await?;
        Ok(Seen::new(name).text(Type::BUDGET_NAME, Some(name)))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        tell(aws, &request.id, &request.args.notifications).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let of_it = [
            "budget_limit",
            "budget_type",
            "time_unit",
            "start",
            "end",
            "cost_filters",
            "cost_types",
        ];
        if changed(request, &of_it) {
            let update = aws.budgets().update_budget().account_id(aws.account().await?);
            update.new_budget(budget(&request.args, &request.id)).send().await?;
        }
        if changed(request, &["notifications"]) {
            tell(aws, &request.id, &request.args.notifications).await?;
        }
        let Some(change) = TagChange::of(request) else { return Ok(()) };
        let arn = arn_of(aws, request).await?;
        if !change.remove.is_empty() {
            let untag = aws.budgets().untag_resource().resource_arn(&arn);
            untag.set_resource_tag_keys(Some(change.remove)).send().await?;
        }
        let tag = aws.budgets().tag_resource().resource_arn(arn);
        tag.set_resource_tags(Some(resource_tags(change.set))).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.budgets().describe_budget().account_id(aws.account().await?);
        let asked = asked.budget_name(&*request.id).send().await.if_found()?;
        let Some(budget) = asked.and_then(|told| told.budget) else { return Ok(None) };
        let recorded = request.inputs.get(Type::NOTIFICATIONS.slot);
        let notifications = told(aws, &request.id, recorded).await?;
        let arn = arn_of(aws, request).await?;
        let seen = seen(&budget, request).value(Type::NOTIFICATIONS, notifications);
        Ok(Some(seen.tags(tags(aws, &arn).await?)))
    }

    /// Who is told goes with it.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.budgets().delete_budget().account_id(aws.account().await?);
        delete.budget_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// Budgets are listed without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let account = aws.account().await?;
        let all = aws.budgets().describe_budgets().account_id(account).into_paginator().items();
        let all = all.send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for budget in &all {
            let name = budget.budget_name();
            let arn = format!("arn:aws:budgets::{account}:budget/{name}");
            listed.push(Seen::new(name).tags(tags(aws, &arn).await?));
        }
        Ok(listed)
    }
}

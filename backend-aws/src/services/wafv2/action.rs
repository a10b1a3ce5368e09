//! What WAF does with a request, as it takes and tells it.

use aws_sdk_wafv2::types as sdk;
use infra_core::aws::wafv2::{
    AllowActionArgs, BlockActionArgs, CaptchaActionArgs, ChallengeActionArgs, CountActionArgs,
    CustomHttpHeaderArgs, CustomResponseArgs, DefaultActionArgs, RuleActionArgs,
};

fn headers(headers: &[CustomHttpHeaderArgs]) -> Vec<sdk::CustomHttpHeader> {
    let header = |header: &CustomHttpHeaderArgs| {
        let it = sdk::CustomHttpHeader::builder().name(&header.name).value(&header.value);
        it.build().expect("it has a name and a value")
    };
    headers.iter().map(header).collect()
}

/// Headers that a request gets; WAF takes no empty list.
fn handling(inserted: &[CustomHttpHeaderArgs]) -> Option<sdk::CustomRequestHandling> {
    let handling =
        sdk::CustomRequestHandling::builder().set_insert_headers(Some(headers(inserted)));
    (!inserted.is_empty()).then(|| handling.build().expect("it has headers"))
}

fn allow(args: &AllowActionArgs) -> sdk::AllowAction {
    let handling = handling(&args.insert_headers);
    sdk::AllowAction::builder().set_custom_request_handling(handling).build()
}

fn block(args: &BlockActionArgs) -> sdk::BlockAction {
    let response = args.custom_response.as_ref().map(|response| {
        let all = &response.response_headers;
        sdk::CustomResponse::builder()
            .response_code(response.response_code.into())
            .set_custom_response_body_key(response.custom_response_body_key.clone())
            .set_response_headers((!all.is_empty()).then(|| headers(all)))
            .build()
            .expect("it has a code")
    });
    sdk::BlockAction::builder().set_custom_response(response).build()
}

/// What happens to a request that no rule allows or refuses.
pub(super) fn default_action(args: &DefaultActionArgs) -> sdk::DefaultAction {
    let action = sdk::DefaultAction::builder();
    let action = match args {
        DefaultActionArgs::Allow(args) => action.allow(allow(args)),
        DefaultActionArgs::Block(args) => action.block(block(args)),
    };
    action.build()
}

/// What happens to a request that a rule matches.
pub(super) fn rule_action(args: &RuleActionArgs) -> sdk::RuleAction {
    let action = sdk::RuleAction::builder();
    let action = match args {
        RuleActionArgs::Allow(args) => action.allow(allow(args)),
        RuleActionArgs::Block(args) => action.block(block(args)),
        RuleActionArgs::Count(args) => {
            let count = sdk::CountAction::builder();
            let handling = handling(&args.insert_headers);
            action.count(count.set_custom_request_handling(handling).build())
        }
        RuleActionArgs::Captcha(args) => {
            let captcha = sdk::CaptchaAction::builder();
            let handling = handling(&args.insert_headers);
            action.captcha(captcha.set_custom_request_handling(handling).build())
        }
        RuleActionArgs::Challenge(args) => {
            let challenge = sdk::ChallengeAction::builder();
            let handling = handling(&args.insert_headers);
            action.challenge(challenge.set_custom_request_handling(handling).build())
        }
    };
    action.build()
}

fn headers_args(told: &[sdk::CustomHttpHeader]) -> Vec<CustomHttpHeaderArgs> {
    let header = |header: &sdk::CustomHttpHeader| CustomHttpHeaderArgs {
        name: header.name().to_owned(),
        value: header.value().to_owned(),
    };
    told.iter().map(header).collect()
}

fn inserted(told: Option<&sdk::CustomRequestHandling>) -> Vec<CustomHttpHeaderArgs> {
    told.map(|told| headers_args(told.insert_headers())).unwrap_or_default()
}

fn allow_args(told: &sdk::AllowAction) -> AllowActionArgs {
    AllowActionArgs { insert_headers: inserted(told.custom_request_handling()) }
}

fn block_args(told: &sdk::BlockAction) -> BlockActionArgs {
    let response = told.custom_response().map(|response| CustomResponseArgs {
        response_code: response.response_code().try_into().unwrap_or_default(),
        custom_response_body_key: response.custom_response_body_key().map(str::to_owned),
        response_headers: headers_args(response.response_headers()),
    });
    BlockActionArgs { custom_response: response }
}

/// `None` if it is neither.
pub(super) fn default_action_args(told: &sdk::DefaultAction) -> Option<DefaultActionArgs> {
    let block = told.block().map(block_args).map(DefaultActionArgs::Block);
    told.allow().map(allow_args).map(DefaultActionArgs::Allow).or(block)
}

/// `None` if it is none that a program could say.
pub(super) fn rule_action_args(told: &sdk::RuleAction) -> Option<RuleActionArgs> {
    if let Some(action) = told.allow() {
        return Some(RuleActionArgs::Allow(allow_args(action)));
    }
    if let Some(action) = told.block() {
        return Some(RuleActionArgs::Block(block_args(action)));
    }
    if let Some(action) = told.count() {
        let insert_headers = inserted(action.custom_request_handling());
        return Some(RuleActionArgs::Count(CountActionArgs { insert_headers }));
    }
    if let Some(action) = told.captcha() {
        let insert_headers = inserted(action.custom_request_handling());
        return Some(RuleActionArgs::Captcha(CaptchaActionArgs { insert_headers }));
    }
    let insert_headers = inserted(told.challenge()?.custom_request_handling());
    Some(RuleActionArgs::Challenge(ChallengeActionArgs { insert_headers }))
}

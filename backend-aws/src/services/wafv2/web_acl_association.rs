//! `aws:wafv2:WebAclAssociation`.

use infra_core::{
    aws::wafv2,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct WebAclAssociation;

type Type = wafv2::WebAclAssociation;

/// Puts another ACL in the place of the first, too.
async fn associate(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let wafv2::WebAclAssociationArgs { resource_arn, web_acl_arn } = &request.args;
    let associate = aws.wafv2().associate_web_acl().resource_arn(resource_arn.as_str());
    associate.web_acl_arn(web_acl_arn.as_str()).send().await?;
    Ok(())
}

const ACL: &[On] = &[On::Arn("{web_acl_arn}"), On::Arn("{resource_arn}")];
const RESOURCE: &[On] = &[On::Arn("{resource_arn}")];

impl Resource for WebAclAssociation {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("wafv2:AssociateWebACL").on(ACL),
        READ.needs("wafv2:GetWebACLForResource").on(ACL),
        DELETE.needs("wafv2:DisassociateWebACL").on(RESOURCE),
        CREATE.and(UPDATE).and(DELETE).needs("elasticloadbalancing:SetWebAcl"),
        CREATE.and(UPDATE).needs("elasticloadbalancing:CreateWebACLAssociation").on(RESOURCE),
        DELETE.needs("elasticloadbalancing:DeleteWebACLAssociation").on(RESOURCE),
        READ.needs("elasticloadbalancing:GetLoadBalancerWebACL").on(RESOURCE),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        associate(aws, request).await?;
        Ok(Seen::new(request.args.resource_arn.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        associate(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.wafv2().get_web_acl_for_resource().resource_arn(&*request.id);
        let told = asked.send().await.if_found()?;
        let acl = told.as_ref().and_then(|told| told.web_acl());
        let seen = acl.map(|acl| {
            Seen::new(&*request.id)
                .text(Type::RESOURCE_ARN, Some(&*request.id))
                .text(Type::WEB_ACL_ARN, Some(acl.arn()))
        });
        Ok(seen)
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.wafv2().disassociate_web_acl().resource_arn(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }
}

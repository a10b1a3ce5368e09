//! What servers do not do, and without which no site comes up: answered in their place, from what
//! they tell otherwise.

use serde_json::{Value as Json, json};

use infra_tests::http::Message;

/// The answer to a call that ministack does not know, or answers as nobody can go on with; `None`
/// for all others.
pub(crate) async fn stand_in(request: &Message, server: &str) -> std::io::Result<Option<Message>> {
    let body = String::from_utf8_lossy(&request.body);
    if body.contains("Action=DescribeListenerCertificates&") {
        return certificates(request, &body, server).await.map(Some);
    }
    let target = request.header("x-amz-target").unwrap_or_default();
    if target.ends_with(".DescribeTasks") {
        return tasks(request, server).await.map(Some);
    }
    Ok(None)
}

/// The same of moto: the settings of accounts for ECS, which it does not know, are at the server
/// beside it, and its tasks run where no instance is needed, since none has an agent that would say
/// that it is there.
pub(crate) async fn for_moto(
    request: &Message,
    server: &str,
    beside: &str,
) -> std::io::Result<Option<Message>> {
    let target = request.header("x-amz-target").unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    match operation {
        "PutAccountSettingDefault" | "ListAccountSettings" => request.send(beside).await.map(Some),
        "RunTask" => {
            let mut asked: Json = serde_json::from_slice(&request.body)?;
            asked["capacityProviderStrategy"] = json!([]);
            asked["launchType"] = json!("FARGATE");
            let asked = Message { body: serde_json::to_vec(&asked)?, ..request.clone() };
            asked.send(server).await.map(Some)
        }
        "DescribeTasks" => tasks(request, server).await.map(Some),
        _ => Ok(None),
    }
}

/// DescribeListenerCertificates: what the server tells of the listener itself, in the words of that
/// operation.
async fn certificates(request: &Message, body: &str, server: &str) -> std::io::Result<Message> {
    let body = body
        .replace("DescribeListenerCertificates", "DescribeListeners")
        .replace("ListenerArn=", "ListenerArns.member.1=");
    let asked = Message { body: body.into_bytes(), ..request.clone() };
    let mut told = asked.send(server).await?;
    let text = String::from_utf8_lossy(&told.body);
    let parts = text.split("<CertificateArn>").skip(1).filter_map(|rest| rest.split('<').next());
    let member = |arn| {
        let default = "<IsDefault>true</IsDefault>";
        format!("<member><CertificateArn>{arn}</CertificateArn>{default}</member>")
    };
    let members: String = parts.map(member).collect();
    told.body = format!(
        "<DescribeListenerCertificatesResponse><DescribeListenerCertificatesResult><Certificates>\
         {members}</Certificates></DescribeListenerCertificatesResult>\
         </DescribeListenerCertificatesResponse>"
    )
    .into_bytes();
    Ok(told)
}

/// DescribeTasks: without Docker the servers' tasks run for ever, and those that are run once would
/// never have ended. A moment after they were started they have done their work.
async fn tasks(request: &Message, server: &str) -> std::io::Result<Message> {
    let mut told = request.send(server).await?;
    let mut answer: Json = serde_json::from_slice(&told.body)?;
    for task in answer["tasks"].as_array_mut().into_iter().flatten() {
        for status in ["lastStatus", "desiredStatus"] {
            task[status] = json!("STOPPED");
        }
        task["stopCode"] = json!("EssentialContainerExited");
        for container in task["containers"].as_array_mut().into_iter().flatten() {
            container["lastStatus"] = json!("STOPPED");
            container["exitCode"] = json!(0);
        }
    }
    told.body = serde_json::to_vec(&answer)?;
    Ok(told)
}

//! What ministack does not do, and without which no site comes up: answered in its place, from what
//! it tells otherwise.

use serde_json::{Value as Json, json};

use infra_tests::http::Message;

/// The answer to a call that the server does not know, or answers as nobody can go on with; `None`
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

/// DescribeTasks: without Docker the server's tasks run for ever, and those that are run once would
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

//! [`Mirror`]: what one server has of a network, as another one is to know it.

use std::{
    collections::BTreeMap,
    io::{Error, Result},
};

use infra_tests::http::{Message, signed};
use tokio::sync::Mutex;

/// Services whose things stand in subnets.
const IN_SUBNETS: [&str; 3] = ["elasticache", "elasticfilesystem", "rds"];

/// How the ids of what they stand in begin.
const IDS: [&str; 2] = ["subnet-", "sg-"];

/// What one server has of a network, as another one is to know it: whoever names a subnet or a
/// security group of the first to the other, which looks whether it is there, finds one like it.
#[derive(Debug)]
pub(crate) struct Mirror {
    /// The server that has the network.
    network: String,
    /// Ids there, and those of what is like them.
    pairs: Mutex<BTreeMap<String, String>>,
}

impl Mirror {
    /// Of a server's network.
    pub(crate) fn of(network: &str) -> Self {
        Self { network: network.to_owned(), pairs: Mutex::default() }
    }

    /// The other server's answer, which is about the network of the first; `None` if the call is
    /// about none.
    pub(crate) async fn answer(&self, request: &Message, server: &str) -> Result<Option<Message>> {
        let scope = request.header("authorization").unwrap_or_default();
        if !IN_SUBNETS.iter().any(|service| scope.contains(&format!("/{service}/"))) {
            return Ok(None);
        }
        let mut pairs = self.pairs.lock().await;
        let mut asked = request.clone();
        let body = text(&request.body)?;
        for id in ids(&format!("{} {body}", request.line)) {
            if !pairs.contains_key(&id) {
                self.add(&mut pairs, &id, server).await?;
            }
        }
        let theirs = |text: &str| {
            pairs.iter().fold(text.to_owned(), |text, (own, theirs)| text.replace(own, theirs))
        };
        asked.line = theirs(&request.line);
        asked.body = theirs(&body).into_bytes();
        let mut told = asked.send(server).await?;
        let ours =
            |text: String| pairs.iter().fold(text, |text, (own, theirs)| text.replace(theirs, own));
        told.body = ours(text(&told.body)?).into_bytes();
        Ok(Some(told))
    }

    /// Makes what is like a thing of the network; nothing if that is not there.
    async fn add(
        &self,
        pairs: &mut BTreeMap<String, String>,
        id: &str,
        server: &str,
    ) -> Result<()> {
        let all =
            ec2(server, "DescribeVpcs&Filter.1.Name=is-default&Filter.1.Value.1=true").await?;
        let Some(vpc) = between(&all, "vpcId") else { return Err(Error::other("no default VPC")) };
        let (made, own_vpc) = if id.starts_with("subnet-") {
            let told = ec2(&self.network, &format!("DescribeSubnets&SubnetId.1={id}")).await?;
            let Some(zone) = between(&told, "availabilityZone") else { return Ok(()) };
            let range = format!("172.31.{}.0/24", 100 + pairs.len());
            let asked =
                format!("CreateSubnet&VpcId={vpc}&CidrBlock={range}&AvailabilityZone={zone}");
            let made = between(&ec2(server, &asked).await?, "subnetId").map(str::to_owned);
            (made, between(&told, "vpcId").map(str::to_owned))
        } else {
            let told =
                ec2(&self.network, &format!("DescribeSecurityGroups&GroupId.1={id}")).await?;
            let Some(own_vpc) = between(&told, "vpcId") else { return Ok(()) };
            let asked =
                format!("CreateSecurityGroup&VpcId={vpc}&GroupName={id}&GroupDescription={id}");
            let made = between(&ec2(server, &asked).await?, "groupId").map(str::to_owned);
            (made, Some(own_vpc.to_owned()))
        };
        pairs.insert(id.to_owned(), made.ok_or_else(|| Error::other("it was not made"))?);
        pairs.extend(own_vpc.map(|own| (own, vpc.to_owned())));
        Ok(())
    }
}

/// What EC2 answers at a server, refusals too.
async fn ec2(server: &str, asked: &str) -> Result<String> {
    let form = ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned());
    let (name, scope) = signed("ec2");
    let request = Message {
        line: "POST / HTTP/1.1".to_owned(),
        headers: vec![("host".to_owned(), server.to_owned()), (name.to_owned(), scope), form],
        body: format!("Action={asked}&Version=2016-11-15").into_bytes(),
    };
    text(&request.send(server).await?.body)
}

fn text(body: &[u8]) -> Result<String> {
    String::from_utf8(body.to_vec()).map_err(Error::other)
}

/// What stands first in a tag.
fn between<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{tag}>"))?;
    rest.split_once('<').map(|(value, _)| value)
}

/// The ids of subnets and security groups in a text.
fn ids(text: &str) -> Vec<String> {
    let of = |begin: &'static str| {
        text.match_indices(begin).filter_map(move |(at, _)| {
            let rest = &text[at + begin.len()..];
            let end = rest.find(|it: char| !it.is_ascii_hexdigit()).unwrap_or(rest.len());
            (end >= 8).then(|| format!("{begin}{}", &rest[..end]))
        })
    };
    IDS.into_iter().flat_map(of).collect()
}

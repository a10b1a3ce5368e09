//! The network of a VPC with Docker: a container reaches exactly what its group allows.

use std::{collections::BTreeSet, net::Ipv4Addr, time::Duration};

use backend_local::containers::{
    docker::{Docker, Labels, NetworkSpec, Spec},
    endpoint::NETWORK_IMAGE,
    network::{
        Firewall, Gateway, Interface, InterfaceSpec, Member, NetworkError, Peer, Policy, Ports,
        Protocol, Ranges, Rule, SecurityGroup, Vpc, VpcSpec,
    },
};
use futures_util::future::join_all;
use tokio::io::AsyncReadExt as _;

use crate::fixture::Fixture;

/// A VPC in a range that the fixture's network has on this machine, so that it has to move.
async fn vpc(fixture: &Fixture) -> Vpc {
    let range = format!("{}/16", fixture.address(0, 0)).parse().unwrap();
    let spec = VpcSpec::new(&fixture.account, "vpc-1", range);
    Vpc::ensure(&fixture.docker, &spec).await.unwrap()
}

/// An interface with a server on three ports.
async fn served(fixture: &Fixture, vpc: &Vpc, id: &str, zone: &str, third: u8) -> Interface {
    let interface = bare(vpc, id, zone, fixture.address(third, 0)).await;
    let config = "defaults\n mode http\n timeout client 1m\n timeout server 1m\n timeout connect 1s\n\
                  frontend f\n bind :80\n bind :81\n bind :9901\n http-request return status 200\n";
    let script = "printf '%s' \"$CONFIG\" >/tmp/c && exec haproxy -W -db -f /tmp/c";
    let server = Spec::new(fixture.owner("server", id, ""), NETWORK_IMAGE, interface.shared())
        .command(["sh", "-c", script])
        .env("CONFIG", config);
    fixture.docker.run(&server).await.unwrap();
    interface
}

async fn bare(vpc: &Vpc, id: &str, zone: &str, subnet: Ipv4Addr) -> Interface {
    let spec = InterfaceSpec {
        id: id.to_owned(),
        zone: zone.to_owned(),
        subnet: format!("{subnet}/24").parse().unwrap(),
        address: None,
        names: BTreeSet::from([format!("{id}.example")]),
        groups: BTreeSet::new(),
    };
    vpc.ensure_interface(&spec).await.unwrap()
}

/// Whether a connection is let through. What is dropped is silent, what nobody listens on refuses.
async fn reaches(docker: &Docker, from: &Interface, to: impl ToString, port: u16) -> bool {
    let script = format!("exec 3<>/dev/tcp/{}/{port}", to.to_string());
    let command = ["timeout", "1", "bash", "-c", &script];
    let mut attempts = 0;
    loop {
        let done = docker.try_exec(&from.container, &command, b"").await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        match done.code {
            0 => return true,
            124 => return false,
            // The server has not started yet.
            1 if said.contains("refused") && attempts < 50 => attempts += 1,
            code => panic!("{code}: {said}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn member(interface: &Interface, groups: &[&str]) -> Member {
    Member {
        id: interface.id.clone(),
        address: interface.address,
        zone: Some(interface.zone.clone()),
        groups: groups.iter().map(|id| (*id).to_owned()).collect(),
        service: None,
        agent: vec![],
        endpoint: false,
    }
}

fn group(id: &str, ingress: Vec<Rule>, egress: Vec<Rule>) -> SecurityGroup {
    SecurityGroup { id: id.to_owned(), ingress, egress }
}

fn from(peer: Peer, port: u16) -> Rule {
    Rule { protocol: Protocol::Tcp(Ports::one(port)), peer }
}

fn of_group(id: &str) -> Peer {
    Peer::Group(id.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_reaches_exactly_what_its_group_allows() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let vpc = vpc(&fixture).await;
    let (web, other, db) = tokio::join!(
        bare(&vpc, "eni-web", "a", fixture.address(1, 0)),
        bare(&vpc, "eni-other", "b", fixture.address(1, 0)),
        served(&fixture, &vpc, "eni-db", "b", 2),
    );
    let firewall = Firewall::new(docker, &fixture.account);
    let range = format!("{}/16", fixture.address(0, 0)).parse().unwrap();
    let all = Rule { protocol: Protocol::All, peer: Peer::Cidr("0.0.0.0/0".parse().unwrap()) };
    let within = from(Peer::Cidr(range), 443);
    let mut endpoint = member(&db, &["sg-db"]);
    endpoint.endpoint = true;
    endpoint.agent = vec![Ports::one(81)];
    let mut policy = Policy {
        ranges: vpc.ranges(),
        groups: vec![
            group("sg-web", vec![], vec![all.clone()]),
            group("sg-other", vec![], vec![all, within]),
            group(
                "sg-db",
                vec![from(of_group("sg-web"), 80), from(Peer::Cidr(range), 9901)],
                vec![],
            ),
        ],
        interfaces: vec![member(&web, &["sg-web"]), member(&other, &["sg-other"]), endpoint],
        gateway: Gateway {
            address: vpc.gateway(),
            groups: BTreeSet::new(),
            services: vec![],
            resolvers: BTreeSet::new(),
        },
        cut: BTreeSet::new(),
        failing: BTreeSet::new(),
    };

    // Closed before anybody has said anything.
    assert!(!reaches(docker, &web, db.address, 80).await);
    let started = tokio::time::Instant::now();
    let applied = firewall.apply(&policy).await.unwrap();
    let took = started.elapsed();
    assert_eq!((applied.changed.len(), applied.missing.len()), (3, 0));
    let again = firewall.apply(&policy).await.unwrap();
    assert_eq!(again, Default::default(), "nothing differs");

    assert!(reaches(docker, &web, db.address, 80).await);
    assert!(reaches(docker, &web, "eni-db.example", 80).await, "names are found");
    let (port, whom, command, back, itself) = tokio::join!(
        reaches(docker, &web, db.address, 81),
        reaches(docker, &other, db.address, 80),
        reaches(docker, &web, db.address, 9901),
        reaches(docker, &db, web.address, 80),
        reaches(docker, &db, "127.0.0.1", 81),
    );
    assert!(!port, "another port");
    assert!(!whom, "another group");
    assert!(!command, "the commands of an endpoint, though a rule says so");
    assert!(!back, "it answers, and asks nobody");
    assert!(itself, "within itself");
    // The agent: this machine.
    for (port, wanted) in [(81, true), (9901, true), (80, false)] {
        assert_eq!(connects(db.address, port).await, wanted, "the agent to {port}");
    }

    // A member that comes later, in a set alone.
    let late = bare(&vpc, "eni-late", "c", fixture.address(3, 0)).await;
    policy.interfaces.push(member(&late, &["sg-web"]));
    let applied = firewall.apply(&policy).await.unwrap();
    assert_eq!(applied.changed, ["eni-db", "eni-late"].map(str::to_owned).into());
    assert!(reaches(docker, &late, db.address, 80).await);

    // A zone is cut, and comes back.
    policy.cut.insert("b".to_owned());
    firewall.apply(&policy).await.unwrap();
    let (cut, agent, there) = tokio::join!(
        reaches(docker, &web, db.address, 80),
        connects(db.address, 81),
        reaches(docker, &db, "127.0.0.1", 80),
    );
    assert_eq!((cut, agent, there), (false, false, true));
    policy.cut.clear();
    firewall.apply(&policy).await.unwrap();
    assert!(reaches(docker, &web, db.address, 80).await);

    // The balancer's group is where this machine is.
    policy.gateway.groups.insert("sg-lb".to_owned());
    policy.groups[2].ingress.push(from(of_group("sg-lb"), 80));
    // Removed rules let nobody in any more.
    policy.groups[2].ingress.remove(0);
    let applied = firewall.apply(&policy).await.unwrap();
    assert_eq!(applied.changed, ["eni-db"].map(str::to_owned).into());
    let (gone, balancer) =
        tokio::join!(reaches(docker, &web, db.address, 80), connects(db.address, 80));
    assert_eq!((gone, balancer), (false, true));

    // An agent that knows nothing of what is there says all of it, and changes nothing.
    let new = Firewall::new(docker, &fixture.account);
    assert_eq!(new.apply(&policy).await.unwrap().changed.len(), 4);
    assert!(connects(db.address, 80).await);
    // An interface whose container ends is closed when it is back, and told again.
    docker.kill(&late.container).await.unwrap();
    let missing = new.apply(&policy).await.unwrap().missing;
    assert_eq!(missing, ["eni-late"].map(str::to_owned).into());
    let back = bare(&vpc, "eni-late", "c", fixture.address(3, 0)).await;
    assert_eq!(back, late);
    assert_eq!(new.apply(&policy).await.unwrap().changed, ["eni-late"].map(str::to_owned).into());
    // Also if nobody has seen that it had ended.
    docker.kill(&late.container).await.unwrap();
    docker.start(&late.container).await.unwrap();
    assert_eq!(new.apply(&policy).await.unwrap().changed, ["eni-late"].map(str::to_owned).into());
    println!("rules of 3 interfaces put in place in {took:?}");

    // A zone fails: nobody connects anew, and who is connected is told of the end.
    let mut held = tokio::net::TcpStream::connect((db.address, 81)).await.unwrap();
    policy.failing.insert("b".to_owned());
    new.apply(&policy).await.unwrap();
    assert!(!connects(db.address, 81).await);
    let server = fixture.owner("server", "eni-db", "").name();
    docker.kill(&server).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(5), held.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0) | Err(_))), "{end:?}");

    docker.remove(&server).await.unwrap();
    let error = vpc.clone().remove().await.unwrap_err();
    assert!(
        matches!(&error, NetworkError::InUse { interfaces, .. }
        if interfaces == "eni-db, eni-late, eni-other, eni-web"),
        "{error}"
    );
    for interface in vpc.interfaces().await.unwrap() {
        vpc.remove_interface(&interface.id).await.unwrap();
    }
    vpc.remove().await.unwrap();
    fixture.end().await;
}

#[tokio::test]
async fn interfaces_that_are_made_at_the_same_time_have_addresses_of_their_own() {
    let Some(fixture) = Fixture::new().await else { return };
    let vpc = vpc(&fixture).await;
    let subnet = fixture.address(1, 0);
    // Two ask for the same one.
    let ids = ["eni-1", "eni-2", "eni-3", "eni-1"];
    let made = join_all(ids.map(|id| bare(&vpc, id, "a", subnet))).await;
    assert_eq!(made[0], made[3]);
    let addresses: BTreeSet<Ipv4Addr> = made.iter().map(|it| it.address).collect();
    assert_eq!(addresses.len(), 3, "{made:?}");
    for id in &ids[..3] {
        vpc.remove_interface(id).await.unwrap();
    }
    vpc.remove().await.unwrap();
    fixture.end().await;
}

/// Tasks come and go while rules are put in place for others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_while_rules_are_put_in_place_is_no_trouble_of_the_others() {
    let Some(fixture) = Fixture::new().await else { return };
    let vpc = vpc(&fixture).await;
    let mut members = vec![];
    for number in 0..6 {
        let id = format!("eni-{number}");
        members.push(bare(&vpc, &id, "a", fixture.address(1, 0)).await);
    }
    let interfaces = members.iter().map(|interface| member(interface, &["sg"])).collect();
    let mut policy = Policy {
        ranges: vpc.ranges(),
        groups: vec![group("sg", vec![], vec![])],
        interfaces,
        gateway: Gateway {
            address: vpc.gateway(),
            groups: BTreeSet::new(),
            services: vec![],
            resolvers: BTreeSet::new(),
        },
        cut: BTreeSet::new(),
        failing: BTreeSet::new(),
    };
    let going = {
        let vpc = vpc.clone();
        tokio::spawn(async move {
            for number in 1..6 {
                vpc.remove_interface(&format!("eni-{number}")).await.unwrap();
            }
        })
    };
    let firewall = Firewall::new(&fixture.docker, &fixture.account);
    let mut applied = firewall.apply(&policy).await.unwrap();
    // Each time all of them are told something else.
    for port in 1.. {
        if going.is_finished() {
            break;
        }
        policy.groups[0].ingress = vec![from(of_group("sg"), port)];
        applied = firewall.apply(&policy).await.unwrap();
    }
    going.await.unwrap();
    policy.groups[0].ingress.clear();
    assert!(applied.changed.contains("eni-0"), "{applied:?}");
    assert_eq!(firewall.apply(&policy).await.unwrap().missing.len(), 5);
    vpc.remove_interface("eni-0").await.unwrap();
    vpc.remove().await.unwrap();
    fixture.end().await;
}

async fn connects(address: Ipv4Addr, port: u16) -> bool {
    let connected = tokio::net::TcpStream::connect((address, port));
    matches!(tokio::time::timeout(Duration::from_secs(1), connected).await, Ok(Ok(_)))
}

#[tokio::test]
async fn a_vpc_has_one_network_though_several_make_it_at_the_same_time() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let networks = async || {
        let labels = Labels::of_thing(&fixture.account, "vpc", "vpc-1");
        docker.networks(&labels).await.unwrap().len()
    };
    let made = join_all((0..6).map(|_| vpc(&fixture))).await;
    assert_eq!(networks().await, 1);
    for other in &made {
        assert_eq!(other.ranges(), made[0].ranges());
    }

    // One that was asked for before, by somebody who has died since, arrives late.
    let late = NetworkSpec {
        owner: fixture.owner("vpc", "vpc-1", ""),
        range: "10.99.0.0/16".parse().unwrap(),
        gateway: Ipv4Addr::new(10, 99, 0, 1),
    };
    bare(&made[0], "eni-1", "a", fixture.address(1, 0)).await;
    // Newer ones of Docker refuse it.
    let is_made = docker.make_network(&late).await.is_ok();
    assert_eq!(networks().await, 1 + usize::from(is_made));
    assert_eq!(vpc(&fixture).await.ranges(), made[0].ranges(), "the one that something is on");
    assert_eq!(networks().await, 1);

    assert_eq!(docker.make_network(&late).await.is_ok(), is_made);
    made[0].remove_interface("eni-1").await.unwrap();
    made[0].clone().remove().await.unwrap();
    assert_eq!(networks().await, 0);
    fixture.end().await;
}

#[tokio::test]
async fn a_range_that_is_taken_is_another_one_and_stays_so() {
    let Some(fixture) = Fixture::new().await else { return };
    let vpc = vpc(&fixture).await;
    let moved = vpc.moved().unwrap();
    let by = moved.by.clone().unwrap();
    assert!(by.contains(&fixture.network), "{by}");
    assert_ne!(vpc.ranges().local(), vpc.ranges().aws());

    let wanted = fixture.address(1, 17);
    let mut spec = InterfaceSpec {
        id: "eni-1".to_owned(),
        zone: "a".to_owned(),
        subnet: format!("{}/24", fixture.address(1, 0)).parse().unwrap(),
        address: Some(wanted),
        names: BTreeSet::from(["one.example".to_owned()]),
        groups: ["sg-1", "sg-2"].map(str::to_owned).into(),
    };
    let made = vpc.ensure_interface(&spec).await.unwrap();
    assert_eq!(vpc.ranges().aws_address(made.address), wanted);
    assert_eq!(made.groups, spec.groups);

    // A process that knows nothing finds all of it.
    let again = self::vpc(&fixture).await;
    assert_eq!(again.ranges(), vpc.ranges());
    assert_eq!(again.interfaces().await.unwrap(), std::slice::from_ref(&made));
    let docker = &fixture.docker;
    let second = bare(&again, "eni-2", "a", fixture.address(1, 0)).await;
    assert_eq!(vpc.ranges().aws_address(second.address), fixture.address(1, 4));

    // New names, at the same address, and whoever shares the network keeps it.
    spec.names = BTreeSet::from(["two.example".to_owned()]);
    assert_eq!(again.ensure_interface(&spec).await.unwrap(), made);
    let found = docker.exec(&second.container, &["getent", "hosts", "two.example"], b"").await;
    assert!(found.unwrap().text().starts_with(&made.address.to_string()));
    let old = docker
        .try_exec(&second.container, &["timeout", "1", "getent", "hosts", "one.example"], b"")
        .await;
    // Docker asks elsewhere for what it does not know, and the interface is closed.
    assert_eq!(old.unwrap().text(), "", "nobody has the old name");

    let refused = |change: &dyn Fn(&mut InterfaceSpec)| {
        let mut spec = spec.clone();
        spec.id = "eni-3".to_owned();
        change(&mut spec);
        let again = again.clone();
        async move { again.ensure_interface(&spec).await.unwrap_err().to_string() }
    };
    let error = refused(&|_| {}).await;
    assert_eq!(error, format!("eni-3 can't have the address {wanted}: eni-1 has it"));
    let reserved = fixture.address(1, 3);
    let error = refused(&|spec| spec.address = Some(reserved)).await;
    assert!(error.contains("none that AWS gives"), "{error}");
    let error = refused(&|spec| {
        spec.id = "eni-1".to_owned();
        spec.address = Some(fixture.address(1, 18));
    });
    assert!(error.await.contains("keeps it as long as it is there"));

    for id in ["eni-1", "eni-2", "eni-2"] {
        again.remove_interface(id).await.unwrap();
    }
    again.remove().await.unwrap();
    vpc.remove().await.unwrap();
    let ranges = Ranges::same(format!("{}/16", fixture.address(0, 0)).parse().unwrap());
    assert_eq!(ranges.address(wanted), wanted);
    fixture.end().await;
}

//! [`Emulators`]: the emulator of AWS, for what it has of it.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};

use super::Net;
use crate::{
    containers::{
        agent::{
            Failure, Keeper, Kind, Notes, Part, Seen, Surroundings,
            protocol::{PartReport, State, Which},
        },
        docker::{Labels, Network, Owner, Spec},
        emulator::Emulator,
        images::Images,
        place::{EMULATOR, EMULATOR_ID},
    },
    sim::View,
};

/// The image of the emulator.
const IMAGE: &str = "localstack/localstack:4.14";
/// How long it stays for who asked for it and put nothing into the account.
const IDLE: Duration = Duration::from_secs(20);
/// The kind that its container is labelled with.
const KIND: &str = "emulator";
/// Where it listens in its container.
const PORT: u16 = 4566;
/// So many CPUs it counts for beside others, 1024 for one, where they are scarce.
const CPU_SHARES: i64 = 16 * 1024;
/// How long it may take to answer for the first time.
const START: Duration = Duration::from_secs(90);
const STEP: Duration = Duration::from_millis(200);

struct Runs {
    images: Images,
}

fn owner(around: &Surroundings) -> Owner {
    let [account, kind, id] = [around.account(), KIND, EMULATOR_ID].map(str::to_owned);
    Owner { account, kind, id, part: String::new() }
}

/// What it is asked for here: also who one is.
fn services() -> String {
    [&["sts"], EMULATOR].concat().join(",")
}

impl Runs {
    async fn begin(&self, around: &Surroundings, notes: &Notes) -> Result<(), Failure> {
        self.images.ensure(IMAGE, &|event| notes.image(&event)).await?;
        let mut spec = Spec::new(owner(around), IMAGE, Network::On("bridge".to_owned()))
            .publish(around.settings.emulator, PORT)
            .env("LOCALSTACK_HOST", format!("localhost:{}", around.settings.emulator))
            // One after the other, before it answers. If it loads some while they are asked for, all at
            // the same time, their parts wait for each other, and IAM is broken until it starts again.
            .env("EAGER_SERVICE_LOADING", "1")
            .env("SERVICES", services())
            // There are others, too.
            .env("STRICT_SERVICE_LOADING", "0");
        // Nothing starts before its roles and secrets are there, and databases take all of the machine
        // while it loads. Later it has next to nothing to do.
        spec.cpu_shares = Some(CPU_SHARES);
        spec.restarts = true;
        around.docker.run(&spec).await?;
        let emulator = Emulator::new(around.settings.emulator, Duration::from_secs(2));
        let mut waited = Duration::ZERO;
        while !emulator.is_there().await {
            if waited >= START {
                let message = format!("the emulator does not answer within {} s", START.as_secs());
                return Err(Failure { message, is_final: false });
            }
            notes.say("the emulator of AWS comes up");
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
        Ok(())
    }
}

impl Kind for Runs {
    type Spec = ();
    type Thing = ();

    async fn make(
        &self,
        around: &Surroundings,
        _: &str,
        (): &(),
        notes: &Notes,
    ) -> Result<(), Failure> {
        self.begin(around, notes).await
    }

    async fn change(
        &self,
        _: &Surroundings,
        _: &str,
        (): &mut (),
        (): &(),
        _: &Notes,
    ) -> Result<(), Failure> {
        Ok(())
    }

    async fn remove(&self, around: &Surroundings, _: &str, _: Option<()>) -> Result<(), Failure> {
        Ok(around.docker.remove(&owner(around).name()).await?)
    }

    fn see(&self, (): &()) -> Seen {
        Seen { state: State::ready(), redundant: true, ..Seen::default() }
    }

    async fn left(&self, around: &Surroundings) -> Result<Vec<String>, Failure> {
        let there = around.docker.find(&Labels::of_kind(around.account(), KIND)).await?;
        Ok(there.iter().filter_map(|seen| Some(seen.owner()?.id)).collect())
    }
}

/// The emulator of AWS, and the way to it from the networks of VPCs.
pub(super) struct Emulators {
    keeper: Arc<Keeper<Runs>>,
    around: Surroundings,
    net: Arc<Net>,
    /// Where tasks reach it, by VPC.
    ways: Arc<Mutex<BTreeMap<String, tokio::task::JoinHandle<()>>>>,
    needed: Arc<Mutex<Needed>>,
}

/// Whether anybody needs it.
struct Needed {
    /// Whether the account has nothing that does.
    empty: bool,
    /// When somebody asked for it last, though.
    asked: Option<Instant>,
}

impl Needed {
    fn is(&self) -> bool {
        !self.empty || self.asked.is_some_and(|at| at.elapsed() < IDLE)
    }
}

fn lock(needed: &Mutex<Needed>) -> MutexGuard<'_, Needed> {
    needed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Held by who calls it: what is wanted last counts.
fn begin(keeper: &Keeper<Runs>, needed: &Needed) {
    let wanted = needed.is().then(|| (EMULATOR_ID.to_owned(), ()));
    keeper.want(wanted.into_iter().collect());
}

impl Emulators {
    pub(super) fn new(around: &Surroundings, net: &Arc<Net>, images: &Images) -> Self {
        Self {
            keeper: Arc::new(Keeper::new(Runs { images: images.clone() }, around)),
            around: around.clone(),
            net: Arc::clone(net),
            ways: Arc::default(),
            needed: Arc::new(Mutex::new(Needed { empty: true, asked: None })),
        }
    }
}

impl Part for Emulators {
    fn name(&self) -> &'static str {
        "emulator"
    }

    fn types(&self) -> &'static [&'static str] {
        &[EMULATOR_ID]
    }

    fn want(&self, view: &Arc<View>) {
        // What a database has left behind needs none.
        let empty = !view.has_other_than::<infra_core::aws::rds::DbClusterSnapshot>();
        let mut needed = lock(&self.needed);
        // With the last thing of the account it goes, until somebody asks for it again.
        if empty && !needed.empty {
            needed.asked = None;
        }
        needed.empty = empty;
        begin(&self.keeper, &needed);
        drop(needed);
        let vpcs: Vec<String> =
            view.all::<infra_core::aws::ec2::Vpc>().map(|vpc| vpc.id().to_owned()).collect();
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        ways.retain(|vpc, way| {
            let stays = vpcs.contains(vpc) && !way.is_finished();
            if !stays {
                way.abort();
            }
            stays
        });
        for vpc in vpcs {
            let (net, around, name) = (Arc::clone(&self.net), self.around.clone(), vpc.clone());
            ways.entry(vpc).or_insert_with(|| tokio::spawn(lead(net, around, name)));
        }
    }

    fn state(&self, which: &Which) -> State {
        let mut needed = lock(&self.needed);
        needed.asked = Some(Instant::now());
        begin(&self.keeper, &needed);
        if needed.empty {
            // Whoever asked may have found that there is nothing to do: then nothing tells of its end.
            let (keeper, needed) = (Arc::clone(&self.keeper), Arc::clone(&self.needed));
            tokio::spawn(async move {
                tokio::time::sleep(IDLE).await;
                begin(&keeper, &lock(&needed));
            });
        }
        drop(needed);
        self.keeper.seen(&which.id).state
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.keeper.reports() }
    }
}

/// Leads who asks the machine's own address on a VPC's network to the emulator.
async fn lead(net: Arc<Net>, around: Surroundings, vpc: String) {
    loop {
        let led = async {
            let gateway = net.gateway(&vpc).await?;
            let listener = TcpListener::bind((gateway, around.settings.emulator)).await?;
            serve(listener, around.settings.emulator).await;
            Ok::<(), Failure>(())
        };
        if let Err(failure) = led.await {
            around.log.line(format_args!("the way of {vpc} to the emulator: {}", failure.message));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn serve(listener: TcpListener, port: u16) {
    while let Ok((mut from, _)) = listener.accept().await {
        tokio::spawn(async move {
            let there = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            if let Ok(mut to) = TcpStream::connect(there).await {
                // Either end may go at any moment; there is nobody to tell.
                let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
            }
        });
    }
}

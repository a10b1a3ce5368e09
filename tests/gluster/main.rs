//! What the machines that keep shared files do at their first start, on three containers with
//! Debian's GlusterFS: they make one volume, and one that takes another one's place has its files.
//!
//! It needs Docker (`docker.io` and `debootstrap`); without, it says that it was skipped, unless
//! `INFRA_REQUIRE_DOCKER` is set.

#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
#[path = "../image/docker.rs"]
mod docker;
#[allow(dead_code)]
#[path = "../../examples/gluster.rs"]
mod gluster;

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use infra_core::aws::ec2::{Instance, NetworkInterface};
use infra_tests::world::{World, program};

use docker::{Container, docker, succeeded, text, try_docker};

/// Where the containers have their addresses; nobody else's, as far as that can be known.
const NETWORK: &str = "10.213.77";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The first scripts of the three machines, as the program has them, for other addresses.
async fn scripts() -> Vec<String> {
    let world = World::default();
    world.up(&program(|stack| gluster::site(stack).unwrap())).await;
    let mut addresses: Vec<String> = world
        .all::<NetworkInterface>()
        .iter()
        .map(|it| it.text("private_ip_address").to_owned())
        .collect();
    let scripts: Vec<String> =
        world.all::<Instance>().iter().map(|node| node.text("user_data").to_owned()).collect();
    // By the order in which a script names them, which is that of the zones.
    let named = scripts[0].lines().find(|line| line.starts_with("NODES=")).unwrap().to_owned();
    addresses.sort_by_key(|address| named.find(&**address));
    let here = |script: &String| {
        let places = addresses.iter().enumerate();
        places.fold(script.clone(), |script, (place, address)| {
            script
                .replace(&format!("{address} "), &format!("{} ", ip(place)))
                .replace(&format!("{address}'"), &format!("{}'", ip(place)))
                .replace(&format!("{address}\n"), &format!("{}\n", ip(place)))
        })
    };
    let mut scripts: Vec<String> = scripts.iter().map(here).collect();
    scripts.sort_by_key(|script| (0..3).find(|place| script.contains(&own(*place))));
    scripts
}

fn ip(place: usize) -> String {
    format!("{NETWORK}.1{place}")
}

fn own(place: usize) -> String {
    format!("SELF={}\n", ip(place))
}

/// Three machines on a network of their own, all of which ends with this.
struct Machines {
    name: String,
    image: String,
    scripts: Vec<String>,
    running: Vec<Option<Container>>,
}

impl Machines {
    async fn new() -> Self {
        docker::base();
        let folder = workspace().join("tests/gluster");
        let image = docker::build("moodle-infra-test/gluster", &folder, &[]);
        let name = format!("moodle-infra-gluster-{}", std::process::id());
        docker(["network", "create", "--subnet", &format!("{NETWORK}.0/24"), &name]);
        let mut machines = Self { name, image, scripts: scripts().await, running: vec![] };
        for place in 0..3 {
            docker(["volume", "create", &machines.disk(place)]);
            let machine = machines.start(place);
            machines.running.push(Some(machine));
        }
        machines
    }

    fn disk(&self, place: usize) -> String {
        format!("{}-{place}", self.name)
    }

    fn start(&self, place: usize) -> Container {
        let script = &self.scripts[place];
        let disk = script.lines().find_map(|line| line.strip_prefix("DISK=")).unwrap();
        let device = format!("nvme-Amazon_Elastic_Block_Store_{}", disk.replace('-', ""));
        let stand_in = workspace().join("tests/gluster/stand-in").display().to_string();
        let begin = format!(
            "mkdir -p /dev/disk/by-id /stand-ins && touch /dev/disk/by-id/{device} && for name in \
             apt-get blkid mkfs.xfs mount mountpoint sleep systemctl; do ln -s /stand-in \
             /stand-ins/$name; done; exec /bin/sleep 3600"
        );
        let arguments = [
            "--init",
            // Its address leads back to this name, as that of a machine on AWS always does to one.
            "--name",
            &format!("{}-{place}", self.name),
            "--network",
            &self.name,
            "--ip",
            &ip(place),
            "--cap-add",
            "SYS_ADMIN",
            "--device",
            "/dev/fuse",
            "--volume",
            &format!("{}:/bricks", self.disk(place)),
            "--volume",
            &format!("{stand_in}:/stand-in:ro"),
            &self.image,
            "sh",
            "-c",
            &begin,
        ];
        Container::start(&arguments.map(str::to_owned))
    }

    fn machine(&self, place: usize) -> &Container {
        self.running[place].as_ref().unwrap()
    }

    /// What a machine does at its first start.
    #[track_caller]
    fn first_start(&self, place: usize) {
        let script = format!("PATH=/stand-ins:$PATH\n{}", self.scripts[place]);
        let done = self.machine(place).run(&["timeout", "400", "bash", "-c", &script]);
        assert!(done.status.success(), "{}\n{}", text(&done.stdout), text(&done.stderr));
    }

    /// A machine goes and another one comes in its place, with its disk or with an empty one.
    fn replace(&mut self, place: usize, empty: bool) {
        self.running[place] = None;
        if empty {
            docker(["volume", "rm", &self.disk(place)]);
            docker(["volume", "create", &self.disk(place)]);
        }
        self.running[place] = Some(self.start(place));
    }

    /// Waits for a file on a machine's own disk.
    #[track_caller]
    fn has(&self, place: usize, file: &str) {
        let path = format!("/bricks/moodledata/{file}");
        let mut tries = 0;
        while !self.machine(place).run(&["test", "-s", &path]).status.success() {
            tries += 1;
            assert!(tries < 300, "machine {place} does not get {file}");
            thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        self.running.clear();
        for place in 0..3 {
            try_docker(["volume", "rm", "--force", &self.disk(place)]);
        }
        try_docker(["network", "rm", &self.name]);
    }
}

#[tokio::test]
async fn three_machines_make_a_volume_and_a_new_one_gets_its_files() {
    if !docker::is_there() {
        return;
    }
    let mut machines = Machines::new().await;
    thread::scope(|scope| {
        for place in 0..3 {
            let machines = &machines;
            scope.spawn(move || machines.first_start(place));
        }
    });
    let client = |machines: &Machines, command: &str| {
        let done = machines.machine(0).run(&["sh", "-c", command]);
        succeeded(&done)
    };
    let volume = client(&machines, "gluster --mode=script volume info moodledata");
    for said in ["Number of Bricks: 1 x 3 = 3", "network.ping-timeout: 10", "storage.owner-uid: 33"]
    {
        assert!(volume.contains(said), "{volume}");
    }
    // The security groups let these ports through.
    let ports = client(
        &machines,
        "gluster --mode=script volume status moodledata | awk '/^Brick/ { print $3 }'",
    );
    for port in ports.lines() {
        assert!((49152..=49160).contains(&port.parse::<u32>().unwrap()), "{ports}");
    }
    let others = format!("{}:{}", ip(1), ip(2));
    client(
        &machines,
        &format!(
            "mkdir -p /mnt/files && mount -t glusterfs -o backup-volfile-servers={others} \
             {}:/moodledata /mnt/files && echo before > /mnt/files/before",
            ip(0)
        ),
    );
    machines.has(1, "before");

    // Another machine with the same disk.
    machines.replace(1, false);
    client(&machines, "echo meanwhile > /mnt/files/meanwhile && cat /mnt/files/before");
    machines.first_start(1);
    machines.has(1, "meanwhile");

    // Another machine with an empty disk.
    machines.replace(1, true);
    machines.first_start(1);
    machines.has(1, "before");
    machines.has(1, "meanwhile");
}

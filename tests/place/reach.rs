//! Who reaches whom on the networks.

use backend_local::containers::docker::Seen;

use crate::world::World;

/// Whether a container reaches a port of another one.
pub(crate) fn reaches(world: &World, from: &Seen, to: &Seen, port: u16) -> bool {
    let to = address(world, to);
    let script = format!("timeout 2 bash -c ': <>/dev/tcp/{to}/{port}'");
    let command = ["sh", "-c", &script];
    let tried = world.wait(world.docker.try_exec(&from.id, &command, b"")).unwrap();
    tried.code == 0
}

/// The address of the interface that a container shares.
fn address(world: &World, container: &Seen) -> String {
    let interface = container.shares.as_deref().unwrap();
    let inspected = world.wait(world.docker.api().inspect_container(interface, None)).unwrap();
    let networks = inspected.network_settings.unwrap().networks.unwrap();
    networks.into_values().find_map(|network| network.ip_address).unwrap()
}

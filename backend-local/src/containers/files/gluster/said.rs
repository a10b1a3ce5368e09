//! What servers say, read from the text that `gluster` prints.

use std::collections::BTreeMap;

/// What a server knows of the volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VolumeInfo {
    /// Its id, without hyphens.
    pub(super) id: String,
    /// Whether it is started.
    pub(super) started: bool,
    /// Its options.
    pub(super) options: BTreeMap<String, String>,
}

/// What a server that answers has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Local {
    /// What it knows of the volume; `None` if nothing.
    pub(super) volume: Option<VolumeInfo>,
    /// Of which volume its brick is, without hyphens; `None` if it is an empty disk.
    pub(super) brick: Option<String>,
    /// Whether there are files in it.
    pub(super) files: bool,
    /// Whether a process serves it.
    pub(super) serves: bool,
}

/// Prints what a server has, without asking the others. Of a volume, a folder, and how many seconds
/// it may take.
pub(super) const LOCAL: &str = r#"timeout -k 1 "$3" gluster --mode=script volume info "$1" 2>&1
echo "ended: $?"
getfattr --absolute-names -n trusted.glusterfs.volume-id -e hex "$2" 2>/dev/null
[ -z "$(find "$2" -mindepth 1 -maxdepth 1 ! -name '.glusterfs*' -print -quit 2>/dev/null)" ] || echo files
! pgrep -f -- "--brick-name $2 " >/dev/null || echo serves
"#;

/// What [`LOCAL`] printed; `None` if the server does not answer (yet).
pub(super) fn local(said: &str) -> Option<Local> {
    let (info, rest) = said.split_once("ended: ")?;
    let mut rest = rest.lines();
    let volume = match rest.next()?.trim() {
        "0" => Some(volume(info)?),
        _ if info.contains("does not exist") => None,
        _ => return None,
    };
    let mut local = Local { volume, ..Local::default() };
    for line in rest {
        match line.trim() {
            "files" => local.files = true,
            "serves" => local.serves = true,
            line => {
                if let Some(id) = line.strip_prefix("trusted.glusterfs.volume-id=0x") {
                    local.brick = Some(id.to_owned());
                }
            }
        }
    }
    Some(local)
}

/// What `volume info` printed.
fn volume(said: &str) -> Option<VolumeInfo> {
    let mut info = VolumeInfo::default();
    let mut lines = said.lines().map(str::trim);
    for line in lines.by_ref().take_while(|line| *line != "Options Reconfigured:") {
        if let Some(id) = line.strip_prefix("Volume ID: ") {
            info.id = id.replace('-', "");
        } else if let Some(status) = line.strip_prefix("Status: ") {
            info.started = status == "Started";
        }
    }
    let options = lines.filter_map(|line| line.split_once(": "));
    info.options = options.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (!info.id.is_empty()).then_some(info)
}

/// A brick as a client of the volume sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Brick {
    /// What it is called: `10.0.1.11:/bricks/files`.
    pub(super) name: String,
    /// Whether the client reaches it.
    pub(super) connected: bool,
    /// For how many files it says that others are behind.
    pub(super) pending: Option<u64>,
    /// How many of them differ in such a way that nobody knows which one is right.
    pub(super) split: u64,
}

/// What `volume heal … info summary` printed.
pub(super) fn bricks(said: &str) -> Vec<Brick> {
    let mut bricks: Vec<Brick> = vec![];
    for line in said.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Brick ") {
            bricks.push(Brick { name: name.to_owned(), ..Brick::default() });
        }
        let (Some(brick), Some((what, value))) = (bricks.last_mut(), line.split_once(": ")) else {
            continue;
        };
        match what {
            "Status" => brick.connected = value == "Connected",
            "Total Number of entries" => brick.pending = value.parse().ok(),
            "Number of entries in split-brain" => brick.split = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    bricks
}

/// How many others a server is together with, by what `peer status` printed.
pub(super) fn peers(said: &str) -> usize {
    said.lines().filter(|line| line.trim() == "State: Peer in Cluster (Connected)").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "\n\
        Volume Name: files\n\
        Type: Replicate\n\
        Volume ID: 9a0958e1-bed4-47bd-8e10-5df9e736b3ed\n\
        Status: Started\n\
        Snapshot Count: 0\n\
        Number of Bricks: 1 x 3 = 3\n\
        Transport-type: tcp\n\
        Bricks:\n\
        Brick1: 10.97.1.11:/bricks/files\n\
        Options Reconfigured:\n\
        cluster.quorum-type: auto\n\
        network.ping-timeout: 5\n";

    #[test]
    fn a_server_that_serves() {
        let said = format!(
            "{INFO}ended: 0\n# file: /bricks/files\n\
             trusted.glusterfs.volume-id=0x9a0958e1bed447bd8e105df9e736b3ed\n\nfiles\nserves\n"
        );
        let local = local(&said).unwrap();
        let volume = local.volume.unwrap();
        assert_eq!(volume.id, "9a0958e1bed447bd8e105df9e736b3ed");
        assert_eq!(local.brick.as_deref(), Some(&*volume.id));
        assert!(volume.started && local.files && local.serves);
        assert_eq!(volume.options["network.ping-timeout"], "5");
        assert_eq!(volume.options.len(), 2);
    }

    #[test]
    fn a_server_that_knows_nothing_and_one_that_does_not_answer() {
        let said = "Volume files does not exist\nended: 1\n";
        assert_eq!(local(said), Some(Local::default()));
        let said = "Connection failed. Please check if gluster daemon is operational.\nended: 1\n";
        assert_eq!(local(said), None);
        assert_eq!(local("ended: 124\n"), None);
        assert_eq!(local(""), None);
    }

    #[test]
    fn bricks_of_which_one_is_away() {
        let said = "Brick 10.97.1.11:/bricks/files\n\
            Status: Connected\n\
            Total Number of entries: 52\n\
            Number of entries in heal pending: 51\n\
            Number of entries in split-brain: 1\n\
            Number of entries possibly healing: 0\n\n\
            Brick 10.97.2.11:/bricks/files\n\
            Status: Transport endpoint is not connected\n\
            Total Number of entries: -\n\
            Number of entries in heal pending: -\n\
            Number of entries in split-brain: -\n\
            Number of entries possibly healing: -\n";
        let name = |last: u8| format!("10.97.{last}.11:/bricks/files");
        let here = Brick { name: name(1), connected: true, pending: Some(52), split: 1 };
        let away = Brick { name: name(2), ..Brick::default() };
        assert_eq!(bricks(said), [here, away]);
    }

    #[test]
    fn peers_that_are_away_do_not_count() {
        let said = "Number of Peers: 2\n\nHostname: a\nState: Peer in Cluster (Connected)\n\n\
                    Hostname: b\nState: Peer in Cluster (Disconnected)\n";
        assert_eq!(peers(said), 1);
    }
}

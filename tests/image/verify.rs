//! Whether files and database agree: each file that the database knows is there.

use crate::{
    docker::{Container, succeeded, text},
    site::{PASSWORD, Site},
};

fn sql(site: &Site, statement: &str) {
    let password = format!("-p{PASSWORD}");
    let login = ["mariadb", "-h127.0.0.1", "-umoodle", &password, "moodle", "-e", statement];
    succeeded(&site.database.run(&login));
}

/// Does something to the files, as the application would.
fn files(web: &Container, script: &str) -> String {
    succeeded(&web.run(&["bash", "-ec", script]))
}

/// Writes a file to where its content belongs, and tells the database of it.
fn add(site: &Site, web: &Container, content: &str) -> String {
    let write = format!(
        "hash=$(printf %s {content} | sha1sum | cut -c 1-40)
         folder=/var/moodledata/filedir/${{hash:0:2}}/${{hash:2:2}}
         mkdir -p $folder; printf %s {content} >$folder/$hash; printf %s $hash"
    );
    let hash = files(web, &write);
    let row = format!("('{hash}', {}, NULL)", content.len());
    sql(
        site,
        &format!("INSERT INTO mdl_files (contenthash, filesize, referencefileid) VALUES {row}"),
    );
    hash
}

fn path(hash: &str) -> String {
    format!("/var/moodledata/filedir/{}/{}/{hash}", &hash[..2], &hash[2..4])
}

#[track_caller]
fn disagrees(site: &Site, more: &[&str], says: &str) {
    let verified = site.run("verify", more);
    let said = text(&verified.stderr);
    assert_eq!(verified.status.code(), Some(1), "{said}");
    assert!(said.contains(says), "{said}");
}

#[test]
fn a_file_that_is_missing_or_another_one_is_found() {
    let Some(site) = Site::new() else { return };
    disagrees(&site, &[], "there is no site whose files could be looked at");
    succeeded(&site.run("install", &[]));
    let web = site.web();
    let all = ["--env", "VERIFY_SAMPLE=1000"];
    let hashes = ["first", "second", "third"].map(|content| add(&site, &web, content));
    // The same content twice, a folder, and what is kept elsewhere.
    let nothing = "0123456789012345678901234567890123456789";
    let more = format!("('{}', 5, NULL), ('{nothing}', 0, NULL), ('{nothing}', 7, 1)", hashes[0]);
    let columns = "contenthash, filesize, referencefileid";
    sql(&site, &format!("INSERT INTO mdl_files ({columns}) VALUES {more}"));
    // What the database does not know is no fault.
    files(
        &web,
        "mkdir -p /var/moodledata/filedir/ff; echo newer >/var/moodledata/filedir/ff/newer",
    );
    let agrees = succeeded(&site.run("verify", &all));
    assert!(agrees.contains("all 3 files are as the database says; 3 were read"), "{agrees}");

    // As long as before, and another content: only who reads it sees that.
    files(&web, &format!("printf thirx >{}", path(&hashes[2])));
    let not_read = succeeded(&site.run("verify", &["--env", "VERIFY_SAMPLE=0"]));
    assert!(not_read.contains("all 3 files are as the database says; 0 were read"), "{not_read}");
    disagrees(&site, &all, "of 3 files 0 missing, 0 of another size, 1 of another content");
    files(&web, &format!("printf more >>{}", path(&hashes[1])));
    disagrees(&site, &all, "of 3 files 0 missing, 1 of another size, 1 of another content");
    files(&web, &format!("rm {}", path(&hashes[0])));
    disagrees(&site, &all, "of 3 files 1 missing, 1 of another size, 1 of another content");
    let named = text(&site.run("verify", &[]).stdout);
    let missing = format!("{} is missing: 5 bytes, used 2 times", hashes[0]);
    assert!(named.contains(&missing), "{named}");
    // The database forgets it, too.
    sql(&site, "DELETE FROM mdl_files");
    assert!(succeeded(&site.run("verify", &[])).contains("all 0 files"));
}

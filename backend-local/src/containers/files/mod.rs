//! Shared files: GlusterFS and NFS.

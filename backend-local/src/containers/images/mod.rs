//! Images: pulled, else built under the same tag.

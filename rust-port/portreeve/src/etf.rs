//! Terms <-> bytes.

//! A case and its diagnosis into one self-contained file.

//! What must hold for every input, not only for those that somebody thought of: quoting gives back the same
//! bytes, saving and opening loses nothing, and no case makes the diagnosis panic, hesitate or accuse.

mod any;
mod diagnosis;
mod parsers;
mod pastes;
mod quoting;
mod redacted;
mod run_in_guest;
mod saving;
mod shells;
mod source;

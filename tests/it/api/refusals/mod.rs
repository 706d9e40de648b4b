//! Every refusal that a caller of the API can meet, byte for byte.

mod bodies;
mod conflicts;
mod credentials;
mod methods;
mod missing;
mod nul;
mod renewal;
mod rights;
mod states;

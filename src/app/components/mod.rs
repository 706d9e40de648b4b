//! Parts that are given what they show.

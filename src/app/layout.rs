//! The rail, the top bar and the frame round every page of a signed-in person.

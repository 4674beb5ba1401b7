//! This machine into the model. Every source has a deadline and an output cap, and says what it could not read and why.
